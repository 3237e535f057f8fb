import { expect } from '@open-wc/testing';
import { ImsClient } from '../../../src/client/ims-client.js';
import type { ClientApi, ClientSnapshot } from '../../../src/client/client-api.js';

/** The built worker: `npm test` builds first. */
const WORKER = '/dist/workers/ims.worker.js';
const ACCOUNT = { publicIdentity: 'sip:alice@ims.test', password: 'secret', proxy: '127.0.0.1:9' };
/** A port where nothing listens. */
const NOBODY = 'http://127.0.0.1:9';

function until(client: ClientApi, wanted: (snapshot: ClientSnapshot) => boolean): Promise<ClientSnapshot> {
  return new Promise((resolve) => {
    const stop = client.subscribe((snapshot) => {
      if (!wanted(snapshot)) return;
      // The first call comes before `subscribe` returns.
      queueMicrotask(() => stop());
      resolve(snapshot);
    });
  });
}

describe('ImsClient', () => {
  it('names a companion that is absent, and goes on trying', async () => {
    const client = new ImsClient({ workerUrl: WORKER, companionUrl: NOBODY });
    try {
      await client.configure(ACCOUNT);
      client.register().catch(() => undefined);
      const { link } = await until(client, (snapshot) => snapshot.link.failure !== null);
      expect(link.failure?.reason).to.equal('companion-absent');
      expect(link.failure?.retryAfter).to.be.greaterThan(0);
    } finally {
      await client.close();
    }
  });

  it('names a worker that cannot be loaded, and tries again', async () => {
    const client = new ImsClient({ workerUrl: '/no/such/workers/ims.worker.js', companionUrl: NOBODY });
    try {
      client.configure(ACCOUNT).catch(() => undefined);
      const failed = (snapshot: ClientSnapshot): boolean => snapshot.registration.failure?.reason === 'worker-failed';
      const { registration } = await until(client, failed);
      expect(registration.failure?.retryAfter).to.equal(500);
      // The next failure waits twice as long: so it did try again.
      await until(client, (snapshot) => snapshot.registration.failure?.retryAfter === 1000);
    } finally {
      await client.close();
    }
  });

  it('rejects what nobody will answer any more when its worker dies', async () => {
    // The test runner takes the worker's error for the test's.
    const { onerror } = window;
    const told = new Promise<true>((resolve) => (window.onerror = () => (resolve(true), true)));
    const client = new ImsClient({ workerUrl: '/test/browser/client/dying.worker.js', companionUrl: NOBODY });
    try {
      const unanswered = client.hangup('nobody').then(
        () => 'answered',
        (error: unknown) => String(error),
      );
      await client.close();
      expect(await unanswered).to.equal('Error: The client is not running.');
      await told;
    } finally {
      window.onerror = onerror;
    }
  });

  it('refuses to work once it is closed', async () => {
    const client = new ImsClient({ workerUrl: WORKER, companionUrl: NOBODY });
    await client.close();
    let refused = false;
    await client.register().catch(() => (refused = true));
    expect(refused).to.equal(true);
  });

  it('shows frozen snapshots', () => {
    const client = new ImsClient({ workerUrl: WORKER });
    expect(Object.isFrozen(client.snapshot)).to.equal(true);
    client.close().catch(() => undefined);
  });
});
