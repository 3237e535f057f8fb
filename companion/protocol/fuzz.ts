import { CALLS, isMethod, isNotification, NOTIFICATIONS } from './calls.js';
import { FrameWriter, readFrames } from './frames.js';
import { parseRpc } from './rpc.js';

/**
 * What either end does first with octets from the other. Throws only if the code is wrong: a frame
 * that is read must be written the same, and no input may throw.
 */
export function fuzzCompanion(data: Uint8Array): void {
  const writer = new FrameWriter();
  const error = readFrames(data, {
    onDatagram: (channel, address, port, payload) => {
      if (!writer.datagram(channel, address, port, payload)) throw new Error(`Not written: ${address} ${port}`);
    },
    onStream: (channel, payload) => writer.stream(channel, payload),
    onCredit: (channel, octets) => writer.credit(channel, octets),
  });
  const again = writer.take();
  if (error === null && again.length !== data.length) throw new Error('Read and written differ in length');
  for (const [i, octet] of again.entries()) {
    if (octet !== data[i]) throw new Error(`Read and written differ at ${i}`);
  }
  const message = parseRpc(new TextDecoder().decode(data));
  if (message?.kind === 'request' && isMethod(message.method)) CALLS[message.method].params(message.params);
  if (message?.kind === 'notification' && isNotification(message.method)) {
    NOTIFICATIONS[message.method](message.params);
  }
}
