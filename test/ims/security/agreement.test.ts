import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createResponse } from '../../../src/ims/sip/message.js';
import { NetworkError } from '../../../src/net/network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { header, inClear, IPSEC, secured, start, stop, text, world, type World } from './agreement-world.js';
import { K, OP } from './fake-pcscf.js';

describe('SecurityAgreement', () => {
  for (const transport of ['udp', 'tcp'] as const) {
    for (const v6 of [false, true]) {
      it(`registers by ipsec-3gpp over ${transport}, IPv${v6 ? 6 : 4}: two messages in clear, all else protected`, async () => {
        const w = await world(IPSEC, { transport }, v6);
        await start(w);
        const { state, security } = w.agent.snapshot.registration;
        assert.deepEqual([state, security], [
          'registered',
          { mechanism: 'ipsec-3gpp', algorithm: 'hmac-sha-1-96', encryption: 'aes-cbc' },
        ]); // prettier-ignore
        assert.deepEqual(inClear(w), ['REGISTER sip:ims.test SIP/2.0', 'SIP/2.0 401 Unauthorized']);
        const [register] = secured(w, 'REGISTER');
        const set = w.pcscf.sets[0] ?? assert.fail('no set');
        assert.deepEqual(header(register, 'Security-Verify'), [set.verify]);
        assert.deepEqual(header(register, 'Require'), ['sec-agree']);
        assert.deepEqual(header(register, 'Proxy-Require'), ['sec-agree']);
        assert.equal(header(register, 'Security-Client')[0]?.split(', ').length, 6);
        const host = v6 ? `[${w.own}]` : w.own;
        assert.ok(header(register, 'Contact')[0]?.includes(`@${host}:${set.route.peerServerPort}`));
        assert.match(
          header(register, 'Via')[0] ?? '',
          new RegExp(`:${set.route.peerServerPort};branch=[^;]+(?:;keep)?$`),
        );
        assert.equal(await answered(w, 'OPTIONS'), 200);
        assert.equal(await answered(w, 'OPTIONS', 0, 'tcp'), 200);
        await stop(w);
        assert.deepEqual([w.network.ipsec.size, w.network.openSockets], [0, 0]);
      });
    }
  }

  it('registers through a NAT by UDP-enc-tun: datagrams, though the first REGISTER went over TCP', async () => {
    const w = await world({ ...IPSEC, modes: ['UDP-enc-tun'] }, { transport: 'tcp' });
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    const [register] = secured(w, 'REGISTER');
    assert.match(header(register, 'Security-Client')[0] ?? '', /mod=UDP-enc-tun/);
    assert.match(header(register, 'Via')[0] ?? '', /^SIP\/2\.0\/UDP /);
    assert.equal(await answered(w, 'OPTIONS'), 200);
    await stop(w);
    assert.deepEqual([w.network.ipsec.size, w.network.openSockets], [0, 0]);
  });

  it('puts what belongs there on every request, and nothing on ACK and CANCEL', async () => {
    const w = await world();
    await start(w);
    w.agent.call('sip:bob@ims.test');
    await w.clock.advance(1000);
    const verify = w.pcscf.sets[0]?.verify;
    const [invite] = secured(w, 'INVITE');
    assert.deepEqual(header(invite, 'Security-Verify'), [verify]);
    assert.ok(header(invite, 'Require').some((value) => value.includes('sec-agree')));
    assert.deepEqual(header(invite, 'Proxy-Require'), ['sec-agree']);
    // The fake answers 200 without Contact: the call ends by ACK and BYE, or is given up; both are protected.
    await w.clock.advance(40_000);
    for (const ack of secured(w, 'ACK')) assert.deepEqual(header(ack, 'Security-Verify'), []);
    for (const bye of secured(w, 'BYE')) assert.deepEqual(header(bye, 'Security-Verify'), [verify]);
    assert.equal(inClear(w).length, 2);
    await stop(w);
  });

  it('sends messages over the associations, those too large for UDP by TCP between the same ports (TS 33.203 §7.1)', async () => {
    // One offer alone: the REGISTER is small enough for UDP.
    const w = await world({ ...IPSEC, integrity: ['hmac-sha-1-96'], encryption: ['aes-cbc'] });
    await start(w);
    const outcomes: string[] = [];
    const send = async (text: string): Promise<void> => {
      void w.agent.sendMessage('sip:bob@ims.test', text).then(({ state }) => outcomes.push(state));
      await w.clock.advance(1000);
    };
    await send('short');
    await send('long'.repeat(500));
    assert.deepEqual(outcomes, ['delivered', 'delivered']);
    const sent = w.packets.filter((packet) => text(packet).startsWith('MESSAGE '));
    const { serverPort, peerClientPort } = w.pcscf.sets[0]?.route ?? assert.fail('no set');
    assert.deepEqual(
      sent.map(({ protocol, from, to, spi }) => [protocol, from.port, to.port, spi !== null]),
      [
        ['udp', peerClientPort, serverPort, true],
        ['tcp', peerClientPort, serverPort, true],
      ],
    );
    for (const message of sent.map(text)) {
      assert.deepEqual(header(message, 'Security-Verify'), [w.pcscf.sets[0]?.verify]);
      assert.deepEqual(header(message, 'Proxy-Require'), ['sec-agree']);
      assert.deepEqual(header(message, 'P-Preferred-Identity'), ['<sip:alice@ims.test>']);
    }
    w.agent.events.on('message', () => undefined);
    assert.deepEqual([await answered(w, 'MESSAGE'), await answered(w, 'MESSAGE', 0, 'tcp')], [200, 200]);
    assert.equal(inClear(w).length, 2);
    await stop(w);
  });

  it('sends no large message where there are datagrams only: UDP-enc-tun', async () => {
    const w = await world({ ...IPSEC, modes: ['UDP-enc-tun'] });
    await start(w);
    const sending = w.agent.sendMessage('sip:bob@ims.test', 'long'.repeat(500));
    await w.clock.advance(5000);
    const outcome = await sending;
    assert.equal(outcome.state === 'failed' && outcome.failure.reason, 'message-too-large');
    assert.ok(!w.packets.some((packet) => text(packet).startsWith('MESSAGE ')));
    await stop(w);
  });

  it('hands over to a new set at re-registration, and answers over both meanwhile', async () => {
    const w = await world(IPSEC, { expires: 3600 });
    await start(w);
    await w.clock.advance(3_001_000);
    assert.equal(w.pcscf.sets.length, 2);
    const [first, second] = w.pcscf.sets;
    assert.notEqual(first?.route.peerClientPort, second?.route.peerClientPort, 'a fresh client port');
    assert.equal(first?.route.peerServerPort, second?.route.peerServerPort, 'the same server port');
    const [, refresh, answer] = secured(w, 'REGISTER');
    assert.deepEqual(header(refresh, 'Security-Verify'), [first?.verify]);
    assert.deepEqual(header(answer, 'Security-Verify'), [second?.verify]);
    assert.equal(w.network.ipsec.size, 2);
    assert.equal(await answered(w, 'OPTIONS', 0), 200, 'over the old one');
    assert.equal(await answered(w, 'OPTIONS', 1), 200, 'over the new one');
    const before = w.packets.length;
    w.agent.call('sip:bob@ims.test');
    await w.clock.advance(200);
    const sent = w.packets.slice(before).find((packet) => text(packet).startsWith('INVITE '));
    assert.equal(sent?.from.port, second?.route.peerClientPort, 'requests go over the new one');
    await w.clock.advance(64 * 500 + 1000);
    assert.equal(w.network.ipsec.size, 1, 'the old one is gone after 64*T1');
    assert.equal(inClear(w).length, 2);
    await stop(w);
    assert.deepEqual([w.network.ipsec.size, w.network.openSockets], [0, 0]);
  });

  it('makes no set of a challenge that is out of step, and offers anew', async () => {
    const w = await world(IPSEC, { aka: { k: K, op: OP, sqn: 'ffffb4d0b607' } });
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.deepEqual(w.pcscf.aka.answers, ['none', 'auts', 'right']);
    const offers = w.packets
      .filter(({ spi }) => spi === null)
      .map((packet) => header(text(packet), 'Security-Client').join())
      .filter((value) => value !== '');
    assert.equal(new Set(offers).size, 2, 'the second offer has other SPIs');
    assert.equal(w.network.ipsec.size, 1);
    await stop(w);
  });

  it('takes no answer without Security-Server, or with none in common: no credentials are sent', async () => {
    for (const server of [[], ['tls;q=0.1'], ['ipsec-3gpp;alg=rot13;spi-c=1']]) {
      const w = await world();
      w.pcscf.securityServer = server;
      await start(w);
      const { failure, state } = w.agent.snapshot.registration;
      assert.deepEqual([state, failure?.reason], ['waiting', 'security-mismatch'], server.join());
      assert.deepEqual(w.pcscf.aka.answers, ['none']);
      assert.equal(w.network.ipsec.size, 0);
      await stop(w);
    }
  });

  it('goes on without an agreement if the policy lets it', async () => {
    const w = await world({ ...IPSEC, optional: true });
    w.pcscf.securityServer = [];
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.equal(w.agent.snapshot.registration.security?.mechanism, 'digest');
    await stop(w);
  });

  it('asks for an agreement again after de-registration, though there was none the last time', async () => {
    const w = await world({ ...IPSEC, optional: true });
    const { securityServer } = w.pcscf;
    w.pcscf.securityServer = [];
    await start(w);
    const left = w.agent.unregister();
    await w.clock.advance(3000);
    await left;
    w.pcscf.securityServer = securityServer;
    void w.agent.register();
    await w.clock.advance(3000);
    assert.equal(w.agent.snapshot.registration.security?.mechanism, 'ipsec-3gpp');
    await stop(w);
  });

  it('drops the set when keys differ, and begins again in clear', async () => {
    const w = await world();
    w.pcscf.wrongKeys = true;
    await start(w, 40_000);
    const { state, failure } = w.agent.snapshot.registration;
    assert.deepEqual([state, failure?.reason], ['waiting', 'server-timeout']);
    assert.equal(w.network.ipsec.size, 0);
    w.pcscf.wrongKeys = false;
    await w.clock.advance(120_000);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    await stop(w);
  });

  for (const reason of ['ipsec-denied', 'ipsec-kernel', 'ipsec-tool'] as const) {
    it(`says ${reason} where this machine cannot, and does not try again by itself`, async () => {
      const w = await world();
      w.network.ipsec.failure = new NetworkError(reason, 'IPsec: no');
      await start(w);
      const { state, failure } = w.agent.snapshot.registration;
      assert.deepEqual([state, failure?.reason], ['unregistered', reason]);
      await w.clock.advance(3_600_000);
      assert.equal(w.pcscf.aka.challenges, 1);
      await stop(w);
      assert.equal(w.network.openSockets, 0);
    });
  }

  it('begins again in clear when the P-CSCF has forgotten the set', async () => {
    const w = await world(IPSEC, { expires: 3600 });
    await start(w);
    await w.pcscf.forget();
    await w.clock.advance(3_100_000);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.equal(inClear(w).filter((line) => line.startsWith('REGISTER')).length, 2);
    await w.clock.advance(60_000);
    assert.equal(w.network.ipsec.size, 1);
    await stop(w);
  });

  it('begins again when it is told 494', async () => {
    const w = await world(IPSEC, { expires: 3600 });
    await start(w);
    let told = 0;
    w.pcscf.override = (request) => (told++ === 0 ? createResponse(request, 494, { toTag: 'p' }) : null);
    await w.clock.advance(3_001_000);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.ok(told > 1);
    await stop(w);
  });

  it('does not go round with one that always says 494', async () => {
    const w = await world();
    let told = 0;
    w.pcscf.override = (request) => {
      told++;
      const response = createResponse(request, 494, { toTag: 'p' });
      response.headers.set('Security-Server', 'digest;q=0.1');
      return response;
    };
    await start({ ...w, agent: w.agent }, 10_000);
    assert.ok(told < 8, `${told} times`);
    assert.notEqual(w.agent.snapshot.registration.failure, null);
    await stop(w);
  });

  it('verifies what was agreed without associations: digest', async () => {
    const w = await world({ mechanisms: ['digest', 'tls'] });
    w.pcscf.securityServer = ['digest;q=0.2;d-alg=MD5;d-qop=auth', 'tls;q=0.1'];
    await start(w);
    assert.equal(w.agent.snapshot.registration.security?.mechanism, 'digest');
    w.agent.call('sip:bob@ims.test');
    await w.clock.advance(500);
    const sent = w.packets.map(text);
    const last = sent.filter((message) => message.startsWith('REGISTER ')).at(-1);
    const invite = sent.find((message) => message.startsWith('INVITE '));
    for (const message of [last, invite]) assert.deepEqual(header(message, 'Security-Verify'), w.pcscf.securityServer);
    await stop(w);
  });

  it('does not hear what comes in clear while associations are in force', async () => {
    const w = await world();
    await start(w);
    const attacker = await w.fabric.host('10.0.0.66').bindUdp({ port: 5060 });
    const answers: string[] = [];
    attacker.onMessage = (data) => void answers.push(new TextDecoder().decode(data));
    const port = w.packets[0]?.from.port ?? 0;
    const options = 'OPTIONS sip:alice@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.66;branch=z9hG4bKx\r\nFrom: <sip:x@y>;tag=1\r\nTo: <sip:z@y>\r\nCall-ID: forged\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n'; // prettier-ignore
    for (const to of [port, w.pcscf.sets[0]?.route.peerServerPort ?? 0])
      attacker.send(new TextEncoder().encode(options), { address: '10.0.0.1', port: to });
    await w.clock.advance(1000);
    assert.deepEqual(answers, []);
    await stop(w);
  });

  it('lets the set go when the registration has run out', async () => {
    const w = await world(IPSEC, { expires: 600 });
    await start(w);
    w.pcscf.registrar.silent = true;
    await w.clock.advance(700_000);
    assert.equal(w.network.ipsec.size, 0);
    assert.notEqual(w.agent.snapshot.registration.state, 'registered');
    w.pcscf.registrar.silent = false;
    await w.clock.advance(3_600_000);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    await stop(w);
    assert.deepEqual([w.network.ipsec.size, w.network.openSockets], [0, 0]);
  });

  it('holds a month of re-registrations with a failure in every tenth REGISTER', async () => {
    const w = await world(IPSEC, { expires: 7200 });
    const random = new SeededRandom(7);
    const statuses = [408, 500, 503, 504];
    w.pcscf.override = (request) => {
      const [octet = 0, which = 0] = random.bytes(2);
      return octet < 26 ? createResponse(request, statuses[which % 4] ?? 500, { toTag: 'p' }) : null;
    };
    await start(w);
    let most = 0;
    let registered = 0;
    const hours = 24 * 30;
    for (let hour = 0; hour < hours; hour++) {
      await w.clock.advance(3_600_000);
      most = Math.max(most, w.network.ipsec.size);
      const { state } = w.agent.snapshot.registration;
      if (state === 'registered') registered++;
      assert.notEqual(state, 'unregistered', 'a silent death');
    }
    assert.ok(most <= 6, `${most} sets at once`);
    assert.ok(registered > 0.9 * hours, `${registered} of ${hours}`);
    await w.clock.advance(3_600_000);
    await stop(w);
    assert.equal(w.network.ipsec.size, 0);
  });
});

async function answered(w: World, method: string, set?: number, transport?: 'udp' | 'tcp'): Promise<number | null> {
  const answer = w.pcscf.ask(method, set, transport);
  await w.clock.advance(1000);
  return answer;
}
