import { printViciMessage, viciSection, type ViciTree } from '../../companion/native/ike/vici-message.js';
import { parseViciAnswer, ViciSegments } from '../../companion/native/ike/vici-packet.js';
import type { FuzzTarget } from './fuzz-target.js';

/** What the IKE daemon sends over its control socket. */
export const viciTarget: FuzzTarget = {
  name: 'vici',
  words: ['\x01', '\x02', '\x03', '\x04', '\x05', '\x06', '\x07', '\0\0', '\xff\xff', '\x01\x01a', '\x03\x01a\0\0', '\x04\x01a', '__proto__'],
  seeds: () => [
    segment([1], { success: 'yes' }),
    segment([1], { conns: ['ims-elements.1.0-1.1', 'office-vpn'] }),
    segment([7, 11, ...Buffer.from('control-log')], { group: 'IKE', level: '1', msg: 'received AUTHENTICATION_FAILED' }),
    segment([7, 7, ...Buffer.from('list-sa')], { name: { version: '2', 'child-sas': { 'name-1': { 'local-ts': ['a'] } } } }),
    Uint8Array.of(0, 0, 0, 1, 5),
  ],
  run(octets) {
    const segments = new ViciSegments().push(octets);
    for (const one of segments ?? []) {
      const answer = parseViciAnswer(one);
      if (!answer || !('message' in answer)) continue;
      const printed = printViciMessage(answer.message);
      if (Buffer.compare(printed, one.subarray(one.length - printed.length)) !== 0)
        throw new Error('Read and written differ');
    }
  },
}; // prettier-ignore

function segment(head: readonly number[], tree: ViciTree): Uint8Array {
  const body = [...head, ...printViciMessage(viciSection(tree))];
  return Uint8Array.from([0, 0, body.length >> 8, body.length & 255, ...body]);
}
