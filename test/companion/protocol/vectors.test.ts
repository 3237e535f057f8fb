import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CALLS, isMethod, isNotification, NOTIFICATIONS, type Method } from '../../../companion/protocol/calls.js';
import { FrameWriter, readFrames } from '../../../companion/protocol/frames.js';
import { parseRpc, printError, printNotification, printRequest, printResult } from '../../../companion/protocol/rpc.js';

const page = readFileSync(new URL('../../../companion/PROTOCOL.md', import.meta.url), 'utf8');
const vectors = (/```vectors\n([\s\S]*?)```/.exec(page)?.[1] ?? '').split('\n').filter((line) => line !== '');

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'));

function object(value: unknown): object {
  assert.ok(typeof value === 'object' && value !== null);
  return value;
}

/** Reads `datagram channel=1 address=… port=… payload=…` into what the frame sink is told. */
function describeRecords(line: string): string[][] {
  return line.split(', ').map((record) => {
    const [kind = '', ...members] = record.split(' ');
    return [kind, ...members.map((member) => member.split('=')[1] ?? '')];
  });
}

function read(message: Uint8Array): { error: string | null; records: string[][] } {
  const records: string[][] = [];
  const payload = (data: Uint8Array): string => Buffer.from(data).toString('hex');
  const error = readFrames(message, {
    onDatagram: (channel, address, port, data) => {
      records.push(['datagram', String(channel), address, String(port), payload(data)]);
    },
    onStream: (channel, data) => void records.push(['stream', String(channel), payload(data)]),
    onCredit: (channel, octets) => void records.push(['credit', String(channel), String(octets)]),
  });
  return { error, records };
}

function write(records: string[][]): Uint8Array {
  const writer = new FrameWriter();
  for (const [kind, channel = '', a = '', b = '', c = ''] of records) {
    if (kind === 'datagram') assert.ok(writer.datagram(Number(channel), a, Number(b), hex(c)));
    else if (kind === 'stream') writer.stream(Number(channel), hex(a));
    else writer.credit(Number(channel), Number(a));
  }
  return writer.take();
}

describe('the vectors of PROTOCOL.md', () => {
  it('are there', () => {
    assert.equal(vectors.filter((line) => /^[<>]/.test(line)).length, 27);
    assert.equal(vectors.filter((line) => line.startsWith('  ')).length, 5);
  });

  for (const [i, line] of vectors.entries()) {
    if (!/^(datagram|stream|credit)/.test(line)) continue;
    it(`${line} is read and written octet by octet`, () => {
      const message = hex(vectors[i + 1] ?? '');
      assert.deepEqual(read(message), { error: null, records: describeRecords(line) });
      assert.deepEqual(write(describeRecords(line)), message);
      for (let length = 1; length < message.length; length++) {
        const { error, records } = read(message.subarray(0, length));
        assert.ok(error !== null || records.length < describeRecords(line).length, `${length} octets pass for all`);
      }
    });
  }

  it('of control are parsed, fit their shapes and are printed the same', () => {
    const methods = new Map<number, Method>();
    for (const line of vectors.filter((vector) => /^[<>]/.test(vector))) {
      const text = line.slice(2);
      const message = parseRpc(text);
      assert.ok(message, text);
      if (message.kind === 'request') {
        assert.ok(isMethod(message.method));
        methods.set(message.id, message.method);
        assert.ok(CALLS[message.method].params(message.params), text);
        assert.equal(printRequest(message.id, message.method, object(message.params)), text);
      } else if (message.kind === 'notification') {
        assert.ok(isNotification(message.method));
        assert.ok(NOTIFICATIONS[message.method](message.params), text);
        assert.equal(printNotification(message.method, object(message.params)), text);
      } else if (message.kind === 'result') {
        const method = methods.get(message.id);
        assert.ok(method && CALLS[method].result(message.result), text);
        assert.equal(printResult(message.id, object(message.result)), text);
      } else {
        assert.equal(printError(message.id, -32000, message.message, message.reason), text);
      }
    }
  });
});
