import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { CompanionNetwork, CompanionState } from '../../src/net/companion-network.js';
import { NetworkError, type NetworkErrorReason } from '../../src/net/network.js';
import { VirtualClock } from '../platform/virtual-clock.js';
import { closeFixtures, companionFixture, ORIGIN, pageNetwork } from './companion-fixture.js';

const because =
  (reason: NetworkErrorReason) =>
  (error: unknown): boolean =>
    error instanceof NetworkError && error.reason === reason;

function reaches(page: CompanionNetwork, wanted: CompanionState): Promise<void> {
  return new Promise((resolve) => {
    const off = page.on('state', ({ state }) => {
      if (state !== wanted) return;
      off();
      resolve();
    });
    if (page.state === wanted) {
      off();
      resolve();
    }
  });
}

describe('CompanionNetwork', () => {
  afterEach(closeFixtures);

  it('connects at the first call', async () => {
    const fixture = await companionFixture();
    const page = fixture.page();
    assert.equal(page.state, 'idle');
    await Promise.all([page.interfaces(), page.bindUdp({}), page.localAddressFor('127.0.0.1')]);
    assert.equal(page.state, 'connected');
    assert.equal(fixture.companion.status().sessions, 1);
    await fixture.close();
  });

  it('says that there is no companion, and finds it when it comes', async () => {
    const first = await companionFixture();
    const { port } = first.companion;
    await first.close();
    const page = pageNetwork(first.companion.url);
    await assert.rejects(page.bindUdp({}), because('companion-absent'));
    assert.equal(page.state, 'absent');
    assert.deepEqual(await page.probe(), { found: 'absent' });
    await assert.rejects(page.interfaces(), because('companion-absent'));
    const second = await companionFixture({ port });
    await reaches(page, 'connected');
    await page.interfaces();
    assert.deepEqual(await page.probe(), { found: 'known', version: '0.1.0', protocol: 1 });
    page.close();
    await second.close();
  });

  it('closes the sockets of a lost link with a reason, and comes back by itself', async () => {
    const first = await companionFixture();
    const { port, url } = first.companion;
    const page = pageNetwork(url);
    const socket = await page.bindUdp({ address: '127.0.0.1' });
    const listener = await page.listen({ address: '127.0.0.1' });
    const stream = await page.connect({ remote: listener.local });
    const ends = [socket, listener, stream].map(
      (item) => new Promise<NetworkError | null>((resolve) => (item.onClose = resolve)),
    );
    const pending = assert.rejects(
      page.http({ url: 'http://127.0.0.1:1/', method: 'GET' }),
      (error) => error instanceof NetworkError && ['companion-lost', 'refused'].includes(error.reason),
    );
    const big = assert.rejects(stream.write(new Uint8Array(5_000_000)), because('companion-lost'));
    await first.close();
    assert.deepEqual(
      (await Promise.all(ends)).map((error) => error?.reason),
      Array(3).fill('companion-lost'),
    );
    await Promise.all([pending, big]);
    assert.equal(page.openSockets, 0);
    await assert.rejects(stream.write(new Uint8Array(1)), because('companion-lost'));
    socket.send(new Uint8Array(1), { address: '127.0.0.1', port: 9 });
    const second = await companionFixture({ port });
    await reaches(page, 'connected');
    (await page.bindUdp({ address: '127.0.0.1' })).close();
    page.close();
    await second.close();
  });

  it('says why a page is not let in', async () => {
    const fixture = await companionFixture({ trustedOrigins: ['https://other.test'] });
    const page = fixture.page();
    await assert.rejects(page.open(), because('companion-unpaired'));
    assert.deepEqual(await page.probe(), { found: 'unknown' });
    await fixture.close();
  });

  it('is refused when a socket cannot be made at all', async () => {
    const fixture = await companionFixture();
    const page = fixture.page({
      webSocket: () => {
        throw new Error('mixed content');
      },
    });
    await assert.rejects(page.open(), because('companion-refused'));
    assert.equal(page.state, 'refused');
    await fixture.close();
  });

  it('ends everything when it is closed, even while it connects', async () => {
    const fixture = await companionFixture();
    const page = fixture.page();
    const opening = assert.rejects(page.bindUdp({}), because('closed'));
    page.close();
    await opening;
    assert.equal(page.state, 'closed');
    await assert.rejects(page.open(), because('closed'));
    await assert.rejects(page.pair('AAAA-AAAA'), because('closed'));
    await fixture.close();
  });

  it('gives up on a companion that does not answer', async () => {
    const fixture = await companionFixture();
    const page = fixture.page({
      openTimeout: 30,
      webSocket: () => ({
        binaryType: '',
        bufferedAmount: 0,
        send: () => undefined,
        close: () => undefined,
        addEventListener: () => undefined,
      }),
    });
    await assert.rejects(page.open(), because('companion-absent'));
    await fixture.close();
  });

  it('refuses a request that the companion would not take, and stays connected', async () => {
    const fixture = await companionFixture();
    const page = fixture.page();
    const url = `http://127.0.0.1:${fixture.companion.port}/health`;
    const post = page.http({ url, method: 'POST', body: new Uint8Array(1_000_000) });
    await assert.rejects(post, because('too-large'));
    assert.equal((await page.http({ url, method: 'POST', body: new Uint8Array(600_000) })).status, 405);
    assert.equal(page.state, 'connected');
    await fixture.close();
  });

  it('notices a companion that has frozen', async () => {
    const clock = new VirtualClock();
    const sent: string[] = [];
    type Listener = (event: { data: unknown; code: number }) => void;
    const listeners = new Map<string, Listener>();
    const hello = { version: 1, companion: 'x', trafficClass: 'signalling', maxMessage: 65536 };
    const page = pageNetwork('ws://127.0.0.1:1', {
      clock,
      webSocket: () => ({
        binaryType: '',
        bufferedAmount: 0,
        send: (data) => void sent.push(String(data)),
        close: () => undefined,
        addEventListener: (type: string, listener: Listener) => void listeners.set(type, listener),
      }),
    });
    const tell = (type: string, data: unknown = null): void => listeners.get(type)?.({ data, code: 1006 });
    const opening = page.open();
    tell('open');
    await clock.advance(0);
    tell('message', JSON.stringify({ jsonrpc: '2.0', id: 1, result: hello }));
    await opening;
    await clock.advance(15000);
    assert.match(sent.join('\n'), /"ping".*$/);
    tell('message', JSON.stringify({ jsonrpc: '2.0', id: 2, result: {} }));
    await clock.advance(24999); // 15 s to the next ping, 10 s to answer it
    assert.equal(page.state, 'connected');
    await clock.advance(1);
    assert.equal(page.state, 'lost');
    page.close();
    assert.equal(clock.pending, 0);
  });

  it('lets a page of the companion itself in when "self" is trusted', async () => {
    const fixture = await companionFixture({ trustedOrigins: ['self'] });
    const page = fixture.page({ origin: `http://127.0.0.1:${fixture.companion.port}` });
    await page.open();
    await assert.rejects(fixture.page({ origin: ORIGIN }).open(), because('companion-unpaired'));
    await fixture.close();
  });
});
