import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Fragments } from '../../../../companion/native/esp/fragments.js';
import {
  MAX_UDP_DATA,
  NEXT_IPV4,
  NEXT_IPV6,
  parseIpPacket,
  parseUdp,
  printUdpPacket,
  type IpPayload,
} from '../../../../companion/native/esp/ip-packet.js';
import { toHex } from '../../../../src/platform/hex.js';

const V4 = [{ address: '192.0.2.7', port: 20000 }, { address: '192.0.2.1', port: 6100 }] as const; // prettier-ignore
const V6 = [{ address: '2001:db8::7', port: 20000 }, { address: '2001:db8::1', port: 6100 }] as const; // prettier-ignore

describe('printUdpPacket', () => {
  it('writes the octets of RFC 791 and 768', () => {
    const packet = printUdpPacket(...V4, new TextEncoder().encode('hi'), 0x1234);
    // Checksums as Wireshark calculates them.
    assert.equal(toHex(packet ?? assert.fail()), '4500001e123400004011e492c0000207c00002014e2017d4000aad736869');
  });

  for (const [name, ends, next] of [
    ['IPv4', V4, NEXT_IPV4],
    ['IPv6', V6, NEXT_IPV6],
  ] as const)
    // prettier-ignore
    it(`is read again: ${name}`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 3000 }), fc.nat(0xffff), (data, identification) => {
          const packet = printUdpPacket(ends[0], ends[1], data, identification) ?? assert.fail();
          const payload = parseIpPacket(packet, next) ?? assert.fail();
          assert.deepEqual(parseUdp(payload), { sourcePort: 20000, destinationPort: 6100, data });
          // Within the datagram nothing may change: the length, the ports and the data are summed up.
          const changed = Uint8Array.from(packet);
          const last = changed.length - 1;
          changed[last] = (changed[last] ?? 0) ^ 0x40;
          const damaged = parseIpPacket(changed, next);
          assert.equal(damaged && parseUdp(damaged), null);
        }),
      );
    });

  it('writes none that is too long', () => {
    assert.ok(printUdpPacket(...V4, new Uint8Array(MAX_UDP_DATA), 0));
    assert.equal(printUdpPacket(...V4, new Uint8Array(MAX_UDP_DATA + 1), 0), null);
  });
});

describe('parseIpPacket', () => {
  it('takes whatever octets without a fault, and believes no length', () => {
    const whole = printUdpPacket(...V4, new Uint8Array(40), 7) ?? assert.fail();
    for (let length = 0; length < whole.length; length++)
      assert.equal(parseIpPacket(whole.subarray(0, length), NEXT_IPV4), null);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (octets) => {
        for (const next of [NEXT_IPV4, NEXT_IPV6, 59]) {
          for (const version of [0x45, 0x60, octets[0] ?? 0]) {
            if (octets.length > 0) octets[0] = version;
            const payload = parseIpPacket(octets, next);
            if (payload) parseUdp(payload);
          }
        }
      }),
    );
  });
});

describe('Fragments', () => {
  function pieces(data: Uint8Array, cuts: readonly number[], identification = 1): IpPayload[] {
    const base = { source: Uint8Array.of(1), destination: Uint8Array.of(2), protocol: 17, identification };
    const edges = [...new Set([0, ...cuts.map((cut) => 8 * cut).filter((cut) => cut < data.length), data.length])];
    edges.sort((a, b) => a - b);
    return edges.slice(1).map((end, i) => {
      const offset = edges[i] ?? 0;
      return { ...base, offset, more: end < data.length, data: data.subarray(offset, end) };
    });
  }

  it('puts them together in any order', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 2000 }),
        fc.array(fc.integer({ min: 1, max: 250 }), { minLength: 1, maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        (data, cuts, order) => {
          const shuffled = pieces(data, cuts)
            .map((piece) => ({ piece, key: order.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ piece }) => piece);
          const fragments = new Fragments();
          const results = shuffled.map((piece) => fragments.add(piece));
          assert.deepEqual(results.at(-1)?.data, data);
          assert.ok(results.slice(0, -1).every((result) => result === null));
        },
      ),
    );
  });

  it('drops what overlaps, what is late, and what is too much', () => {
    const data = Uint8Array.from({ length: 64 }, (_, i) => i);
    const [first = assert.fail(), second = assert.fail()] = pieces(data, [4]);
    let now = 0;
    const fragments = new Fragments(() => now);
    fragments.add(first);
    assert.equal(fragments.add({ ...second, offset: 24 }), null);
    assert.equal(fragments.add(second), null, 'the first is gone');
    fragments.add({ ...first, identification: 2 });
    now = 15_001;
    assert.equal(fragments.add({ ...second, identification: 2 }), null);
    for (let i = 10; i < 30; i++) fragments.add({ ...first, identification: i });
    assert.equal(fragments.add({ ...second, identification: 10 }), null, 'the oldest gave way');
    assert.ok(fragments.add({ ...second, identification: 29 }));
    assert.equal(fragments.add({ ...second, offset: 65528, identification: 29 }), null);
  });
});
