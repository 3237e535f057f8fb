import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { buildAssembly } from '../tools/build-assembly.js';
import { CHROMIUM_FLAGS, findChromium } from '../tools/chromium.mjs';
import type { BenchResult } from './bench-result.js';
import type { BlockCodecModule, BlockCodecRound, KernelCall } from './block-codec-page.js';
import { compileToWasm, timeNatively } from './peers/compile.js';
import type { PeerSource } from './peers/peer-source.js';

/** Where a peer's C comes from. */
export interface BenchPeer {
  readonly name: string;
  /** C that defines `start(void)`, `encode(int16_t *pcm, uint8_t *octets)` and `decode(uint8_t *octets, int16_t *pcm)` for 20 ms. */
  readonly glue: string;
  /** What the glue calls, as source: compiled natively by gcc -O3, and to WebAssembly. */
  readonly source: PeerSource | null;
  /** What it calls natively where it is a library of the system's, or there is no source: flags, and libraries. */
  readonly library?: { readonly flags: readonly string[]; readonly libraries: readonly string[] };
}

/** A kernel of ours and the codec to set it against. */
export interface BlockCodecBench {
  readonly title: string;
  readonly wasm: string;
  readonly sampleRate: number;
  /** Of 20 ms. */
  readonly frameSamples: number;
  readonly frameOctets: number;
  /** Raw speech under ../shared/vectors; where it is absent, a voice is made. */
  readonly speech?: string;
  readonly start: readonly KernelCall[];
  readonly encode: KernelCall;
  readonly decode: KernelCall;
  readonly peers: readonly BenchPeer[];
  /** Where the peer does one of the two only. */
  readonly directions?: readonly ('encode' | 'decode')[];
}

/** µs per 20 ms in Chromium, ours and the peers' C there, and the peers natively: the best of many rounds on every side. */
export async function runBlockCodec(bench: BlockCodecBench): Promise<BenchResult[]> {
  if (!existsSync(`build/wasm/${bench.wasm}.wasm`)) await buildAssembly(undefined, [bench.wasm]);
  const folder = mkdtempSync(path.join(tmpdir(), 'ims-bench-'));
  try {
    const sound = speech(bench);
    const peers = bench.peers.map((peer) => ({
      ...peer,
      module: peer.source && compileToWasm(folder, peer.glue, peer.source, bench),
    }));
    const before = bench.peers.map((peer) => native(folder, bench, peer, sound));
    const [ours, ...theirs] = await inChromium(
      bench,
      peers.flatMap(({ module }) => module ?? []),
      sound,
    );
    // The machine may have been busy then: once more, behind it.
    const after = bench.peers.map((peer) => native(folder, bench, peer, sound));
    const ownWasm = peers.map(({ module }) => (module ? (theirs.shift() ?? null) : null));
    return (bench.directions ?? (['encode', 'decode'] as const)).flatMap((direction) =>
      peers.flatMap((peer, i) => {
        const line = (kind: string, figure: BlockCodecRound | null | undefined): BenchResult => ({
          name: `${bench.title} ${direction}, 20 ms, Chromium`,
          unit: 'µs',
          ours: ours?.[direction] ?? NaN,
          peer: `${peer.name}, ${kind}${figure ? '' : ': not to be had here'}`,
          peerValue: figure?.[direction] ?? NaN,
          ratio: (figure?.[direction] ?? NaN) / (ours?.[direction] ?? NaN),
        });
        return [
          line(peer.library === undefined ? 'native gcc -O3' : 'native', fastest([before[i], after[i]])),
          line('C to WASM', ownWasm[i]),
        ];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function native(folder: string, bench: BlockCodecBench, peer: BenchPeer, sound: Uint8Array): BlockCodecRound | null {
  const { library } = peer;
  if (library !== undefined) {
    return timeNatively(folder, peer.glue, { files: [], flags: library.flags }, library.libraries, bench, sound);
  }
  return peer.source && timeNatively(folder, peer.glue, peer.source, [], bench, sound);
}

function fastest(rounds: readonly (BlockCodecRound | null | undefined)[]): BlockCodecRound | null {
  const measured = rounds.filter((round) => round !== null && round !== undefined);
  if (measured.length === 0) return null;
  return { encode: Math.min(...measured.map((r) => r.encode)), decode: Math.min(...measured.map((r) => r.decode)) };
}

const PEER_CALLS = { start: [['start']], encode: ['encode'], decode: ['decode'] } as const;

async function inChromium(
  bench: BlockCodecBench,
  peers: readonly Uint8Array[],
  sound: Uint8Array,
): Promise<(BlockCodecRound | null)[]> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: set CHROME_PATH');
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  try {
    const page = await browser.newPage();
    const script = await build({
      entryPoints: ['bench/block-codec-page.ts'],
      bundle: true,
      format: 'iife',
      write: false,
      target: 'es2022',
    });
    await page.evaluate(script.outputFiles[0]?.text ?? '');
    const { start, encode, decode } = bench;
    const modules: BlockCodecModule[] = [
      { wasm: readFileSync(`build/wasm/${bench.wasm}.wasm`).toString('base64'), start, encode, decode },
      ...peers.map((peer) => ({ wasm: Buffer.from(peer).toString('base64'), ...PEER_CALLS })),
    ];
    // A string, because functions that tsx compiled need helpers that the page lacks.
    const rounds = await page.evaluate<BlockCodecRound[][]>(
      `measureBlockCodec(${JSON.stringify(modules)}, '${Buffer.from(sound).toString('base64')}', ${bench.frameSamples}, ${bench.frameOctets})`,
    );
    return rounds.map(fastest);
  } finally {
    await browser.close();
  }
}

/** Ten seconds of speech, or half a minute of a voice that is made. */
function speech({ speech: name, sampleRate }: BlockCodecBench): Uint8Array {
  const file = name === undefined ? undefined : path.join('../shared/vectors', name);
  if (file !== undefined && existsSync(file)) return readFileSync(file);
  return new Uint8Array(voice(sampleRate).buffer);
}

/** Harmonics of a gliding pitch in syllables, over a little noise. */
function voice(rate: number): Int16Array {
  let phase = 0;
  return Int16Array.from({ length: 30 * rate }, (_, i) => {
    const t = i / rate;
    phase += (2 * Math.PI * (130 + 30 * Math.sin(2 * Math.PI * 0.6 * t))) / rate;
    let value = 0;
    for (let harmonic = 1; harmonic <= 20; harmonic += 1) value += Math.sin(harmonic * phase) / harmonic;
    const noise = ((Math.imul(i, 2_654_435_761) >>> 16) & 0xffff) / 65_536 - 0.5;
    return 8000 * Math.max(0, Math.sin(2 * Math.PI * 2.3 * t)) * value + 400 * noise;
  });
}
