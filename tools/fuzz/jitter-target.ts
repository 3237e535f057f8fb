import { existsSync, readFileSync } from 'node:fs';
import type { Decoder } from '../../src/media/codec.js';
import { emptyJitterStatistics, JitterBuffer } from '../../src/media/jitter/jitter-buffer.js';
import type { FuzzTarget } from './fuzz-target.js';
import { octetDecoder } from './octet-decoder.js';

const FILE = 'build/wasm/jitter.wasm';
if (!existsSync(FILE)) await (await import('../build-assembly.js')).buildAssembly(undefined, ['jitter']);
const MODULE = new WebAssembly.Module(readFileSync(FILE));

/** Octets of one packet's description: number, timestamp, type, length, arrival, pulls. */
const STEP = 9;
const TONE = Uint8Array.from({ length: 160 }, (_, i) => 128 + Math.round(100 * Math.sin((2 * Math.PI * i) / 32)));
const DECODERS: (Decoder | undefined)[] = [];
DECODERS[8] = octetDecoder();
/** Samples that a decoder which conceals by itself makes, one after the other. */
const CONCEALED = [160, 1, 0, 240, 1500, -1, 9999];
let concealed = 0;
DECODERS[9] = {
  ...octetDecoder(),
  concealsByItself: true,
  conceal: () => CONCEALED[(concealed += 1) % CONCEALED.length] ?? 0,
};
const statistics = emptyJitterStatistics();
const block = new Float32Array(80);
const buffer = new JitterBuffer(MODULE, { sampleRate: 8000, clockRate: 8000 });
let now = 0;
let runs = 0;

/**
 * Packets of any number, time and length into one jitter buffer that lives as long as the run: what comes out stays on
 * the scale, what it tells stays finite, and after a restart a tone is heard as it was sent.
 */
export const jitterTarget: FuzzTarget = {
  name: 'jitter',
  words: ['\0\0\0\0\0\0', '\xff\xff\xff\xff', '\x7f\xff', '\x80\0', '\x08', '\x05\xdc', '\xff'],
  seeds: () => [
    stream((i) => [i, 160 * i, 8, 160, 128, 2]),
    stream((i) => [i ^ 1, 160 * (i ^ 1), 8, 160, 128, 2]),
    stream((i) => [65_530 + i, 2 ** 32 - 800 + 160 * i, 8, 160, 100, 2]),
    stream((i) => [i, 160 * i, i % 3 ? 8 : 101, i % 3 ? 160 : 0, 200, i % 5]),
    stream((i) => [i + (i >> 2), 160 * (i + (i >> 2)), 9, 160, 128, 2]),
    stream((i) => [i * 257, 160 * i * i, 8, 1500, i, 1]),
  ],
  run(octets) {
    const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
    for (let at = 0; at + STEP < octets.length; at += STEP) {
      const length = (view.getUint8(at + 7) * 6) % 1505;
      const arrival = now + (view.getInt8(at + 8) - 127) * (length % 3 === 0 ? 1 : 50);
      buffer.insert(view.getUint16(at), view.getUint32(at + 2), view.getUint8(at + 6) & 127, payload(length), arrival);
      for (let i = view.getUint8(at + 8) % 4; i > 0; i -= 1) pull();
    }
    buffer.read(statistics);
    for (const [name, value] of Object.entries(statistics))
      if (!Number.isFinite(value) || (value < 0 && name !== 'currentDelay')) throw new Error(`${name} is ${value}`);
    runs += 1;
    if (runs % 64 === 0) expectTone();
  },
};

function pull(): void {
  now += 10;
  buffer.pull(block, 80, DECODERS, now);
  for (const sample of block) if (!(Math.abs(sample) <= 4)) throw new Error(`a sample of ${sample}`);
}

function expectTone(): void {
  buffer.restart();
  for (let i = 0; i < 20; i += 1) {
    buffer.insert(i, 160 * i, 8, TONE, now);
    pull();
    pull();
  }
  const power = block.reduce((sum, sample) => sum + sample * sample, 0) / block.length;
  if (!(power > 0.2 && power < 0.4)) throw new Error(`a tone comes out with a power of ${power}`);
}

function payload(length: number): Uint8Array {
  const octets = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) octets[i] = TONE[i % TONE.length] ?? 0;
  return octets;
}

function stream(packet: (index: number) => readonly [number, number, number, number, number, number]): Uint8Array {
  const octets = new Uint8Array(40 * STEP + 1);
  const view = new DataView(octets.buffer);
  for (let i = 0; i < 40; i += 1) {
    const [sequence, timestamp, type, length, arrival, pulls] = packet(i);
    view.setUint16(i * STEP, sequence);
    view.setUint32(i * STEP + 2, timestamp);
    view.setUint8(i * STEP + 6, type);
    view.setUint8(i * STEP + 7, Math.ceil(length / 6));
    view.setUint8(i * STEP + 8, (arrival & ~3) | (pulls & 3));
  }
  return octets;
}
