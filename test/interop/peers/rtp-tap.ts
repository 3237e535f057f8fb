import { createSocket, type Socket } from 'node:dgram';
import { alawSample } from '../../sound/alaw.js';
import type { Sound } from '../../sound/wav-file.js';

const PCMA = 8;
const FRAME = 160;

/** The ear of a peer that cannot record: takes A-law RTP and lays it out by timestamp. */
export class RtpTap {
  readonly #frames = new Map<number, Uint8Array>();
  readonly ssrcs = new Set<number>();

  private constructor(private readonly socket: Socket) {
    socket.on('message', (packet) => this.#take(packet));
  }

  static open(): Promise<RtpTap> {
    return new Promise((resolve, reject) => {
      const socket = createSocket('udp4');
      socket.once('error', reject);
      socket.bind(0, '127.0.0.1', () => resolve(new RtpTap(socket)));
    });
  }

  get port(): number {
    return this.socket.address().port;
  }

  get packets(): number {
    return this.#frames.size;
  }

  /** What was sent to it; silence where packets are missing. */
  heard(): Sound {
    const first = Math.min(...this.#frames.keys());
    const last = Math.max(...this.#frames.keys());
    const samples = new Int16Array(this.#frames.size === 0 ? 0 : last - first + FRAME);
    for (const [timestamp, payload] of this.#frames) {
      payload.forEach((octet, i) => {
        if (timestamp - first + i < samples.length) samples[timestamp - first + i] = alawSample(octet);
      });
    }
    return { sampleRate: 8000, samples };
  }

  close(): void {
    this.socket.close();
  }

  #take(packet: Buffer): void {
    if (packet.length < 12 + FRAME || packet[0]! >> 6 !== 2 || (packet[1]! & 0x7f) !== PCMA) return;
    this.ssrcs.add(packet.readUInt32BE(8));
    this.#frames.set(packet.readUInt32BE(4), packet.subarray(12));
  }
}
