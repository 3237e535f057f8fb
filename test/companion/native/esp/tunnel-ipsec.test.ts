import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeNetwork } from '../../../../companion/native/node-network.js';
import type { SecurityAssociationSet } from '../../../../src/net/ipsec.js';
import type { Endpoint, UdpSocket } from '../../../../src/net/network.js';
import { sampleSet } from '../ipsec/sample-set.js';

const UE = '127.0.0.41';
const PCSCF = '127.0.0.42';

function setOf(ue: Endpoint, pcscf: Endpoint, more: Partial<SecurityAssociationSet> = {}): SecurityAssociationSet {
  return sampleSet({
    mode: 'UDP-enc-tun',
    local: ue.address,
    remote: pcscf.address,
    ports: [{ localPort: ue.port, remotePort: pcscf.port, spiIn: 1001, spiOut: 2001 }],
    ...more,
  });
}

function mirrored(set: SecurityAssociationSet): SecurityAssociationSet {
  const ports = set.ports.map(({ localPort, remotePort, spiIn, spiOut }) => ({
    localPort: remotePort,
    remotePort: localPort,
    spiIn: spiOut,
    spiOut: spiIn,
  }));
  return { ...set, local: set.remote, remote: set.local, ports };
}

function next(socket: UdpSocket, within = 2000): Promise<{ text: string; from: Endpoint } | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), within);
    socket.onMessage = (data, from) => {
      clearTimeout(timer);
      resolve({ text: new TextDecoder().decode(data), from });
    };
  });
}

async function pair(t: TestContext, one = UE, two = PCSCF) {
  const [near, far] = [new NodeNetwork(), new NodeNetwork()];
  const [ue, pcscf] = [await near.bindUdp({ address: one }), await far.bindUdp({ address: two })];
  t.after(() => {
    near.close();
    far.close();
  });
  return { near, far, ue, pcscf };
}

describe('TunnelIpsec', () => {
  for (const more of [
    {},
    {
      integrity: 'hmac-md5-96',
      integrityKey: new Uint8Array(16).fill(7),
      encryption: 'null',
      encryptionKey: new Uint8Array(0),
    },
    { encryption: 'des-ede3-cbc', encryptionKey: Uint8Array.from({ length: 24 }, (_, i) => 3 * i) },
  ] as const)
    // prettier-ignore
    it(`carries datagrams both ways, and nothing in clear: ${'encryption' in more ? more.encryption : 'aes-cbc'}`, async (t) => {
      const { near, far, ue, pcscf } = await pair(t);
      const set = setOf(ue.local, pcscf.local, more);
      const one = await near.ipsec.install(set);
      await far.ipsec.install(mirrored(set));
      const long = 'x'.repeat(20_000);
      ue.send(new TextEncoder().encode(long), pcscf.local);
      assert.deepEqual(await next(pcscf), { text: long, from: ue.local });
      pcscf.send(new TextEncoder().encode('back'), ue.local);
      assert.deepEqual(await next(ue), { text: 'back', from: pcscf.local });

      // The far end lets go: what it sends then is in clear, and from the same ports.
      await far.ipsec.close();
      pcscf.send(new TextEncoder().encode('clear'), ue.local);
      assert.equal(await next(ue, 200), null);
      await one.remove();
      pcscf.send(new TextEncoder().encode('clear'), ue.local);
      assert.equal((await next(ue))?.text, 'clear');
      assert.deepEqual([near.ipsec.size, near.openSockets], [0, 1]);
    });

  it('carries IPv6', async (t) => {
    const { near, far, ue, pcscf } = await pair(t, '::1', '::1');
    const set = setOf(ue.local, pcscf.local);
    // One address has one port 4500: the far end has it.
    await far.ipsec.install({ ...mirrored(set), encapsulationPort: 9 });
    await near.ipsec.install(set);
    ue.send(new TextEncoder().encode('six'), pcscf.local);
    assert.deepEqual(await next(pcscf), { text: 'six', from: ue.local });
  });

  it('hears nothing that is sealed with another key', async (t) => {
    const { near, far, ue, pcscf } = await pair(t);
    const set = setOf(ue.local, pcscf.local);
    await near.ipsec.install(set);
    await far.ipsec.install(mirrored({ ...set, integrityKey: new Uint8Array(20) }));
    ue.send(new TextEncoder().encode('wrong key'), pcscf.local);
    assert.equal(await next(pcscf, 200), null);
  });

  for (const other of [0, 1])
    it(other ? 'hears nothing that is sealed for another port' : 'hears once what is sent twice', async (t) => {
      const { near, far, ue, pcscf } = await pair(t);
      const tap = createSocket('udp4').bind(0, PCSCF);
      t.after(() => tap.close());
      await once(tap, 'listening');
      const set = setOf(ue.local, pcscf.local, { encapsulationPort: tap.address().port });
      await far.ipsec.install(mirrored(set));
      const [ports = assert.fail()] = set.ports;
      const remotePort = ports.remotePort + other;
      await near.ipsec.install({ ...set, ports: [{ ...ports, remotePort }] });
      ue.send(new TextEncoder().encode('sealed'), { address: PCSCF, port: remotePort });
      const [packet] = (await once(tap, 'message')) as [Buffer];
      let heard = 0;
      pcscf.onMessage = () => heard++;
      for (let i = 0; i < 2; i++) tap.send(packet, 4500, PCSCF);
      await delay(200);
      assert.equal(heard, 1 - other);
    });

  it('refuses a TCP connection between its ports, either way', async (t) => {
    const { near, far, ue, pcscf } = await pair(t);
    const listener = await near.listen({ address: UE, port: ue.local.port });
    let heard = 0;
    listener.onConnection = () => heard++;
    await near.ipsec.install(setOf(ue.local, pcscf.local));
    await assert.rejects(near.connect({ remote: pcscf.local, localAddress: UE, localPort: ue.local.port }), {
      reason: 'unsupported',
    });
    const connection = await far.connect({ remote: listener.local, localAddress: PCSCF, localPort: pcscf.local.port });
    await new Promise<void>((resolve) => (connection.onClose = () => resolve()));
    assert.equal(heard, 0);
  });

  it('installs all of a set or nothing, and no SPI twice', async (t) => {
    const { near, ue, pcscf } = await pair(t);
    const set = setOf(ue.local, pcscf.local);
    const unbound = { localPort: 1, remotePort: 5100, spiIn: 1002, spiOut: 2002 };
    await assert.rejects(near.ipsec.install({ ...set, ports: [...set.ports, unbound] }), {
      reason: 'address-unavailable',
    });
    await delay(20);
    assert.deepEqual([near.ipsec.size, near.openSockets], [0, 1]);
    await near.ipsec.install(set);
    await assert.rejects(near.ipsec.install(set), { reason: 'address-in-use' });
    assert.equal(near.ipsec.size, 1);
    await near.ipsec.close();
    await assert.rejects(near.ipsec.install(set), { reason: 'closed' });
  });
});
