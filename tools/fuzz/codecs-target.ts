import { existsSync, readFileSync } from 'node:fs';
import type { Codec, Decoder, Encoder } from '../../src/media/codec.js';
import { CODECS } from '../../src/media/codec-registry.js';
import { ComfortNoiseDecoder, PausingEncoder } from '../../src/media/codecs/comfort-noise.js';
import type { WasmName } from '../../src/media/wasm/wasm-modules.js';
import type { FuzzTarget } from './fuzz-target.js';
import { SeededRandom } from './seeded-random.js';

/** Frames that one input becomes: payloads, and sounds. */
const PAYLOADS = 8;
const SOUNDS = 2;
/** Inputs of a codec after which it has to prove that it is sane. */
const PROOF = 500;
/** Frames of the proof: those in which a decoder may still be astray, and all. */
const ASTRAY = 75;
const GOOD = 100;

/** A codec between fuzzed frames, and what it makes of good ones. */
interface Subject {
  readonly name: string;
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  readonly good: readonly Uint8Array[];
  /** What the good ones sound like, frame by frame. */
  readonly sound: readonly Int16Array[];
  inputs: number;
}

let subjects: readonly Subject[] | null = null;

/** Random octets into every decoder, random sound into every encoder: no trap, nothing out of bounds, and sane afterwards. */
export const codecsTarget: FuzzTarget = {
  name: 'codecs',
  words: ['\x00', '\x7f', '\x80', '\xff', '\xff\x7f', '\x00\x80', '\xf0\x3c', '\x0f'],
  seeds: () => {
    subjects ??= CODECS.flatMap((entry) => {
      const codec = entry.instantiate(kernel(entry.wasm));
      const { name, clockRate } = codec.description;
      return [subject(`${name}/${clockRate}`, codec, entry.fmtp ?? '')];
    });
    return subjects.flatMap(({ good }, index) =>
      good.slice(40, 43).map((payload) => Uint8Array.of(index, 0x5a, ...payload, ...payload)),
    );
  },
  run(input) {
    const list = subjects ?? [];
    const [which = 0, seed = 0] = input;
    const chosen = list[which % list.length];
    if (chosen === undefined) throw new Error('no codec');
    const random = new SeededRandom((seed << 16) | input.length);
    feedDecoder(chosen, input, random);
    feedEncoder(chosen, input, random);
    chosen.inputs += 1;
    if (chosen.inputs % PROOF === 0) prove(chosen);
  },
};

function kernel(name: WasmName): WebAssembly.Module {
  const file = `build/wasm/${name}.wasm`;
  if (!existsSync(file)) throw new Error(`${file} is missing: node --import tsx tools/build-assembly.ts`);
  return new WebAssembly.Module(readFileSync(file));
}

function subject(name: string, codec: Codec, fmtp: string): Subject {
  const encoder = codec.createEncoder(fmtp, 20, true);
  const decoder = codec.createDecoder(fmtp);
  const plain = codec.createEncoder(fmtp);
  const good = Array.from({ length: GOOD }, (_, frame) => {
    const n = plain.frameSamples;
    for (let i = 0; i < n; i += 1) {
      const t = (frame * n + i) / codec.description.sampleRate;
      // With pauses, as speech has: through a steady tone, the norm's AMR decoder stays overdriven once it is.
      const loudness = frame % 10 < 6 ? 1 : 0.001;
      plain.input[i] = loudness * (5000 * Math.sin(900 * t) + 2000 * Math.sin(2900 * t + Math.sin(20 * t)));
    }
    return plain.output.slice(0, plain.encode());
  });
  const made: Subject = { name, encoder: pausing(codec, encoder), decoder, good, sound: [], inputs: 0 };
  return { ...made, sound: good.map((payload) => play(made, payload)) };
}

/** With comfort noise, where it goes along with the codec: its kernel is tried with them. */
function pausing(codec: Codec, encoder: Encoder): Encoder {
  const { discontinuous, sampleRate } = codec.description;
  if (discontinuous === true) return encoder;
  noise ??= new ComfortNoiseDecoder(kernel('comfort-noise'), 8000);
  return new PausingEncoder(kernel('comfort-noise'), encoder, sampleRate, encoder.frameSamples);
}
let noise: ComfortNoiseDecoder | null = null;

function play({ name, decoder }: Pick<Subject, 'name' | 'decoder'>, payload: Uint8Array): Int16Array {
  decoder.input.set(payload);
  return heard(name, decoder, decoder.decode(payload.length));
}

function heard(name: string, { output }: Decoder, samples: number): Int16Array {
  if (!Number.isInteger(samples) || samples < 0 || samples > output.length)
    throw new Error(`${name} made ${samples} samples`);
  return output.slice(0, samples);
}

function feedDecoder({ name, decoder, good }: Subject, input: Uint8Array, random: SeededRandom): void {
  for (let i = 0; i < PAYLOADS; i += 1) {
    const kind = random.below(8);
    const payload = decoder.input;
    const usual = good[random.below(GOOD)] ?? input;
    let length = usual.length;
    if (kind < 2) {
      // The input itself, from anywhere.
      const part = input.subarray(random.below(input.length + 1), input.length).subarray(0, payload.length);
      payload.set(part);
      length = part.length;
    } else if (kind < 5) {
      // As long as a frame is, so that the decoder is reached.
      for (let k = 0; k < length; k += 1) payload[k] = (input[(2 + i + k) % input.length] ?? 0) ^ random.below(256);
    } else if (kind < 7) {
      payload.set(usual.subarray(0, payload.length));
      const at = random.below(Math.max(1, length));
      payload[at] = (payload[at] ?? 0) ^ (1 << random.below(8));
    } else {
      heard(name, decoder, decoder.conceal());
      if (decoder.comfort !== undefined) heard(name, decoder, decoder.comfort());
      continue;
    }
    heard(name, decoder, decoder.decode(length));
  }
  if (noise === null) return;
  noise.input.set(input.subarray(0, noise.input.length));
  heard('CN', noise, noise.decode(Math.min(input.length, 300)));
}

function feedEncoder({ name, encoder }: Subject, input: Uint8Array, random: SeededRandom): void {
  for (let i = 0; i < SOUNDS; i += 1) {
    const kind = random.below(4);
    const { input: pcm } = encoder;
    for (let k = 0; k < pcm.length; k += 1) {
      const octets = ((input[(2 * k) % input.length] ?? 0) << 8) | (input[(2 * k + 1) % input.length] ?? 0);
      pcm[k] = kind === 0 ? octets : kind === 1 ? octets >> 12 : kind === 2 ? (k & 64 ? 32_767 : -32_768) : 0;
    }
    const length = encoder.encode();
    if (!Number.isInteger(length) || length < 0 || length > encoder.output.length)
      throw new Error(`${name} made ${length} octets`);
  }
}

/** Good frames bring a decoder back to where it should be; after a reset it is there at once. */
function prove(tried: Subject): void {
  const { name, decoder, encoder, good, sound } = tried;
  const astray = good.map((payload) => play(tried, payload));
  const level = (frames: readonly Int16Array[]): number => {
    const all = frames.slice(ASTRAY).flatMap((frame) => [...frame]);
    return 10 * Math.log10(all.reduce((sum, v) => sum + v * v, 1) / all.length);
  };
  const off = Math.abs(level(astray) - level(sound));
  if (!(off < 3)) throw new Error(`${name} is ${off.toFixed(1)} dB off after good frames`);
  decoder.reset();
  encoder.reset();
  good.forEach((payload, frame) => {
    const again = play(tried, payload);
    if (Buffer.compare(octetsOf(again), octetsOf(sound[frame] ?? new Int16Array(0))) !== 0)
      throw new Error(`${name} has not forgotten: frame ${frame} after a reset`);
  });
}

function octetsOf({ buffer, byteOffset, byteLength }: Int16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
