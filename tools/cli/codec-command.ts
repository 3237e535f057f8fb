import { writeFileSync } from 'node:fs';
import type { Codec } from '../../src/media/codec.js';
import { CODECS, type CodecEntry } from '../../src/media/codec-registry.js';
import { WasmFromDisk } from '../wasm-from-disk.js';
import { type CodecFile, codecFile } from './codec-file.js';
import { CommandError, EXIT, type ExitCode } from './exit-code.js';
import { usage } from './options.js';
import { readOctets } from './read-octets.js';
import { wasmFolder } from './wasm-folder.js';

export interface CodecCommandOptions {
  /** NAME, `encode` or `decode`, IN, OUT. */
  readonly operands: readonly string[];
  /** File of 0 and 1, a digit a frame: 1 = lost. */
  readonly loss: string | null;
  readonly fmtp: string | null;
  /** Encode: pauses are described, where the codec has a way of its own. */
  readonly dtx: boolean;
  /** Decode: with the codec's perceptual enhancement, as in a call; without it, as references are made. */
  readonly enhance: boolean;
}

/** Payloads of these stand for any number of samples: a file need not end with a whole frame. */
const SAMPLE_BY_SAMPLE: ReadonlySet<string> = new Set(['PCMA', 'PCMU', 'G722', 'L16']);

/** `codec NAME encode|decode IN OUT`: raw samples of 16 bits, lowest octet first, to frames and back. @throws CommandError */
export async function runCodecCommand({ operands, loss, fmtp, dtx, enhance }: CodecCommandOptions): Promise<ExitCode> {
  const [name, direction, input, output] = operands;
  if (name === undefined || input === undefined || output === undefined || operands.length > 4) {
    throw usage('codec needs NAME encode|decode IN OUT');
  }
  if (direction !== 'encode' && direction !== 'decode') throw usage(`codec can encode and decode, not "${direction}"`);
  const entry = entryFor(name);
  const codec = entry.instantiate(await new WasmFromDisk(wasmFolder()).get(entry.wasm));
  if (dtx && (direction === 'decode' || codec.description.discontinuous !== true))
    throw usage(`${name} ${direction} has nothing to do with --dtx`);
  const container = codecFile(codec, fmtp ?? '');
  const lost = loss === null ? [] : lossPattern(loss);
  const data = readOctets(input);
  const result =
    direction === 'encode' ? encode(codec, container, data, dtx) : decode(codec, container, data, lost, enhance);
  if (typeof result === 'string')
    throw new CommandError(EXIT.rejected, `${input} is no ${entry.description.name} file: ${result}`);
  try {
    writeFileSync(output === '-' ? 1 : output, result);
  } catch (error) {
    throw usage(`cannot write ${output}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return EXIT.done;
}

/** @param name as in SDP, any case, with its clock rate where 8000 is not meant */
function entryFor(name: string): CodecEntry {
  const [encoding = '', rate] = name.toUpperCase().split('/');
  const entries = CODECS.filter(({ description }) => description.name.toUpperCase() === encoding);
  const wanted = rate === undefined ? Math.min(...entries.map((e) => e.description.clockRate)) : Number(rate);
  const entry = entries.find((e) => e.description.clockRate === wanted);
  if (entry !== undefined) return entry;
  const known = CODECS.map(({ description }) => `${description.name}/${description.clockRate}`).join(', ');
  throw usage(`No codec "${name}"; there are ${known}`);
}

function encode(codec: Codec, container: CodecFile, pcm: Uint8Array, dtx: boolean): Uint8Array {
  const encoder = codec.createEncoder(container.fmtp, undefined, dtx);
  const { frameSamples } = encoder;
  const samples = new DataView(pcm.buffer, pcm.byteOffset, pcm.length);
  const count = pcm.length >> 1;
  const payloads: Uint8Array[] = [];
  for (let from = 0; from < count; from += frameSamples) {
    const present = Math.min(frameSamples, count - from);
    encoder.input.fill(0);
    for (let k = 0; k < present; k += 1) encoder.input[k] = samples.getInt16(2 * (from + k), true);
    const octets = encoder.encode();
    const whole = SAMPLE_BY_SAMPLE.has(codec.description.name) ? Math.ceil((octets * present) / frameSamples) : octets;
    payloads.push(encoder.output.slice(0, whole));
  }
  return container.write(payloads);
}

function decode(
  codec: Codec,
  container: CodecFile,
  file: Uint8Array,
  lost: readonly boolean[],
  enhance: boolean,
): Uint8Array | string {
  const payloads = container.read(file);
  if (typeof payloads === 'string') return payloads;
  const decoder = codec.createDecoder(container.fmtp);
  if (decoder.enhanced !== undefined) decoder.enhanced = enhance;
  const parts = payloads.map((payload, frame) => {
    let samples = 0;
    if (lost[frame] !== true && payload.length <= decoder.input.length) {
      decoder.input.set(payload);
      samples = decoder.decode(payload.length);
    }
    if (samples === 0) samples = decoder.conceal();
    const part = Buffer.alloc(2 * samples);
    for (let k = 0; k < samples; k += 1) part.writeInt16LE(decoder.output[k] ?? 0, 2 * k);
    return part;
  });
  return Buffer.concat(parts);
}

function lossPattern(path: string): boolean[] {
  return Array.from(Buffer.from(readOctets(path)).toString('latin1').replace(/[^01]/g, ''), (digit) => digit === '1');
}
