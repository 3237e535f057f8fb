import type { SecurityAssociationSet } from '../../../../src/net/ipsec.js';

/** A set as the stack asks for it. */
export function sampleSet(more: Partial<SecurityAssociationSet> = {}): SecurityAssociationSet {
  return {
    local: '192.0.2.7',
    remote: '192.0.2.1',
    protocol: 'esp',
    mode: 'trans',
    integrity: 'hmac-sha-1-96',
    encryption: 'aes-cbc',
    integrityKey: Uint8Array.from({ length: 20 }, (_, i) => (i < 16 ? i : 0)),
    encryptionKey: Uint8Array.from({ length: 16 }, (_, i) => 0xf0 + i),
    ports: [
      { localPort: 20000, remotePort: 6100, spiIn: 0x1000_0000, spiOut: 101 },
      { localPort: 20001, remotePort: 5100, spiIn: 0x1000_0001, spiOut: 100 },
    ],
    ...more,
  };
}
