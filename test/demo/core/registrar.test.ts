import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CoreFixture } from './core-fixture.js';

describe('Registrar', () => {
  it('challenges with SHA-256 before MD5, and registers who answers', async () => {
    const f = await CoreFixture.start();
    const alice = await f.device('alice', '10.0.0.2');
    const challenges: string[] = [];
    const request = alice.request('REGISTER', 'sip:ims.test', {
      To: '<sip:alice@ims.test>',
      Expires: '600',
      Path: '<sip:10.0.0.9;lr>',
    });
    const first = new Promise<void>((resolve) =>
      alice.endpoint.request(
        request,
        {
          onFinal: (r) => {
            assert.equal(r.status, 401);
            challenges.push(...r.headers.rawValues('WWW-Authenticate'));
            resolve();
          },
          onFailure: () => resolve(),
        },
        { target: { transport: 'udp', address: '10.0.0.1', port: 5060 } },
      ),
    );
    await f.settle(first);
    assert.match(challenges[0] ?? '', /algorithm=SHA-256/);
    assert.match(challenges[1] ?? '', /algorithm=MD5/);
    const response = await f.settle(alice.register({ Path: '<sip:10.0.0.9;lr>' }));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Service-Route'), '<sip:10.0.0.1:5060;lr>');
    assert.deepEqual(response.headers.getAll('P-Associated-URI'), [
      '"Alice" <sip:alice@ims.test>',
      '"Alice" <tel:+15550101>',
    ]);
    assert.equal(response.headers.get('Path'), '<sip:10.0.0.9;lr>');
    assert.match(response.headers.get('Contact') ?? '', /;expires=600$/);
    f.close();
  });

  it('refuses a wrong password, a stranger, and another user’s credentials', async () => {
    const f = await CoreFixture.start();
    const wrong = await f.device('alice', '10.0.0.2', { password: 'guess' });
    assert.equal((await f.settle(wrong.register())).status, 401);
    const stranger = await f.device('mallory', '10.0.0.3');
    assert.equal((await f.settle(stranger.register())).status, 404);
    const bob = await f.device('bob', '10.0.0.4');
    bob.identity = 'sip:alice@ims.test';
    assert.equal((await f.settle(bob.register())).status, 403);
    bob.identity = 'sip:bob@elsewhere.test';
    assert.equal((await f.settle(bob.register())).status, 404);
    assert.equal(f.core.location.size, 0);
    f.close();
  });

  it('asks for a longer registration by 423 and grants no more than the maximum', async () => {
    const f = await CoreFixture.start({ minExpires: 60, maxExpires: 120 });
    const alice = await f.device('alice', '10.0.0.2');
    const short = await f.settle(alice.register({ Expires: '10' }));
    assert.equal(short.status, 423);
    assert.equal(short.headers.get('Min-Expires'), '60');
    const long = await f.settle(alice.register({ Expires: '600000' }));
    assert.match(long.headers.get('Contact') ?? '', /;expires=120$/);
    await f.clock.advance(121_000);
    assert.equal(f.core.location.of('alice').length, 0);
    f.close();
  });

  it('keeps several devices, replaces one that moved, and forgets one or all', async () => {
    const f = await CoreFixture.start();
    const alice = await f.device('alice', '10.0.0.2');
    const instance = (id: string, host: string): string => `<sip:alice@${host}>;+sip.instance="<urn:uuid:${id}>"`;
    const contacts = async (contact: string, extra: Record<string, string> = {}): Promise<number> => {
      const response = await f.settle(alice.register({ Contact: contact, ...extra }));
      assert.equal(response.status, 200);
      return response.contacts.length;
    };
    assert.equal(await contacts(instance('1', '10.0.0.2')), 1);
    assert.equal(await contacts(instance('2', '10.0.0.3')), 2);
    assert.equal(await contacts(instance('1', '10.0.0.4')), 2);
    assert.equal(await contacts(`${instance('2', '10.0.0.3')};expires=0`), 1);
    assert.equal(await contacts('*', { Expires: '0' }), 0);
    assert.equal(f.core.location.size, 0);
    f.close();
  });

  it('ignores a REGISTER that was overtaken, and refuses more devices than it keeps', async () => {
    const f = await CoreFixture.start();
    const alice = await f.device('alice', '10.0.0.2');
    assert.equal((await f.settle(alice.register())).status, 200);
    const late = alice.request('REGISTER', 'sip:ims.test', {
      To: '<sip:alice@ims.test>',
      'Call-ID': alice.callId,
      CSeq: '1 REGISTER',
      Expires: '0',
    });
    const options = { nextCSeq: () => 1 };
    const response = await f.settle(
      new Promise<number>((resolve) =>
        alice.sender.send(
          late,
          { onFinal: (r) => resolve(r.status), onFailure: () => resolve(0) },
          { ...options, target: { transport: 'udp', address: '10.0.0.1', port: 5060 } },
        ),
      ),
    );
    assert.equal(response, 500);
    assert.equal(f.core.location.size, 1);
    for (let i = 0; i < 9; i++)
      assert.equal((await f.settle(alice.register({ Contact: `<sip:alice@10.0.0.${20 + i}>` }))).status, 200);
    assert.equal((await f.settle(alice.register({ Contact: '<sip:alice@10.0.0.99>' }))).status, 503);
    f.close();
  });

  it('takes each nonce count once, and calls an old nonce stale', async () => {
    const f = await CoreFixture.start();
    const alice = await f.device('alice', '10.0.0.2');
    assert.equal((await f.settle(alice.register())).status, 200);
    await f.clock.advance(400_000);
    // The sender uses the nonce that it knows: refused as stale, answered again at once.
    assert.equal((await f.settle(alice.register())).status, 200);
    f.close();
  });
});
