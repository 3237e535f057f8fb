import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AMR_NB, AMR_WB, frameOctets } from '../../../src/media/payload/amr-band.js';
import { runCodecCommand } from '../../../tools/cli/codec-command.js';
import { SeededRandom } from '../../../tools/fuzz/seeded-random.js';
import { judgeSpeech } from '../judge-sound.js';
import type { Lab } from '../lab.js';
import { printOggSpeex, readOggSpeex } from '../peers/ogg-speex.js';
import type { Suite } from '../suite.js';

/** A program that we did not write, and a codec whose files it reads or writes. */
interface FileCodec {
  readonly program: string;
  readonly ours: string;
  readonly sampleRate: number;
  readonly fmtp?: string;
  /** Pauses are described. */
  readonly dtx?: boolean;
  /** dB of our decoder's sound to the difference from the program's. */
  readonly alike: number;
  /** Least correlation of what the program heard with what was said. */
  readonly likeSpeech?: number;
  /** The program's samples of a file that we wrote. */
  decode(file: string, pcm: string): void;
  /** The program's file; absent: it has no encoder. */
  encode?(pcm: string, file: string): void;
}

const codec = (ours: string): Pick<FileCodec, 'ours' | 'sampleRate'> => ({
  ours,
  sampleRate: ours === 'G722' || ours === 'AMR-WB' ? 16_000 : Number(ours.split('/')[1] ?? 8000),
});

/**
 * @param input how ffmpeg is told what the file is @param output and how it makes one; absent: it cannot
 * @param magic what it wants before the frames
 */
function ffmpegWith(
  { ours, sampleRate }: Pick<FileCodec, 'ours' | 'sampleRate'>,
  input: readonly string[],
  output?: readonly string[],
  magic = '',
): Pick<FileCodec, 'program' | 'ours' | 'sampleRate' | 'decode' | 'encode'> {
  const raw = ['-f', 's16le', '-ar', String(sampleRate), '-ac', '1'];
  return {
    program: 'ffmpeg',
    ours,
    sampleRate,
    decode: (file, pcm) => {
      const marked = `${file}.marked`;
      writeFileSync(marked, Buffer.concat([Buffer.from(magic), readFileSync(file)]));
      ffmpeg([...input, '-i', marked, ...raw, pcm]);
    },
    ...(output === undefined ? {} : { encode: (pcm, file) => ffmpeg([...raw, '-i', pcm, ...output, file]) }),
  };
}

const raw = (format: string, rate = 8000): readonly string[] => ['-f', format, '-ar', String(rate), '-ac', '1'];
/** ffmpeg's decoder leaves out the enhancer, and its delay. */
const ILBC: readonly string[] = ['-f', 'ilbc'];
const AMR: readonly string[] = ['-f', 'amr'];
/** The 3GPP reference, as mobile telephones have it; VisualOn's encoder for wide band. */
function opencore(ours: string, modes: readonly string[], encoder: readonly string[]): FileCodec[] {
  const { encode, ...decoding } = ffmpegWith(
    codec(ours),
    ['-c:a', ours === 'AMR' ? 'libopencore_amrnb' : 'libopencore_amrwb', ...AMR],
    ['-c:a', ...encoder, ...AMR],
  );
  const common = { ...decoding, program: 'opencore-amr', alike: 100 };
  return [
    ...modes.map((fmtp) => ({ ...common, fmtp, ...(fmtp === 'mode-set=8' && encode !== undefined ? { encode } : {}) })),
    { ...common, dtx: true },
    { ...common, fmtp: '', ...(encode === undefined ? {} : { encode }) },
  ];
}

const toast: FileCodec = {
  ...codec('GSM'),
  program: 'toast',
  alike: 100,
  decode: (file, pcm) => writeFileSync(pcm, execFileSync('toast', ['-d', '-l', '-c', '-p', renamed(file, '.gsm')])),
  encode: (pcm, file) => writeFileSync(file, execFileSync('toast', ['-l', '-c', '-p', pcm])),
};

function speexTools(ours: string, fmtp?: string): FileCodec {
  const { sampleRate } = codec(ours);
  const band = new Map([[8000, '-n'], [16_000, '-w'], [32_000, '-u']]).get(sampleRate) ?? '-n'; // prettier-ignore
  return {
    ...codec(ours),
    program: 'speexdec',
    alike: 20,
    likeSpeech: 0.7,
    ...(fmtp === undefined ? {} : { fmtp }),
    decode: (file, pcm) => {
      writeFileSync(`${file}.spx`, printOggSpeex(readPrefixed(file), sampleRate));
      execFileSync('speexdec', [`${file}.spx`, pcm], { stdio: 'ignore' });
    },
    encode: (pcm, file) => {
      const options = [band, '--rate', String(sampleRate), '--16bit', '--le', '--quality', '8'];
      execFileSync('speexenc', [...options, pcm, `${file}.spx`], { stdio: 'ignore' });
      const { packets, framesPerPacket } = readOggSpeex(readFileSync(`${file}.spx`));
      if (framesPerPacket !== 1) throw new Error(`${framesPerPacket} frames a packet`);
      writeFileSync(file, printPrefixed(packets));
    },
  };
}

const CODECS: readonly FileCodec[] = [
  { ...ffmpegWith(codec('PCMA'), raw('alaw'), ['-f', 'alaw']), alike: 100 },
  { ...ffmpegWith(codec('PCMU'), raw('mulaw'), ['-f', 'mulaw']), alike: 100 },
  { ...ffmpegWith(codec('L16/16000'), raw('s16be', 16_000), ['-f', 's16be']), alike: 100 },
  { ...ffmpegWith(codec('G722'), ['-f', 'g722'], ['-f', 'g722']), alike: 60 },
  { ...ffmpegWith(codec('GSM'), ['-f', 'gsm'], ['-c:a', 'libgsm', '-f', 'gsm']), alike: 60 },
  toast,
  { ...ffmpegWith(codec('iLBC'), ILBC, undefined, '#!iLBC20\n'), fmtp: 'mode=20', alike: 12 },
  { ...ffmpegWith(codec('iLBC'), ILBC, undefined, '#!iLBC30\n'), fmtp: 'mode=30', alike: 12 },
  { ...ffmpegWith(codec('AMR'), AMR), alike: 20 },
  { ...ffmpegWith(codec('AMR'), AMR), fmtp: 'mode-set=0', alike: 15 },
  { ...ffmpegWith(codec('AMR-WB'), AMR), alike: 15 },
  ...opencore('AMR', ['mode-set=0', 'mode-set=4'], ['libopencore_amrnb', '-b:a', '12200']),
  ...opencore('AMR-WB', ['mode-set=0', 'mode-set=8'], ['libvo_amrwbenc', '-b:a', '23850']),
  speexTools('speex/8000'),
  speexTools('speex/16000'),
  speexTools('speex/32000'),
  speexTools('speex/8000', 'vbr=on'),
];

/** Files of `ims codec` in the hands of other programs, and the other way round. */
export async function codecFiles(suite: Suite, lab: Lab): Promise<void> {
  for (const codec of CODECS) {
    const name = [codec.ours, codec.fmtp ?? '', codec.dtx === true ? 'dtx' : '']
      .filter((part) => part !== '')
      .join(' ');
    await suite.check(`${codec.program} reads what ims codec writes: ${name}`, () => write(lab, codec));
    if (codec.encode !== undefined)
      await suite.check(`ims codec reads what ${codec.program} writes: ${name}`, () => read(lab, codec));
    if (codec.program === 'opencore-amr')
      await suite.check(`${codec.program} hears what ims codec hears in spoilt frames: ${name}`, () =>
        spoilt(lab, codec),
      );
    if (codec.program === 'opencore-amr' && codec.fmtp?.startsWith('mode-set') === true)
      await suite.check(`${codec.program} hears what ims codec hears around homing frames: ${name}`, () =>
        homing(lab, codec),
      );
  }
}

/** The encoder is home after the first, its second one brings the decoder home, and that answers the third. */
const HOMING_FRAMES = 3;

/** Speech, homing frames and the same speech, in a file. Of the decoders, that of AMR-WB homes too; that of AMR begins anew instead. */
async function homing(lab: Lab, codec: FileCodec): Promise<string> {
  const { folder, pcm } = speech(lab, codec);
  const wide = codec.ours === 'AMR-WB';
  const band = wide ? AMR_WB : AMR_NB;
  const frame = codec.sampleRate / 50;
  const said = words(pcm);
  const half = said.subarray(0, said.length - (said.length % frame));
  const home = new Int16Array(frame * HOMING_FRAMES).fill(8);
  const sound = Int16Array.from([...half, ...home, ...half]);
  writeFileSync(pcm, new Uint8Array(sound.buffer));
  const file = join(folder, 'coded');
  await ims(codec, 'encode', pcm, file);
  const octets = readFileSync(file);
  const [ownFile, theirFile] = [join(folder, 'own.pcm'), join(folder, 'theirs.pcm')];
  await ims(codec, 'decode', file, ownFile);
  const own = words(ownFile);
  const answered = own.subarray(half.length + 2 * frame, half.length + 3 * frame);
  if (answered.some((sample) => sample !== 8))
    throw new Error('the homing frame at home is not answered with its like');
  const size = 1 + frameOctets(band, ((octets[band.magic.length] ?? 0) >> 3) & 15);
  const until = band.magic.length + size * (half.length / frame + 2);
  const parts = wide
    ? [{ at: 0, octets }]
    : [
        { at: 0, octets: octets.subarray(0, until) },
        {
          at: half.length + frame * HOMING_FRAMES,
          octets: Buffer.concat([octets.subarray(0, band.magic.length), octets.subarray(until + size)]),
        },
      ];
  for (const part of parts) {
    writeFileSync(file, part.octets);
    codec.decode(file, theirFile);
    const theirs = words(theirFile);
    const differs = theirs.findIndex((value, i) => value !== own[part.at + i]);
    if (theirs.length === 0 || differs >= 0) throw new Error(`the decoders differ from sample ${part.at + differs}`);
  }
  if (!wide || codec.encode === undefined) return 'the same samples, the homing frame answered';
  codec.encode(pcm, file);
  if (!readFileSync(file).equals(octets))
    throw new Error("the peer's encoder makes other frames around the homing frame");
  return 'the same samples, the homing frame answered; the same frames from the encoder';
}

/** Frames whose bits are wrong, which nobody has marked: both decoders make the same of them. */
async function spoilt(lab: Lab, codec: FileCodec): Promise<string> {
  const { folder, pcm } = speech(lab, codec);
  const file = join(folder, 'coded');
  await ims(codec, 'encode', pcm, file);
  const octets = readFileSync(file);
  const random = new SeededRandom(1);
  const band = codec.ours === 'AMR' ? AMR_NB : AMR_WB;
  let spoilt = 0;
  for (let at = band.magic.length; at < octets.length;) {
    const size = frameOctets(band, ((octets[at] ?? 0) >> 3) & 15);
    for (let bit = 0; bit < 8 * size; bit += 1) {
      if (random.below(50) !== 0) continue;
      octets[at + 1 + (bit >> 3)] = (octets[at + 1 + (bit >> 3)] ?? 0) ^ (128 >> (bit & 7));
      spoilt += 1;
    }
    at += 1 + size;
  }
  writeFileSync(file, octets);
  const [ownFile, theirFile] = [join(folder, 'own.pcm'), join(folder, 'theirs.pcm')];
  await ims(codec, 'decode', file, ownFile);
  codec.decode(file, theirFile);
  const ratio = likeness(words(ownFile), words(theirFile));
  if (ratio !== Infinity) throw new Error(`${codec.program}'s decoder differs from ours by ${ratio.toFixed(1)} dB`);
  return `the same samples with ${spoilt} bits turned`;
}

async function write(lab: Lab, codec: FileCodec): Promise<string> {
  const { folder, pcm } = speech(lab, codec);
  const file = join(folder, 'coded');
  await ims(codec, 'encode', pcm, file);
  return compare(lab, codec, folder, file);
}

async function read(lab: Lab, codec: FileCodec): Promise<string> {
  const { folder, pcm } = speech(lab, codec);
  const file = join(folder, 'coded');
  codec.encode?.(pcm, file);
  return compare(lab, codec, folder, file);
}

/** The two decoders say the same, and it is what was said. @throws Error */
async function compare(lab: Lab, codec: FileCodec, folder: string, file: string): Promise<string> {
  const { alike, sampleRate, program, likeSpeech = 0.75 } = codec;
  const [ownFile, theirFile] = [join(folder, 'own.pcm'), join(folder, 'theirs.pcm')];
  await ims(codec, 'decode', file, ownFile);
  codec.decode(file, theirFile);
  const [own, theirs] = [words(ownFile), words(theirFile)];
  const ratio = likeness(own, theirs);
  if (!(ratio >= alike)) throw new Error(`${program}'s decoder differs from ours by ${ratio.toFixed(1)} dB`);
  const said = { samples: speechAt(lab, sampleRate), sampleRate };
  const heard = judgeSpeech(said, { samples: theirs, sampleRate }, likeSpeech);
  return `${Number.isFinite(ratio) ? `${ratio.toFixed(0)} dB alike` : 'the same samples'}, ${heard}`;
}

/** Signal to difference, dB; a decoder may be some samples behind. */
function likeness(own: Int16Array, theirs: Int16Array): number {
  if (own.every((value, i) => value === theirs[i])) return Infinity;
  const shifts = Array.from({ length: 161 }, (_, i) => i - 80);
  const [best = 0] = shifts
    .map((shift) => ({ shift, ratio: ratioAt(own, theirs, shift, 8) }))
    .sort((a, b) => b.ratio - a.ratio)
    .map(({ shift }) => shift);
  return ratioAt(own, theirs, best, 1);
}

/** @param step from one sample that is looked at to the next */
function ratioAt(own: Int16Array, theirs: Int16Array, shift: number, step: number): number {
  let signal = 0;
  let difference = 0;
  for (let i = 80; i < Math.min(own.length, theirs.length) - 80; i += step) {
    const value = own[i] ?? 0;
    signal += value * value;
    difference += (value - (theirs[i + shift] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / difference);
}

function speech(lab: Lab, { sampleRate }: FileCodec): { folder: string; pcm: string } {
  const folder = lab.fresh('codec-file');
  const pcm = join(folder, 'speech.pcm');
  const said = speechAt(lab, sampleRate);
  writeFileSync(pcm, new Uint8Array(said.buffer, said.byteOffset, said.byteLength));
  return { folder, pcm };
}

/** Of the speech, s: more only takes longer to compare. */
const SECONDS = 3;

/** The beginning of the speech, of narrow band, at a rate. */
function speechAt({ sounds }: Lab, sampleRate: number): Int16Array {
  const said = sounds.speech.samples.subarray(0, SECONDS * 8000);
  const factor = sampleRate / 8000;
  if (factor === 1) return said;
  return Int16Array.from({ length: said.length * factor }, (_, i) => {
    const at = Math.floor(i / factor);
    const part = i / factor - at;
    return (said[at] ?? 0) * (1 - part) + (said[at + 1] ?? 0) * part;
  });
}

async function ims(codec: FileCodec, direction: string, input: string, output: string): Promise<void> {
  const { ours, fmtp = null, dtx = false } = codec;
  await runCodecCommand({
    operands: [ours, direction, input, output],
    loss: null,
    fmtp,
    dtx: dtx && direction === 'encode',
    enhance: true,
  });
}

function words(file: string): Int16Array {
  const octets = readFileSync(file);
  return new Int16Array(octets.buffer.slice(octets.byteOffset, octets.byteOffset + (octets.length & ~1)));
}

function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** toast goes by the name. */
function renamed(file: string, extension: string): string {
  copyFileSync(file, `${file}${extension}`);
  return `${file}${extension}`;
}

/** Frames behind their lengths: 16 bits, lowest octet first. */
function readPrefixed(file: string): Uint8Array[] {
  const octets = readFileSync(file);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += 2 + octets.readUInt16LE(at))
    frames.push(octets.subarray(at + 2, at + 2 + octets.readUInt16LE(at)));
  return frames;
}

function printPrefixed(frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(frames.flatMap((frame) => [Buffer.of(frame.length & 255, frame.length >> 8), frame]));
}
