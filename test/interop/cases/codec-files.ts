import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCodecCommand } from '../../../tools/cli/codec-command.js';
import { judgeSpeech } from '../judge-sound.js';
import type { Lab } from '../lab.js';
import type { Suite } from '../suite.js';

/** A codec whose files ffmpeg reads, or writes. */
interface FileCodec {
  readonly ours: string;
  readonly sampleRate: number;
  /** How ffmpeg is told what the file is. */
  readonly format: readonly string[];
  /** Its encoder, where it has one. */
  readonly encoder?: readonly string[];
  /** What ffmpeg wants before the frames. */
  readonly magic?: string;
  readonly fmtp?: string;
  /** dB of our decoder's sound to the difference from ffmpeg's. */
  readonly alike: number;
}

const raw = (format: string, rate = 8000): readonly string[] => ['-f', format, '-ar', String(rate), '-ac', '1'];

/** ffmpeg's decoder leaves out the enhancer, and its delay. */
const ILBC: readonly string[] = ['-f', 'ilbc'];

const CODECS: readonly FileCodec[] = [
  { ours: 'PCMA', sampleRate: 8000, format: raw('alaw'), encoder: ['-f', 'alaw'], alike: 100 },
  { ours: 'PCMU', sampleRate: 8000, format: raw('mulaw'), encoder: ['-f', 'mulaw'], alike: 100 },
  { ours: 'L16/16000', sampleRate: 16_000, format: raw('s16be', 16_000), encoder: ['-f', 's16be'], alike: 100 },
  { ours: 'G722', sampleRate: 16_000, format: ['-f', 'g722'], encoder: ['-f', 'g722'], alike: 60 },
  { ours: 'GSM', sampleRate: 8000, format: ['-f', 'gsm'], encoder: ['-c:a', 'libgsm', '-f', 'gsm'], alike: 60 },
  { ours: 'iLBC', sampleRate: 8000, format: ILBC, magic: '#!iLBC20\n', fmtp: 'mode=20', alike: 12 },
  { ours: 'iLBC', sampleRate: 8000, format: ILBC, magic: '#!iLBC30\n', fmtp: 'mode=30', alike: 12 },
  { ours: 'AMR', sampleRate: 8000, format: ['-f', 'amr'], alike: 20 },
  { ours: 'AMR', sampleRate: 8000, format: ['-f', 'amr'], fmtp: 'mode-set=0', alike: 15 },
  { ours: 'AMR-WB', sampleRate: 16_000, format: ['-f', 'amr'], alike: 15 },
];

/** Files of `ims codec` in the hands of ffmpeg, and the other way round. */
export async function codecFiles(suite: Suite, lab: Lab): Promise<void> {
  for (const codec of CODECS) {
    const name = `${codec.ours}${codec.fmtp === undefined ? '' : ` ${codec.fmtp}`}`;
    await suite.check(`ffmpeg reads what ims codec writes: ${name}`, () => write(lab, codec));
    if (codec.encoder !== undefined)
      await suite.check(`ims codec reads what ffmpeg writes: ${name}`, () => read(lab, codec, codec.encoder ?? []));
  }
}

async function write(lab: Lab, codec: FileCodec): Promise<string> {
  const { folder, pcm } = speech(lab, codec);
  const file = join(folder, 'coded');
  await ims(codec, 'encode', pcm, file);
  const own = join(folder, 'own.pcm');
  await ims(codec, 'decode', file, own);
  const theirs = join(folder, 'theirs.pcm');
  const marked = join(folder, 'marked');
  writeFileSync(marked, Buffer.concat([Buffer.from(codec.magic ?? ''), readFileSync(file)]));
  ffmpeg([...codec.format, '-i', marked, ...samples(codec), theirs]);
  return judge(lab, codec, words(own), words(theirs));
}

async function read(lab: Lab, codec: FileCodec, encoder: readonly string[]): Promise<string> {
  const { folder, pcm } = speech(lab, codec);
  const file = join(folder, 'coded');
  ffmpeg([...raw('s16le', codec.sampleRate), '-i', pcm, ...encoder, file]);
  const own = join(folder, 'own.pcm');
  await ims(codec, 'decode', file, own);
  const theirs = join(folder, 'theirs.pcm');
  ffmpeg([...codec.format, '-i', file, ...samples(codec), theirs]);
  return judge(lab, codec, words(own), words(theirs));
}

/** The two decoders say the same, and it is what was said. @throws Error */
function judge(lab: Lab, { alike, sampleRate }: FileCodec, own: Int16Array, theirs: Int16Array): string {
  const ratio = likeness(own, theirs);
  if (!(ratio >= alike)) throw new Error(`ffmpeg's decoder differs from ours by ${ratio.toFixed(1)} dB`);
  const said = { samples: speechAt(lab, sampleRate), sampleRate };
  const heard = judgeSpeech(said, { samples: theirs, sampleRate }, 0.75);
  return `${Number.isFinite(ratio) ? `${ratio.toFixed(0)} dB alike` : 'the same samples'}, ${heard}`;
}

/** Signal to difference, dB; a decoder may be some samples behind. */
function likeness(own: Int16Array, theirs: Int16Array): number {
  if (own.every((value, i) => value === theirs[i])) return Infinity;
  let best = -Infinity;
  for (let shift = -80; shift <= 80; shift += 1) {
    let signal = 0;
    let difference = 0;
    for (let i = 80; i < Math.min(own.length, theirs.length) - 80; i += 1) {
      const value = own[i] ?? 0;
      signal += value * value;
      difference += (value - (theirs[i + shift] ?? 0)) ** 2;
    }
    best = Math.max(best, 10 * Math.log10(signal / difference));
  }
  return best;
}

function speech(lab: Lab, { sampleRate }: FileCodec): { folder: string; pcm: string } {
  const folder = lab.fresh('codec-file');
  const pcm = join(folder, 'speech.pcm');
  const said = speechAt(lab, sampleRate);
  writeFileSync(pcm, new Uint8Array(said.buffer, said.byteOffset, said.byteLength));
  return { folder, pcm };
}

/** The speech, of narrow band, at a rate. */
function speechAt({ sounds }: Lab, sampleRate: number): Int16Array {
  const { samples: said } = sounds.speech;
  const factor = sampleRate / 8000;
  if (factor === 1) return said;
  return Int16Array.from({ length: said.length * factor }, (_, i) => {
    const at = Math.floor(i / factor);
    const part = i / factor - at;
    return (said[at] ?? 0) * (1 - part) + (said[at + 1] ?? 0) * part;
  });
}

async function ims(codec: FileCodec, direction: string, input: string, output: string): Promise<void> {
  await runCodecCommand({ operands: [codec.ours, direction, input, output], loss: null, fmtp: codec.fmtp ?? null });
}

function samples({ sampleRate }: FileCodec): readonly string[] {
  return ['-f', 's16le', '-ar', String(sampleRate), '-ac', '1'];
}

function words(file: string): Int16Array {
  const octets = readFileSync(file);
  return new Int16Array(octets.buffer.slice(octets.byteOffset, octets.byteOffset + (octets.length & ~1)));
}

function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}
