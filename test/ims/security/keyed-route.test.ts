import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { manualSet, type ManualAssociations, type SecurityPolicy } from '../../../src/ims/security/index.js';
import { createResponse } from '../../../src/ims/sip/message.js';
import type { IkeNegotiation, InstalledSet } from '../../../src/net/ipsec.js';
import { MemoryFabric, type MemoryPacket } from '../../../src/net/memory-network.js';
import { NetworkError } from '../../../src/net/network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakePcscf, K, OP } from './fake-pcscf.js';

const HOME = '10.0.0.10';
const OWN = '10.0.0.1';
const MANUAL: ManualAssociations = {
  localPort: 15060,
  remotePort: 15061,
  spiIn: 4096,
  spiOut: 4097,
  integrity: 'hmac-sha-1-96',
  encryption: 'aes-cbc',
  integrityKey: '000102030405060708090a0b0c0d0e0f10111213',
  encryptionKey: 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
};
const PEER: ManualAssociations = { ...MANUAL, localPort: 15061, remotePort: 15060, spiIn: 4097, spiOut: 4096 };

type Fabric = ReturnType<MemoryFabric['host']>;
type Prepare = (pcscf: FakePcscf, network: Fabric) => Promise<InstalledSet>;

const byHand =
  (peer: ManualAssociations): Prepare =>
  (pcscf) =>
    pcscf.registrar.network.ipsec.install(manualSet(peer, HOME, OWN));

async function world(
  transport: 'udp' | 'tcp',
  security: SecurityPolicy,
  peer = PEER,
  failure?: NetworkError,
  prepare = byHand(peer),
) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  const pcscf = new FakePcscf(fabric, HOME);
  pcscf.securityServer = ['ipsec-man;q=0.5', 'digest;q=0.1;d-alg=MD5;d-qop=auth'];
  const { protection } = pcscf.registrar.endpoint;
  const { localPort, remotePort } = peer;
  protection.protect({ address: OWN, clientPort: localPort, serverPort: localPort, peerClientPort: remotePort, peerServerPort: remotePort }); // prettier-ignore
  const network = fabric.host(OWN);
  network.ipsec.failure = failure ?? null;
  const agent = new UserAgent({
    account: { publicIdentity: 'sip:alice@ims.test', proxy: `sip:${HOME}`, localAddress: OWN, transport, aka: { k: K, op: OP }, security }, // prettier-ignore
    clock,
    random: new SeededRandom(3),
    network,
    media: new FakeMediaFactory(),
  });
  const packets: MemoryPacket[] = [];
  fabric.filter = (packet) => {
    packets.push(packet);
    return 'pass';
  };
  const ready = Promise.all([
    pcscf.listen(),
    protection.openProtected('udp', { address: HOME, port: localPort }),
    protection.openProtected('tcp', { address: HOME, port: localPort }),
    prepare(pcscf, network),
  ]);
  await clock.advance(20);
  await ready;
  void agent.start();
  await clock.advance(3000);
  const text = ({ data }: MemoryPacket): string => new TextDecoder().decode(data);
  const ours = (): MemoryPacket[] => packets.filter(({ from, data }) => from.address === OWN && data.length > 4);
  return { clock, pcscf, network, agent, packets, text, ours };
}

describe('KeyedRoute', () => {
  for (const transport of ['udp', 'tcp'] as const)
    it(`carries everything after the agreement on ipsec-man, over ${transport}`, async () => {
      const w = await world(transport, { mechanisms: ['ipsec-man'], manual: MANUAL });
      const { state, security } = w.agent.snapshot.registration;
      assert.equal(state, 'registered');
      assert.deepEqual(security, { mechanism: 'ipsec-man', algorithm: 'hmac-sha-1-96', encryption: 'aes-cbc' });
      const [first, second] = w.ours().filter((packet) => w.text(packet).startsWith('REGISTER'));
      assert.deepEqual([first?.spi, second?.spi], [null, MANUAL.spiOut]);
      assert.match(w.text(second ?? assert.fail()), /^Security-Verify: ipsec-man;q=0.5/m);
      assert.match(w.text(second ?? assert.fail()), new RegExp(`^Contact:.*@${OWN}:15060`, 'm'));

      // Challenged again at re-registration: the associations stay, and nothing goes in clear.
      const before = w.ours().length;
      void w.agent.register();
      await w.clock.advance(3000);
      assert.equal(w.agent.snapshot.registration.state, 'registered');
      assert.ok(w.ours().length > before);
      assert.ok(
        w
          .ours()
          .slice(before)
          .every(({ spi }) => spi === MANUAL.spiOut),
      );
      assert.equal(w.network.ipsec.size, 1);

      const stopped = w.agent.stop();
      await w.clock.advance(5000);
      await stopped;
      assert.deepEqual([w.network.ipsec.size, w.network.openSockets], [0, 0]);
    });

  it('takes what a 494 offers, before any challenge', async () => {
    const w = await world('udp', { mechanisms: ['ipsec-man'], manual: MANUAL });
    void w.agent.unregister();
    await w.clock.advance(1000);
    w.pcscf.override = (request) => {
      if (request.headers.getAll('Security-Verify').length > 0) return null;
      const response = createResponse(request, 494, { toTag: 'x' });
      response.headers.append('Security-Server', 'ipsec-man;q=0.5');
      return response;
    };
    const before = w.ours().length;
    void w.agent.register();
    await w.clock.advance(4000);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    const registers = w.ours().slice(before).filter((packet) => w.text(packet).startsWith('REGISTER')); // prettier-ignore
    assert.deepEqual(registers.map(({ spi }) => spi !== null).slice(0, 2), [false, true]);
  });

  it('does not register where the keys differ, and sends no credentials in clear', async () => {
    const w = await world(
      'udp',
      { mechanisms: ['ipsec-man'], manual: MANUAL },
      { ...PEER, integrityKey: '00'.repeat(20) },
    );
    await w.clock.advance(40_000);
    assert.notEqual(w.agent.snapshot.registration.state, 'registered');
    const clear = w.ours().filter(({ spi }) => spi === null);
    assert.ok(clear.length > 0 && clear.every((packet) => !/response="[^"]/.test(w.text(packet))));
  });

  it('says why this machine cannot, and leaves no port open', async () => {
    const failure = new NetworkError('ipsec-denied', 'IPsec: no');
    const w = await world('udp', { mechanisms: ['ipsec-man'], manual: MANUAL }, PEER, failure);
    assert.equal(w.agent.snapshot.registration.failure?.reason, 'ipsec-denied');
    const stopped = w.agent.stop();
    await w.clock.advance(5000);
    await stopped;
    assert.equal(w.network.openSockets, 0);
  });
});

const IKE = { secret: 'between us', localPort: 15060, remotePort: 15061 };
const OVER_IKE: SecurityPolicy = { mechanisms: ['ipsec-ike'], ike: IKE };

describe('KeyedRoute by ipsec-ike', () => {
  for (const transport of ['udp', 'tcp'] as const)
    it(`carries everything after what IKE negotiated, over ${transport}`, async () => {
      const w = await ikeWorld(transport, OVER_IKE);
      const { state, security } = w.agent.snapshot.registration;
      assert.equal(state, 'registered');
      assert.deepEqual(security, { mechanism: 'ipsec-ike', algorithm: null, encryption: null });
      const [first, second] = w.ours().filter((packet) => w.text(packet).startsWith('REGISTER'));
      assert.equal(first?.spi, null);
      assert.ok(second && second.spi !== null);
      assert.match(w.text(second), /^Security-Verify: ipsec-ike;q=0.5/m);
      const stopped = w.agent.stop();
      await w.clock.advance(5000);
      await stopped;
      assert.deepEqual([w.network.ipsec.size, w.network.openSockets], [0, 0]);
    });

  it('takes any free port, and that of the P-CSCF, where the policy names none', async () => {
    const asked: IkeNegotiation[] = [];
    const w = await ikeWorld('udp', { mechanisms: ['ipsec-ike'], ike: { secret: 's' } }, (n) => asked.push(n));
    const [negotiation] = asked;
    assert.ok(negotiation && negotiation.localPort > 0 && negotiation.localPort !== 15060);
    assert.deepEqual({ ...negotiation, localPort: 0 }, { secret: 's', local: OWN, remote: HOME, localPort: 0, remotePort: 5060 }); // prettier-ignore
    const stopped = w.agent.stop();
    await w.clock.advance(40_000);
    await stopped;
    assert.deepEqual([w.network.ipsec.size, w.network.openSockets], [0, 0]);
  });

  it('ends the agreement where IKE comes to nothing (RFC 3329 §2.4), and sends no credentials in clear', async () => {
    for (const reason of ['refused', 'timeout'] as const) {
      const w = await ikeWorld('udp', OVER_IKE, undefined, new NetworkError(reason, 'IKE: no'));
      const { state, failure } = w.agent.snapshot.registration;
      assert.notEqual(state, 'registered');
      assert.equal(failure?.reason, 'security-mismatch');
      assert.match(failure.detail ?? '', /IKE: no/);
      const registers = w.ours().filter((packet) => w.text(packet).startsWith('REGISTER'));
      assert.ok(registers.length > 0 && registers.every((packet) => !/response="[^"]/.test(w.text(packet))));
    }
  });

  it('stands after a 494 although the challenge that follows brings no list (RFC 3329 §2.6)', async () => {
    const w = await ikeWorld('udp', OVER_IKE, undefined, undefined, (request) => {
      if (request.headers.getAll('Security-Verify').length > 0) return null;
      const response = createResponse(request, 494, { toTag: 'x' });
      response.headers.append('Security-Server', 'ipsec-ike;q=0.5');
      return response;
    });
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    const registers = w.ours().filter((packet) => w.text(packet).startsWith('REGISTER'));
    assert.deepEqual(registers.map(({ spi }) => spi !== null), [false, true, true]); // prettier-ignore
    for (const packet of registers.slice(1)) assert.match(w.text(packet), /^Security-Verify: ipsec-ike;q=0.5\r$/m);
  });

  it('waits for its port where the P-CSCF knows it no more and asks for a new agreement', async () => {
    const w = await ikeWorld('udp', OVER_IKE);
    let once = true;
    w.pcscf.override = (request) => {
      if (!once) return null;
      once = false;
      const response = createResponse(request, 494, { toTag: 'x' });
      response.headers.append('Security-Server', 'ipsec-ike;q=0.5');
      return response;
    };
    void w.agent.register();
    await w.clock.advance(5000);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.equal(w.network.ipsec.size, 1);
    assert.ok(
      w
        .ours()
        .slice(-1)
        .every(({ spi }) => spi !== null),
    );
  });

  it('says that there is no IKE daemon', async () => {
    const w = await ikeWorld('udp', OVER_IKE, undefined, new NetworkError('ipsec-tool', 'IPsec: no IKE daemon'));
    assert.equal(w.agent.snapshot.registration.failure?.reason, 'ipsec-tool');
  });
});

/** The same P-CSCF, which offers ipsec-ike and has negotiated its end already. */
async function ikeWorld(
  transport: 'udp' | 'tcp',
  security: SecurityPolicy,
  watch?: (negotiation: IkeNegotiation) => void,
  failure?: NetworkError,
  override?: FakePcscf['override'],
) {
  return world(transport, security, PEER, failure, (pcscf, network) => {
    pcscf.securityServer = override ? [] : ['ipsec-ike;q=0.5', 'digest;q=0.1;d-alg=MD5;d-qop=auth'];
    pcscf.override = override ?? null;
    const negotiate = network.ipsec.negotiate.bind(network.ipsec);
    network.ipsec.negotiate = (negotiation) => {
      watch?.(negotiation);
      return negotiate(negotiation);
    };
    return pcscf.registrar.network.ipsec.negotiate({ ...IKE, local: HOME, remote: OWN, localPort: 15061, remotePort: 15060 }); // prettier-ignore
  });
}

describe('manualSet', () => {
  it('says what is wrong, and tells no key', () => {
    for (const bad of [
      { integrityKey: 'xyz' },
      { integrityKey: MANUAL.integrityKey.slice(2) },
      { encryptionKey: '' },
      { spiIn: 255 },
      { localPort: 0 },
      { protocol: 'ah' },
    ] as const)
      assert.throws(
        () => manualSet({ ...MANUAL, ...bad }, OWN, HOME),
        (error) => error instanceof NetworkError && error.reason === 'unsupported' && !/0001|f0f1/.test(error.message),
      );
    assert.throws(() => manualSet(MANUAL, 'name', HOME), { reason: 'unsupported' });
  });
});
