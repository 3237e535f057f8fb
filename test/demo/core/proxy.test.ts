import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeUtf8, SipRequest, type SipResponse } from '../../../src/ims/sip/index.js';
import type { ServerTransaction } from '../../../src/ims/sip/transaction/server-transaction.js';
import { CoreFixture } from './core-fixture.js';
import type { TestDevice } from './test-device.js';

async function registered(f: CoreFixture, ...devices: TestDevice[]): Promise<void> {
  for (const device of devices) assert.equal((await f.settle(device.register())).status, 200);
}

async function twoPhones(
  transports: readonly ['udp' | 'tcp', 'udp' | 'tcp'] = ['udp', 'udp'],
): Promise<{ f: CoreFixture; alice: TestDevice; bob: TestDevice }> {
  const f = await CoreFixture.start();
  const alice = await f.device('alice', '10.0.0.2', { transport: transports[0] });
  const bob = await f.device('bob', '10.0.0.3', { transport: transports[1] });
  await registered(f, alice, bob);
  return { f, alice, bob };
}

for (const transports of [
  ['udp', 'udp'],
  ['tcp', 'udp'],
  ['udp', 'tcp'],
] as const) {
  describe(`Proxy, ${transports.join(' to ')}`, () => {
    it('carries a call from INVITE to BYE along its Record-Route', async () => {
      const { f, alice, bob } = await twoPhones(transports);
      const provisional: number[] = [];
      bob.answer = (request, transaction) => {
        if (request.method !== 'INVITE') return transaction.respond(bob.respond(request, 200));
        transaction.respond(bob.respond(request, 180));
        f.clock.setTimeout(1000, () => transaction.respond(bob.respond(request, 200)));
      };
      const response = await f.settle(
        alice.send(
          alice.request('INVITE', 'sip:bob@ims.test', { 'P-Asserted-Identity': '<sip:president@ims.test>' }),
          (r) => provisional.push(r.status),
        ),
      );
      assert.equal(response.status, 200);
      assert.ok(provisional.includes(180));
      assert.equal(response.vias.length, 1);
      const invite = bob.received[0];
      assert.ok(invite);
      assert.equal(invite.headers.get('P-Asserted-Identity'), '"Alice" <sip:alice@ims.test>');
      assert.equal(invite.headers.get('P-Called-Party-ID'), '<sip:bob@ims.test>');
      assert.equal(invite.maxForwards, 69);
      assert.equal(response.recordRoutes.length, transports[0] === transports[1] ? 1 : 2);
      const cseq = response.cseq?.number ?? 0;
      await f.settle(alice.endpoint.sendRequest(alice.within(response, 'ACK', cseq)));
      await f.clock.until(() => bob.received.some((r) => r.method === 'ACK'));
      assert.equal((await f.settle(alice.send(alice.within(response, 'BYE', cseq + 1)))).status, 200);
      assert.deepEqual(
        bob.received.map((r) => r.method),
        ['INVITE', 'ACK', 'BYE'],
      );
      await f.clock.advance(200_000);
      assert.deepEqual({ ...f.core.usage, sockets: 0 }, { transactions: 0, sockets: 0, forwardings: 0 });
      f.close();
    });
  });
}

describe('Proxy', () => {
  it('finds a user by telephone number', async () => {
    const { f, alice, bob } = await twoPhones();
    assert.equal((await f.settle(alice.send(alice.request('OPTIONS', 'tel:+1-555-0102')))).status, 200);
    assert.equal(
      (await f.settle(alice.send(alice.request('MESSAGE', 'sip:+15550102@ims.test;user=phone')))).status,
      200,
    );
    assert.equal(bob.received.length, 2);
    f.close();
  });

  it('answers for whom it cannot reach: 404, 480, 405, 483, 481', async () => {
    const { f, alice } = await twoPhones();
    const status = async (request: SipRequest): Promise<number> => (await f.settle(alice.send(request))).status;
    assert.equal(await status(alice.request('INVITE', 'sip:nobody@ims.test')), 404);
    assert.equal(await status(alice.request('INVITE', 'sip:someone@elsewhere.test')), 404);
    assert.equal(await status(alice.request('INVITE', 'sip:carol@ims.test')), 480);
    assert.equal(await status(alice.request('PUBLISH', 'sip:bob@ims.test')), 405);
    assert.equal(await status(alice.request('OPTIONS', 'sip:bob@ims.test', { 'Max-Forwards': '0' })), 483);
    assert.equal(await status(alice.request('OPTIONS', 'sip:bob@ims.test', { 'Proxy-Require': 'teleport' })), 420);
    assert.equal(await status(alice.request('BYE', 'sip:bob@10.0.0.3', { To: '<sip:bob@ims.test>;tag=x' })), 481);
    assert.equal(await status(alice.request('OPTIONS', 'sip:ims.test')), 200);
    f.close();
  });

  it('is no relay: a Route of ours without our proof leads nowhere', async () => {
    const { f, alice, bob } = await twoPhones();
    const request = alice.request('BYE', 'sip:bob@10.0.0.3', {
      To: '<sip:bob@ims.test>;tag=x',
      Route: '<sip:0123456789abcdef01234567@10.0.0.1:5060;lr>',
    });
    assert.equal((await f.settle(alice.send(request))).status, 481);
    assert.equal(bob.received.length, 0);
    f.close();
  });

  it('asks a stranger for credentials by 407, and keeps them to itself', async () => {
    const { f, bob } = await twoPhones();
    const carol = await f.device('carol', '10.0.0.4');
    assert.equal((await f.settle(carol.send(carol.request('OPTIONS', 'sip:bob@ims.test')))).status, 200);
    assert.equal(bob.received[0]?.headers.get('P-Asserted-Identity'), '<sip:carol@ims.test>');
    assert.ok(!bob.received[0].headers.has('Proxy-Authorization'));
    const mallory = await f.device('mallory', '10.0.0.5');
    assert.equal((await f.settle(mallory.send(mallory.request('OPTIONS', 'sip:bob@ims.test')))).status, 407);
    f.close();
  });

  it('rings every device, and the first to answer ends the others', async () => {
    const { f, alice, bob } = await twoPhones();
    const second = await f.device('bob', '10.0.0.4');
    await registered(f, second);
    let cancelled = 0;
    const ring =
      (device: TestDevice, answerAfter: number | null) =>
      (request: SipRequest, transaction: ServerTransaction): void => {
        transaction.respond(device.respond(request, 180));
        if (answerAfter !== null)
          f.clock.setTimeout(answerAfter, () => transaction.respond(device.respond(request, 200)));
        transaction.onCancel = () => {
          cancelled++;
          transaction.respond(device.respond(request, 487));
        };
      };
    bob.answer = ring(bob, null);
    second.answer = ring(second, 2000);
    const response = await f.settle(alice.send(alice.request('INVITE', 'sip:bob@ims.test')));
    assert.equal(response.status, 200);
    await f.clock.until(() => cancelled === 1);
    f.close();
  });

  it('passes the best answer of a fork: busy before silence, 6xx before all', async () => {
    const { f, alice, bob } = await twoPhones();
    const second = await f.device('bob', '10.0.0.4');
    await registered(f, second);
    const reject =
      (device: TestDevice, status: number) =>
      (request: SipRequest, transaction: ServerTransaction): void =>
        transaction.respond(device.respond(request, status));
    bob.answer = (request, transaction) =>
      void f.clock.setTimeout(500, () => transaction.respond(bob.respond(request, 486)));
    second.answer = reject(second, 480);
    assert.equal((await f.settle(alice.send(alice.request('INVITE', 'sip:bob@ims.test')))).status, 486);
    second.answer = reject(second, 603);
    assert.equal((await f.settle(alice.send(alice.request('INVITE', 'sip:bob@ims.test')))).status, 603);
    bob.answer = second.answer = null;
    bob.answer = reject(bob, 503);
    second.answer = reject(second, 503);
    assert.equal((await f.settle(alice.send(alice.request('INVITE', 'sip:bob@ims.test')))).status, 500);
    f.close();
  });

  it('takes CANCEL to the callee', async () => {
    const { f, alice, bob } = await twoPhones();
    bob.answer = (request, transaction) => {
      transaction.respond(bob.respond(request, 180));
      transaction.onCancel = () => transaction.respond(bob.respond(request, 487));
    };
    let ringing = false;
    const call = alice.start(
      alice.request('INVITE', 'sip:bob@ims.test'),
      (r: SipResponse) => void (ringing ||= r.status === 180),
    );
    await f.clock.until(() => ringing);
    call.handle.cancel();
    assert.equal((await f.settle(call.final)).status, 487);
    await f.clock.advance(200_000);
    assert.equal(f.core.usage.forwardings, 0);
    f.close();
  });

  it('sees a loop', async () => {
    const { f, alice } = await twoPhones();
    const carol = await f.device('carol', '10.0.0.4');
    // Carol's device sends what it gets back to the domain, unchanged but for what a proxy changes.
    await registered(f, carol);
    const loop: number[] = [];
    carol.answer = (request, transaction) => {
      const back = request.clone();
      const original = alice.request('OPTIONS', 'sip:carol@ims.test');
      back.requestUri = original.requestUri;
      carol.endpoint.request(
        back,
        {
          onFinal: (r) => {
            loop.push(r.status);
            transaction.respond(carol.respond(request, r.status));
          },
          onFailure: () => transaction.respond(carol.respond(request, 500)),
        },
        { target: { transport: 'udp', address: '10.0.0.1', port: 5060 } },
      );
    };
    assert.equal((await f.settle(alice.send(alice.request('OPTIONS', 'sip:carol@ims.test')))).status, 482);
    assert.deepEqual(loop, [482]);
    f.close();
  });

  it('survives octets that are no SIP, and a body of noise', async () => {
    const { f, alice, bob } = await twoPhones();
    const socket = await f.fabric.host('10.0.0.66').bindUdp({ address: '10.0.0.66', port: 5060 });
    for (let i = 0; i < 500; i++) socket.send(f.random.bytes(1 + (i % 400)), { address: '10.0.0.1', port: 5060 });
    for (const text of [
      'INVITE sip:bob@ims.test SIP/2.0\r\n\r\n',
      'REGISTER sip:ims.test SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.66;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:alice@ims.test>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nAuthorization: Digest username="alice", realm="ims.test", nonce="1.2.3", uri="sip:ims.test", response="0", qop=auth, nc=00000001\r\nContact: <tel:1>\r\n\r\n',
    ]) {
      socket.send(encodeUtf8(text), { address: '10.0.0.1', port: 5060 });
    }
    await f.clock.advance(1000);
    const message = alice.request('MESSAGE', 'sip:bob@ims.test');
    message.body = f.random.bytes(600);
    message.headers.set('Content-Type', 'application/octet-stream');
    assert.equal((await f.settle(alice.send(message))).status, 200);
    assert.deepEqual(bob.received[0]?.body, message.body);
    f.close();
  });
});
