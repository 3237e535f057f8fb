import { parseViciMessage, printViciMessage, type ViciSection } from './vici-message.js';

/** Packets of vici (README.md, "Packet layer"). */
export const ViciType = {
  request: 0,
  response: 1,
  unknownCommand: 2,
  register: 3,
  unregister: 4,
  confirm: 5,
  unknownEvent: 6,
  event: 7,
} as const;

/** What the daemon sends. */
export type ViciAnswer =
  | { readonly type: 'response'; readonly message: ViciSection }
  | { readonly type: 'event'; readonly name: string; readonly message: ViciSection }
  | { readonly type: 'unknown-command' | 'confirm' | 'unknown-event' };

/** README.md, "Transport protocol". */
export const MAX_SEGMENT = 512 * 1024;

/** A packet of ours with its length before it. @throws RangeError as printViciMessage, or for more than a segment holds */
export function printViciPacket(type: 'request' | 'register', name: string, message?: ViciSection): Uint8Array {
  const body = message ? printViciMessage(message) : new Uint8Array();
  const label = new TextEncoder().encode(name);
  const length = 2 + label.length + body.length;
  if (label.length > 255 || length > MAX_SEGMENT) throw new RangeError('vici: too long for a packet');
  const packet = new Uint8Array(4 + length);
  new DataView(packet.buffer).setUint32(0, length);
  packet.set([ViciType[type], label.length], 4);
  packet.set(label, 6);
  packet.set(body, 6 + label.length);
  return packet;
}

/** @param data one segment, without its length @returns null if it is nothing that a daemon sends */
export function parseViciAnswer(data: Uint8Array): ViciAnswer | null {
  const rest = data.subarray(1);
  switch (data[0]) {
    case ViciType.response: {
      const message = parseViciMessage(rest);
      return message && { type: 'response', message };
    }
    case ViciType.event: {
      const end = 1 + (rest[0] ?? 0);
      const message = end <= rest.length ? parseViciMessage(rest.subarray(end)) : null;
      return message && { type: 'event', name: new TextDecoder().decode(rest.subarray(1, end)), message };
    }
    case ViciType.unknownCommand:
      return rest.length === 0 ? { type: 'unknown-command' } : null;
    case ViciType.confirm:
      return rest.length === 0 ? { type: 'confirm' } : null;
    case ViciType.unknownEvent:
      return rest.length === 0 ? { type: 'unknown-event' } : null;
    default:
      return null;
  }
}

/** Cuts what comes over the stream into segments. */
export class ViciSegments {
  #rest = new Uint8Array();

  /** @returns the segments that are complete now; null: one is longer than any may be */
  push(data: Uint8Array): readonly Uint8Array[] | null {
    const all = new Uint8Array(this.#rest.length + data.length);
    all.set(this.#rest);
    all.set(data, this.#rest.length);
    const segments: Uint8Array[] = [];
    let at = 0;
    while (all.length - at >= 4) {
      const length = new DataView(all.buffer).getUint32(at);
      if (length > MAX_SEGMENT) return null;
      if (all.length - at - 4 < length) break;
      segments.push(all.slice(at + 4, at + 4 + length));
      at += 4 + length;
    }
    this.#rest = all.slice(at);
    return segments;
  }
}
