import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SecurityAssociationSet } from '../../src/net/ipsec.js';
import type { Endpoint, Network } from '../../src/net/network.js';
import { rejectsWith } from './rejects-with.js';

/** What every {@link Ipsec} does. What the packets look like then: test/interop/esp. */
export function describeIpsec(test: () => { readonly network: Network; associations(): number }): void {
  describe('IPsec', () => {
    /** A set between a port of ours and one of a P-CSCF that is not there. */
    const setFrom = (local: Endpoint, more: Partial<SecurityAssociationSet> = {}): SecurityAssociationSet => ({
      local: local.address,
      remote: local.address,
      protocol: 'esp',
      mode: 'trans',
      integrity: 'hmac-sha-1-96',
      encryption: 'aes-cbc',
      integrityKey: new Uint8Array(20).fill(1),
      encryptionKey: new Uint8Array(16).fill(2),
      ports: [{ localPort: local.port, remotePort: 6100, spiIn: 0x1000_0000, spiOut: 256 }],
      ...more,
    });

    for (const loopback of ['127.0.0.1', '::1']) {
      it(`puts a set in force and takes it away, again and again: ${loopback}`, async () => {
        const socket = await test().network.bindUdp({ address: loopback });
        for (let i = 0; i < 3; i++) {
          const installed = await test().network.ipsec.install(setFrom(socket.local));
          assert.ok(test().associations() > 0);
          await Promise.all([installed.remove(), installed.remove()]);
          assert.equal(test().associations(), 0);
        }
        socket.close();
      });
    }

    it('refuses what is taken, and leaves it as it was', async () => {
      const socket = await test().network.bindUdp({ address: '127.0.0.1' });
      const installed = await test().network.ipsec.install(setFrom(socket.local));
      const before = test().associations();
      await rejectsWith(test().network.ipsec.install(setFrom(socket.local)), 'address-in-use');
      assert.equal(test().associations(), before);
      await installed.remove();
      assert.equal(test().associations(), 0);
      socket.close();
    });

    it('refuses what is no set', async () => {
      const socket = await test().network.bindUdp({ address: '127.0.0.1' });
      for (const bad of [
        { remote: '::1' },
        { remote: 'pcscf.example.test' },
        { integrityKey: new Uint8Array(16) },
        { encryptionKey: new Uint8Array(24) },
        { protocol: 'ah' },
        { ports: [] },
      ] as const)
        await rejectsWith(test().network.ipsec.install(setFrom(socket.local, bad)), 'unsupported');
      assert.equal(test().associations(), 0);
      socket.close();
    });
  });
}
