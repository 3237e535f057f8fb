import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../../../src/ims/account.js';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { createResponse } from '../../../src/ims/sip/message.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakePcscf, K, OP } from './fake-pcscf.js';

const HOME = '10.0.0.10';
const NAME = 'pcscf.ims.test';
const SERVER = ['tls;q=0.2', 'digest;q=0.1'];

interface Sent {
  readonly transport: string;
  readonly remote: string;
  readonly text: string;
}

/** A P-CSCF that wants TLS, but is found by another transport. @param names in its certificate */
async function world(more: Partial<Account> = {}, names: readonly string[] = [NAME], tlsPort = 5061) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  fabric.addRecords(NAME, [{ type: 'A', address: HOME, ttl: 60 }]);
  fabric.certificates.set('certificate', { names, authority: 'authority' });
  const pcscf = new FakePcscf(fabric, HOME);
  pcscf.securityServer = SERVER;
  const agent = new UserAgent({
    account: {
      publicIdentity: 'sip:alice@ims.test',
      proxy: `sip:${NAME};transport=udp`,
      aka: { k: K, op: OP },
      authorities: ['authority'],
      security: { mechanisms: ['tls', 'digest'] },
      ...more,
    },
    clock,
    random: new SeededRandom(3),
    network: fabric.host('10.0.0.1'),
    media: new FakeMediaFactory(),
  });
  const sent: Sent[] = [];
  agent.events.on('trace', ({ direction, transport, remote, text }) => {
    if (direction === 'out') sent.push({ transport, remote, text });
  });
  const listening = pcscf.registrar.listen(HOME).then(() =>
    pcscf.registrar.endpoint.listen({
      transport: 'tls',
      address: HOME,
      port: tlsPort,
      tls: { certificate: 'certificate', privateKey: '' },
    }),
  );
  await clock.advance(20);
  await listening;
  const start = async (wait = 3000): Promise<void> => {
    void agent.start();
    await clock.advance(wait);
  };
  const stop = async (): Promise<void> => {
    const stopped = agent.stop();
    await clock.advance(5000);
    await stopped;
  };
  return { clock, fabric, pcscf, agent, sent, start, stop };
}

function header(message: string | undefined, name: string): string[] {
  return (message ?? '')
    .split('\r\n')
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).trim());
}

/** Transport and place of each request that left, with its method. */
const ways = (sent: readonly Sent[]): string[] =>
  sent.map(({ transport, remote, text }) => `${text.split(' ')[0] ?? ''} ${transport} ${remote}`);

describe('the switch to TLS by agreement (RFC 3329 §2.3.1)', () => {
  for (const transport of ['udp', 'tcp'] as const) {
    it(`answers the challenge that came by ${transport} over TLS, and stays there`, async () => {
      const w = await world({ proxy: `sip:${NAME};transport=${transport}`, expires: 3600 });
      await w.start();
      const { state, security, transport: used } = w.agent.snapshot.registration;
      assert.deepEqual([state, security?.mechanism, used], ['registered', 'tls', 'tls']);
      assert.deepEqual(ways(w.sent), [`REGISTER ${transport} ${HOME}:5060`, `REGISTER tls ${HOME}:5061`]);
      const [offer, answer] = w.sent.map(({ text }) => text);
      assert.match(header(offer, 'Authorization').join(), /response=""/, 'no credentials in clear');
      assert.deepEqual(header(offer, 'Security-Client'), ['digest, tls']);
      assert.deepEqual(header(offer, 'Security-Verify'), []);
      // What the server said, as it said it: who took the better part out of the 401 is found out.
      assert.deepEqual(header(answer, 'Security-Verify'), SERVER);
      assert.deepEqual(header(answer, 'Require'), ['sec-agree']);
      assert.match(header(answer, 'Contact')[0] ?? '', /;transport=tls/);
      assert.match(header(answer, 'Via')[0] ?? '', /^SIP\/2\.0\/TLS /);

      w.sent.length = 0;
      w.agent.call('sip:bob@ims.test');
      await w.clock.advance(500);
      const invite = w.sent.find(({ text }) => text.startsWith('INVITE '));
      assert.deepEqual([invite?.transport, header(invite?.text, 'Security-Verify')], ['tls', SERVER]);
      await w.clock.advance(3_100_000);
      const again = w.sent.filter(({ text }) => text.startsWith('REGISTER '));
      assert.ok(again.length >= 2);
      for (const { transport: way, text } of again) {
        assert.equal(way, 'tls');
        assert.deepEqual(header(text, 'Security-Verify'), SERVER);
      }
      await w.stop();
      assert.match(ways(w.sent).join('\n'), /\nREGISTER tls [^\n]*$/, 'the farewell too');
    });
  }

  it('begins in clear again with a P-CSCF that forgot what it agreed on', async () => {
    const w = await world({ expires: 3600 });
    await w.start();
    let told = 0;
    w.pcscf.override = (request) => (told++ === 0 ? createResponse(request, 494, { toTag: 'p' }) : null);
    await w.clock.advance(3_001_000);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    await w.stop();
  });

  it('follows a 494 that names tls: the next REGISTER goes there', async () => {
    const w = await world();
    let told = 0;
    w.pcscf.override = (request) => {
      if (told++ > 0) return null;
      const response = createResponse(request, 494, { toTag: 'p' });
      for (const value of SERVER) response.headers.append('Security-Server', value);
      return response;
    };
    await w.start();
    assert.equal(w.agent.snapshot.registration.security?.mechanism, 'tls');
    assert.deepEqual(ways(w.sent).slice(0, 2), [`REGISTER udp ${HOME}:5060`, `REGISTER tls ${HOME}:5061`]);
    assert.deepEqual(header(w.sent[1]?.text, 'Security-Verify'), SERVER);
    await w.stop();
  });

  it('finds the port in DNS (RFC 3263 §4.2)', async () => {
    const w = await world({}, [NAME], 5071);
    const ttl = 60;
    w.fabric.addRecords(`_sips._tcp.${NAME}`, [{ type: 'SRV', priority: 1, weight: 1, port: 5071, target: NAME, ttl }]);
    await w.start();
    assert.deepEqual(ways(w.sent), [`REGISTER udp ${HOME}:5060`, `REGISTER tls ${HOME}:5071`]);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    await w.stop();
  });

  it('asks a P-CSCF that is known by its address for a certificate of that', async () => {
    const w = await world({ proxy: `sip:${HOME};transport=udp` }, [HOME]);
    await w.start();
    assert.equal(w.agent.snapshot.registration.security?.mechanism, 'tls');
    await w.stop();
  });

  it('sends no credentials to who cannot show the certificate', async () => {
    const w = await world({}, ['another.test']);
    await w.start();
    const { state, failure } = w.agent.snapshot.registration;
    assert.equal(state, 'waiting');
    assert.equal(failure?.reason, 'tls-name');
    assert.deepEqual(ways(w.sent), [`REGISTER udp ${HOME}:5060`]);
    await w.stop();
  });
});
