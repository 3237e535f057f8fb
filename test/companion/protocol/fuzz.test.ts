import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fuzzCompanion } from '../../../companion/protocol/fuzz.js';
import { FrameWriter, readFrames } from '../../../companion/protocol/frames.js';
import { SeededRandom } from '../../../src/platform/seeded-random.js';
import { formatIp } from '../../../src/net/ip-address.js';

const octets = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const channel = fc.integer({ min: 0, max: 0xffffffff });
interface TestRecord {
  readonly channel: number;
  readonly address?: Uint8Array;
  readonly port?: number;
  readonly payload?: Uint8Array;
  readonly octets?: number;
}
const record: fc.Arbitrary<TestRecord> = fc.oneof(
  fc.record({
    channel,
    address: fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 })),
    port: fc.integer({ min: 0, max: 65535 }),
    payload: octets(2000),
  }),
  fc.record({ channel, payload: octets(2000) }),
  fc.record({ channel, octets: fc.integer({ min: 0, max: 0xffffffff }) }),
);

function write(records: readonly TestRecord[]): Uint8Array {
  const writer = new FrameWriter();
  for (const { channel: at, address, port = 0, payload, octets: count = 0 } of records) {
    if (!payload) writer.credit(at, count);
    else if (address) writer.datagram(at, formatIp(address), port, payload);
    else writer.stream(at, payload);
  }
  return writer.take();
}

describe('readFrames', () => {
  it('reads what FrameWriter wrote', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const read: object[] = [];
        const error = readFrames(write(records), {
          onDatagram: (at, address, port, payload) =>
            read.push({ channel: at, address, port, payload: payload.slice() }),
          onStream: (at, payload) => read.push({ channel: at, payload: payload.slice() }),
          onCredit: (at, count) => read.push({ channel: at, octets: count }),
        });
        assert.equal(error, null);
        const wanted = records.map((item) => (item.address ? { ...item, address: formatIp(item.address) } : item));
        assert.deepEqual(
          read,
          wanted.map((item) => ({ ...item })),
        );
      }),
    );
  });

  it('reads what was written when the buffer had to grow, whatever record made it', () => {
    const kinds: TestRecord[] = [
      { channel: 1, address: new Uint8Array(16), payload: new Uint8Array(10) },
      { channel: 2, payload: new Uint8Array(10) },
      { channel: 3, octets: 5 },
    ];
    for (const kind of kinds) fuzzCompanion(write(new Array<TestRecord>(2000).fill(kind)));
  });

  it('throws on no input, and lets nothing pass that would be written differently', () => {
    fc.assert(
      fc.property(octets(200), (data) => fuzzCompanion(data)),
      { numRuns: 2000 },
    );
    const random = new SeededRandom(7);
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        const message = write(records);
        for (let i = 0; i < 4; i++) message[random.uint32() % message.length] = random.uint32() & 255;
        fuzzCompanion(message);
        fuzzCompanion(message.subarray(0, random.uint32() % message.length));
      }),
      { numRuns: 2000 },
    );
  });

  it('bears hostile control texts', () => {
    const request = { jsonrpc: '2.0', id: 1, method: 'udp.bind', params: { port: 1 } };
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('jsonrpc', 'id', 'method', 'params', 'error'), (value, member) => {
        fuzzCompanion(new TextEncoder().encode(JSON.stringify({ ...request, [member]: value })));
        fuzzCompanion(new TextEncoder().encode(JSON.stringify({ ...request, params: { remote: value } })));
      }),
    );
    for (const text of ['', '[]', 'null', '{"__proto__":1}', '['.repeat(100000), '{"jsonrpc":"2.0","id":1e999}']) {
      fuzzCompanion(new TextEncoder().encode(text));
    }
  });
});
