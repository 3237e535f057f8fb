import { formatIp, parseIp } from '../../src/net/ip-address.js';

/**
 * Binary messages: one or more records, back to back, big endian. See PROTOCOL.md for the drawing.
 * Reading never throws: what is malformed is named.
 */
export const RecordKind = { datagram4: 1, datagram6: 2, stream: 3, credit: 4 } as const;

export const MAX_DATAGRAM_PAYLOAD = 65507;
const HEADER = 5; // kind, channel

export interface FrameSink {
  /** `payload` is a view into the message. `address` is canonical. */
  onDatagram(channel: number, address: string, port: number, payload: Uint8Array): void;
  onStream(channel: number, payload: Uint8Array): void;
  onCredit(channel: number, octets: number): void;
}

export type FrameError = 'truncated' | 'unknown kind' | 'datagram too long';

/**
 * Reads all records of one binary message.
 * @returns null, or what is wrong with the first malformed record (those before it were delivered)
 */
export function readFrames(message: Uint8Array, sink: FrameSink): FrameError | null {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  while (at < message.length) {
    if (message.length - at < HEADER) return 'truncated';
    const kind = view.getUint8(at);
    const channel = view.getUint32(at + 1);
    at += HEADER;
    if (kind === RecordKind.datagram4 || kind === RecordKind.datagram6) {
      const addressLength = kind === RecordKind.datagram4 ? 4 : 16;
      if (message.length - at < addressLength + 4) return 'truncated';
      const address = formatIp(message.subarray(at, at + addressLength));
      const port = view.getUint16(at + addressLength);
      const length = view.getUint16(at + addressLength + 2);
      at += addressLength + 4;
      if (length > MAX_DATAGRAM_PAYLOAD) return 'datagram too long';
      if (message.length - at < length) return 'truncated';
      sink.onDatagram(channel, address, port, message.subarray(at, at + length));
      at += length;
    } else if (kind === RecordKind.stream) {
      if (message.length - at < 4) return 'truncated';
      const length = view.getUint32(at);
      at += 4;
      if (message.length - at < length) return 'truncated';
      sink.onStream(channel, message.subarray(at, at + length));
      at += length;
    } else if (kind === RecordKind.credit) {
      if (message.length - at < 4) return 'truncated';
      sink.onCredit(channel, view.getUint32(at));
      at += 4;
    } else {
      return 'unknown kind';
    }
  }
  return null;
}

/** Gathers records into one binary message. */
export class FrameWriter {
  #buffer = new Uint8Array(4096);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  /** Octets gathered so far. */
  get length(): number {
    return this.#length;
  }

  /** @returns false, and writes nothing, if the address is no literal or the payload is too long */
  datagram(channel: number, address: string, port: number, payload: Uint8Array): boolean {
    const octets = parseIp(address);
    if (!octets || payload.length > MAX_DATAGRAM_PAYLOAD) return false;
    const kind = octets.length === 4 ? RecordKind.datagram4 : RecordKind.datagram6;
    let at = this.#header(kind, channel, octets.length + 4 + payload.length);
    this.#buffer.set(octets, at);
    at += octets.length;
    this.#view.setUint16(at, port);
    this.#view.setUint16(at + 2, payload.length);
    this.#buffer.set(payload, at + 4);
    return true;
  }

  stream(channel: number, payload: Uint8Array): void {
    const at = this.#header(RecordKind.stream, channel, 4 + payload.length);
    this.#view.setUint32(at, payload.length);
    this.#buffer.set(payload, at + 4);
  }

  credit(channel: number, octets: number): void {
    const at = this.#header(RecordKind.credit, channel, 4); // first: it may replace the view
    this.#view.setUint32(at, octets);
  }

  /** The message, which is the caller's to keep; the writer is empty again. */
  take(): Uint8Array<ArrayBuffer> {
    const message = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    return message;
  }

  /** Makes room for a record and writes its first five octets. @returns where its rest begins */
  #header(kind: number, channel: number, rest: number): number {
    const start = this.#length;
    const end = start + HEADER + rest;
    if (end > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, start));
      this.#buffer = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#view.setUint8(start, kind);
    this.#view.setUint32(start + 1, channel);
    this.#length = end;
    return start + HEADER;
  }
}
