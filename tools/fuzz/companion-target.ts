import { FrameWriter } from '../../companion/protocol/frames.js';
import { fuzzCompanion } from '../../companion/protocol/fuzz.js';
import { printNotification, printRequest } from '../../companion/protocol/rpc.js';
import type { FuzzTarget } from './fuzz-target.js';

/** What page and companion say to each other: binary frames and JSON-RPC. */
export const companionTarget: FuzzTarget = {
  name: 'companion',
  words: [
    '\x01', '\x02', '\x03', '\x04', '\xff\xff\xff\xff', '\0\0\0\0', '{', '}', '[', ']', '"', ',', ':', 'null', 'true', '-1', '1e999', '{"a":',
    '"jsonrpc":"2.0"', '"id":0', '"method":', '"params":{}', '__proto__', 'constructor', '\\u0000', '\xff',
  ],
  seeds: () => [
    frames((writer) => {
      writer.datagram(1, '192.0.2.1', 5060, Uint8Array.of(1, 2, 3));
      writer.datagram(2, '2001:db8::1', 40_000, new Uint8Array(172));
      writer.stream(3, new Uint8Array(300));
      writer.credit(3, 65_536);
    }),
    frames((writer) => writer.stream(0xffff_ffff, new Uint8Array(0))),
    text(printRequest(1, 'udp.bind', { address: '127.0.0.1', port: 5060 })),
    text(printRequest(3, 'will.leave', { channel: 1, name: 'a', data: 'DQoNCg==', remote: { address: '192.0.2.1', port: 5060 } })),
    text(printRequest(2, 'dns.resolve', { name: 'example.com', type: 'SRV' })),
    text(printNotification('stream.closed', { channel: 1, error: null })),
  ],
  run: fuzzCompanion,
}; // prettier-ignore

function frames(write: (writer: FrameWriter) => void): Uint8Array {
  const writer = new FrameWriter();
  write(writer);
  return writer.take().slice();
}

function text(json: string): Uint8Array {
  return new TextEncoder().encode(json);
}
