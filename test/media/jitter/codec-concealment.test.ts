import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { parseWav } from '../../../src/media/audio/wav.js';
import type { Codec, Decoder } from '../../../src/media/codec.js';
import { PauseFiller } from '../../../src/media/audio/pause-filler.js';
import { findCodec } from '../../../src/media/codec-registry.js';
import { JitterBuffer } from '../../../src/media/jitter/jitter-buffer.js';
import { buildAssembly } from '../../../tools/build-assembly.js';
import { WasmFromDisk } from '../../../tools/wasm-from-disk.js';

const SPEECH = '../shared/vectors/speech';
const skip = existsSync(SPEECH) ? false : 'skipped: no vectors';
/** Of forty packets this one is lost. */
const LOST = 23;
const EVERY = 40;

const disk = new WasmFromDisk();
let jitter: WebAssembly.Module;
before(async () => {
  if (!existsSync('build/wasm/jitter.wasm') || !existsSync('build/wasm/amr-nb.wasm')) await buildAssembly();
  jitter = await disk.get('jitter');
});

function speech(rate: number): Float32Array {
  const wav = parseWav(readFileSync(`${SPEECH}/espeak_f_${rate / 1000}k.wav`));
  assert.ok(wav);
  return wav.samples;
}

/** Twenty milliseconds each of the speech of this rate, coded; empty ones are not sent. */
function encode({ description, createEncoder }: Codec, fmtp: string, samples: Float32Array, dtx = false): Uint8Array[] {
  const encoder = createEncoder(fmtp, description.frameMs, dtx);
  const packets: Uint8Array[] = [];
  for (let at = 0; at + encoder.frameSamples <= samples.length; at += encoder.frameSamples) {
    for (let i = 0; i < encoder.frameSamples; i += 1) encoder.input[i] = Math.round((samples[at + i] ?? 0) * 32_767);
    packets.push(encoder.output.slice(0, encoder.encode()));
  }
  return packets;
}

/** A decoder that says how often it concealed. */
class Counted implements Decoder {
  readonly frameSamples: number;
  readonly input: Uint8Array;
  readonly output: Int16Array;
  readonly concealsByItself?: true;
  concealed = 0;

  constructor(
    private readonly decoder: Decoder,
    byItself = true,
  ) {
    this.frameSamples = decoder.frameSamples;
    this.input = decoder.input;
    this.output = decoder.output;
    if (byItself && decoder.concealsByItself === true) this.concealsByItself = true;
  }

  get silent(): boolean {
    return this.decoder.silent === true;
  }

  decode(length: number): number {
    return this.decoder.decode(length);
  }

  comfort(): number {
    return this.decoder.comfort?.() ?? 0;
  }

  conceal(): number {
    this.concealed += 1;
    return this.decoder.conceal();
  }

  reset(): void {
    this.decoder.reset();
  }
}

/** What is heard of `packets`, by the time at which it was said; 60 ms later, so that what follows a lost packet is known. */
function hear(
  packets: readonly Uint8Array[],
  decoder: Decoder,
  { sampleRate, clockRate }: Codec['description'],
  isSent: (index: number) => boolean,
): Float32Array {
  const buffer = new JitterBuffer(jitter, { sampleRate, clockRate, minDelay: 60 });
  const filler = new PauseFiller();
  const decoders: (Decoder | undefined)[] = [];
  decoders[96] = filler.watch(decoder);
  const block = new Float32Array(sampleRate / 100);
  const sound = new Float32Array((packets.length * sampleRate) / 50);
  let sequence = 0;
  packets.forEach((payload, i) => {
    if (payload.length > 0) {
      if (isSent(i)) buffer.insert(sequence, (i * clockRate) / 50, 96, payload, i * 20);
      sequence += 1;
    }
    for (const now of [i * 20, i * 20 + 10]) {
      filler.pull(buffer, block, block.length, decoders, now);
      const end = Math.round((buffer.playoutTimestamp * sampleRate) / clockRate);
      if (buffer.playing && end >= block.length && end <= sound.length) sound.set(block, end - block.length);
    }
  });
  return sound;
}

/** Mean dB, over all losses of voiced sound, of `reference` above what differs from it, from `from` to `to` ms after the loss began. */
function likeness(reference: Float32Array, heard: Float32Array, rate: number, from: number, to: number): number {
  let sum = 0;
  let count = 0;
  for (let lost = LOST; (lost + 10) * 20 * (rate / 1000) < heard.length; lost += EVERY) {
    let signal = 0;
    let error = 0;
    for (let i = Math.round(((lost * 20 + from) * rate) / 1000); i < ((lost * 20 + to) * rate) / 1000; i += 1) {
      signal += (reference[i] ?? 0) ** 2;
      error += ((reference[i] ?? 0) - (heard[i] ?? 0)) ** 2;
    }
    if (signal / ((to - from) * (rate / 1000)) < 1e-4) continue;
    sum += Math.min(40, 10 * Math.log10(signal / Math.max(error, 1e-9)));
    count += 1;
  }
  return sum / Math.max(1, count);
}

describe('JitterBuffer with a decoder that conceals by itself', () => {
  for (const [name, clockRate, fmtp] of [
    ['AMR', 8000, ''],
    ['AMR-WB', 16_000, ''],
    ['iLBC', 8000, 'mode=20'],
    ['GSM', 8000, ''],
    ['speex', 8000, ''],
    ['speex', 16_000, ''],
  ] as const) {
    it(
      `conceals ${name} of ${clockRate} Hz from its state, and is nearer to the voice after it`,
      { skip },
      async () => {
        const entry = findCodec(name, clockRate);
        assert.ok(entry);
        const codec = entry.instantiate(await disk.get(entry.wasm));
        const rate = codec.description.sampleRate;
        const packets = encode(codec, fmtp, speech(rate));
        const isSent = (i: number): boolean => i % EVERY !== LOST;
        const whole = hear(packets, codec.createDecoder(fmtp), codec.description, () => true);
        const own = new Counted(codec.createDecoder(fmtp));
        const other = new Counted(codec.createDecoder(fmtp), false);
        const [heard, heardOtherwise] = [own, other].map((decoder) =>
          hear(packets, decoder, codec.description, isSent),
        );
        assert.ok(heard && heardOtherwise);
        assert.equal(own.concealed, packets.filter((_, i) => !isSent(i)).length);
        assert.equal(other.concealed, 0);
        for (const [from, to] of [
          [20, 40],
          [40, 80],
        ] as const) {
          const gain = likeness(whole, heard, rate, from, to) - likeness(whole, heardOtherwise, rate, from, to);
          assert.ok(gain > 1, `${gain} dB from ${from} to ${to} ms after the loss`);
        }
      },
    );
  }

  it('lets the noise of a pause alone, where nothing is lost', { skip }, async () => {
    const codec = findCodec('AMR', 8000)?.instantiate(await disk.get('amr-nb'));
    assert.ok(codec);
    const voice = speech(8000);
    // A second of speech, three of silence, a second of speech.
    const samples = new Float32Array(5 * 8000);
    samples.set(voice.subarray(0, 8000));
    samples.set(voice.subarray(0, 8000), 4 * 8000);
    const packets = encode(codec, '', samples, true);
    assert.ok(packets.filter(({ length }) => length === 0).length > 80);
    const decoder = new Counted(codec.createDecoder(''));
    const sound = hear(packets, decoder, codec.description, () => true);
    assert.equal(decoder.concealed, 0);
    assert.ok(sound.some((value, i) => i > 4.5 * 8000 && Math.abs(value) > 0.1));
  });
});
