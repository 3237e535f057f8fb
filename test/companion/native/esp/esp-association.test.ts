import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EspReceiver, EspSender, spiOf, type EspParameters } from '../../../../companion/native/esp/esp-association.js';
import {
  ENCRYPTION_ALGORITHMS,
  ENCRYPTION_KEY_OCTETS,
  INTEGRITY_ALGORITHMS,
  INTEGRITY_KEY_OCTETS,
} from '../../../../src/net/ipsec.js';
import { fromHex, toHex } from '../../../../src/platform/hex.js';

const VECTORS = '../shared/vectors/crypto/rfc3602-aes-cbc-esp.json';

interface Vector {
  readonly key: string;
  readonly spi?: string;
  readonly seq: string;
  readonly iv: string;
  readonly esp_plain_with_trailer: string;
  readonly esp_packet: string;
}

function octets(text: string): Uint8Array {
  return fromHex(text) ?? assert.fail(text);
}

function parameters(more: Partial<EspParameters> = {}): EspParameters {
  const { integrity = 'hmac-sha-1-96', encryption = 'aes-cbc' } = more;
  return {
    spi: 0x4321,
    integrity,
    encryption,
    integrityKey: Uint8Array.from({ length: INTEGRITY_KEY_OCTETS[integrity] }, (_, i) => i),
    encryptionKey: Uint8Array.from({ length: ENCRYPTION_KEY_OCTETS[encryption] }, (_, i) => 100 + i),
    ...more,
  };
}

const SUITES = INTEGRITY_ALGORITHMS.flatMap((integrity) =>
  ENCRYPTION_ALGORITHMS.map((encryption) => ({ integrity, encryption })),
);

describe('EspSender', () => {
  it('writes the packets of RFC 3602 §4', { skip: existsSync(VECTORS) ? false : 'skipped: no vectors' }, () => {
    const { cases } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { cases: Vector[] };
    const packets = cases.filter(({ spi }) => spi !== undefined);
    assert.equal(packets.length, 4);
    for (const { key, spi, seq, iv, esp_plain_with_trailer, esp_packet } of packets) {
      const clear = octets(esp_plain_with_trailer);
      const padding = clear[clear.length - 2] ?? 0;
      const payload = clear.subarray(0, clear.length - 2 - padding);
      const sender = new EspSender(
        parameters({ spi: Number.parseInt(spi ?? '', 16), encryptionKey: octets(key) }),
        () => octets(iv),
      );
      let packet: Uint8Array | null = null;
      for (let i = 0; i < Number.parseInt(seq, 16); i++)
        packet = sender.seal({ nextHeader: clear[clear.length - 1] ?? 0, payload });
      // The RFC's packets are without an ICV.
      assert.equal(toHex(packet ?? assert.fail()).slice(0, -24), esp_packet);
    }
  });

  for (const suite of SUITES) {
    it(`is opened by the receiver: ${suite.integrity} ${suite.encryption}`, () => {
      const own = parameters(suite);
      const [sender, receiver] = [new EspSender(own), new EspReceiver(own)];
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(255), (payload, nextHeader) => {
          const packet = sender.seal({ nextHeader, payload }) ?? assert.fail();
          assert.equal(spiOf(packet), own.spi);
          // RFC 4303 §2.4: the ICV begins at a multiple of four octets.
          assert.equal(packet.length % 4, 0);
          assert.deepEqual(receiver.open(packet), { nextHeader, payload });
        }),
      );
    });
  }
});

describe('EspReceiver', () => {
  it('takes a packet once, however it is repeated', () => {
    const [sender, receiver] = [new EspSender(parameters()), new EspReceiver(parameters())];
    const packets = Array.from({ length: 100 }, (_, i) => sender.seal({ nextHeader: 4, payload: Uint8Array.of(i) }));
    const sizes = [
      packets[0],
      packets[0],
      packets[99],
      packets[98],
      packets[98],
      packets[36],
      packets[35],
      packets[99],
    ];
    assert.deepEqual(
      sizes.map((packet) => receiver.open(packet ?? assert.fail()) !== null),
      [true, false, true, true, false, true, false, false],
    );
  });

  for (const suite of SUITES) {
    it(`takes nothing that was changed in any octet: ${suite.integrity} ${suite.encryption}`, () => {
      const own = parameters(suite);
      const packet = new EspSender(own).seal({ nextHeader: 4, payload: new Uint8Array(30) }) ?? assert.fail();
      const receiver = new EspReceiver(own);
      for (let i = 0; i < packet.length; i++) {
        const changed = Uint8Array.from(packet);
        changed[i] = (changed[i] ?? 0) ^ 1;
        assert.equal(receiver.open(changed), null, `octet ${i}`);
      }
      for (let length = 0; length < packet.length; length++)
        assert.equal(receiver.open(packet.subarray(0, length)), null, `${length} octets`);
      assert.ok(receiver.open(packet), 'the window was not moved by any of them');
    });
  }

  it('takes whatever octets without a fault', () => {
    const receivers = SUITES.map((suite) => new EspReceiver(parameters(suite)));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (packet) => {
        for (const receiver of receivers) assert.equal(receiver.open(packet), null);
      }),
    );
  });
});
