import { Kernel } from '../src/media/wasm/kernel.js';

/** µs per 20 ms of sound. */
export interface BlockCodecRound {
  readonly encode: number;
  readonly decode: number;
}

/** Codes all of `pcm` and back, round after round, copies in and out included. @param wasm, pcm base64 @param frameSamples 20 ms */
async function measureBlockCodec(
  wasm: string,
  pcm: string,
  frameSamples: number,
  frameOctets: number,
  sampleRate: number,
): Promise<BlockCodecRound[]> {
  const module = await WebAssembly.compile(octetsOf(wasm));
  const kernel = new Kernel(module);
  const samples = new Int16Array(octetsOf(pcm).buffer);
  const input = kernel.samples('pcm', frameSamples);
  const octets = kernel.octets('octets', frameOctets);
  const encode = kernel.function('encode');
  const decode = kernel.function('decode');
  const frames = Math.floor(samples.length / frameSamples);
  const blocks = Array.from({ length: frames }, (_, f) => samples.subarray(f * frameSamples, (f + 1) * frameSamples));
  const payloads = blocks.map(() => new Uint8Array(frameOctets));
  const rounds: BlockCodecRound[] = [];
  for (let round = 0; round < 25; round += 1) {
    kernel.function('reset')(sampleRate);
    const begun = performance.now();
    for (let f = 0; f < frames; f += 1) {
      input.set(blocks[f] ?? input);
      encode(frameSamples);
      payloads[f]?.set(octets);
    }
    const encoded = performance.now();
    kernel.function('reset')(sampleRate);
    const restarted = performance.now();
    for (let f = 0; f < frames; f += 1) {
      octets.set(payloads[f] ?? octets);
      decode(frameOctets);
    }
    const decoded = performance.now();
    rounds.push({ encode: ((encoded - begun) * 1000) / frames, decode: ((decoded - restarted) * 1000) / frames });
  }
  return rounds;
}

function octetsOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

Object.assign(globalThis, { measureBlockCodec });
