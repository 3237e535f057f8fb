/** Sound of a WAV file: the first channel, signed 16 bit. */
export interface WavSound {
  /** Hz. */
  readonly sampleRate: number;
  readonly samples: Int16Array;
}

/** A WAV file that we cannot read; the message says why. */
export class WavError extends Error {
  override readonly name = 'WavError';
}

const PCM = 1;
const EXTENSIBLE = 0xfffe;

interface Format {
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

function readFormat(view: DataView, at: number, length: number): Format {
  if (length < 16) throw new WavError('fmt chunk is too short');
  let tag = view.getUint16(at, true);
  // WAVEFORMATEXTENSIBLE: the real tag is the head of the sub-format's GUID.
  if (tag === EXTENSIBLE && length >= 26) tag = view.getUint16(at + 24, true);
  const format = {
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
  if (tag !== PCM || (format.bits !== 16 && format.bits !== 8)) {
    throw new WavError(`only PCM of 8 or 16 bit is read, this is format ${tag} with ${format.bits} bit`);
  }
  if (format.channels < 1 || format.sampleRate < 1000 || format.sampleRate > 384_000) {
    throw new WavError(`${format.channels} channels at ${format.sampleRate} Hz make no sense`);
  }
  return format;
}

function readSamples(view: DataView, at: number, length: number, format: Format): Int16Array {
  const width = format.bits / 8;
  const frame = width * format.channels;
  const samples = new Int16Array(Math.floor(length / frame));
  for (let i = 0; i < samples.length; i++) {
    const offset = at + i * frame;
    samples[i] = width === 2 ? view.getInt16(offset, true) : (view.getUint8(offset) - 128) << 8;
  }
  return samples;
}

/**
 * Reads the first channel of a RIFF/WAVE file. A data chunk whose length was never filled in
 * (a recorder that was killed) is read to the end of the file.
 * @throws WavError
 */
export function parseWav(file: Uint8Array): WavSound {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const name = (at: number): string => String.fromCharCode(...file.subarray(at, at + 4));
  if (file.length < 12 || name(0) !== 'RIFF' || name(8) !== 'WAVE') throw new WavError('not a WAV file');
  let format: Format | null = null;
  for (let at = 12; at + 8 <= file.length;) {
    const id = name(at);
    const declared = view.getUint32(at + 4, true);
    const length = Math.min(declared, file.length - at - 8);
    if (id === 'fmt ') format = readFormat(view, at + 8, length);
    if (id === 'data') {
      if (!format) throw new WavError('data chunk before fmt chunk');
      const present = declared === 0 ? file.length - at - 8 : length;
      return { sampleRate: format.sampleRate, samples: readSamples(view, at + 8, present, format) };
    }
    at += 8 + length + (length & 1);
  }
  throw new WavError('no data chunk');
}

const HEADER = 44;

/** @param samples mono, signed 16 bit. @returns a WAV file */
export function printWav(sound: WavSound): Uint8Array {
  const { samples, sampleRate } = sound;
  const file = new Uint8Array(HEADER + samples.length * 2);
  const view = new DataView(file.buffer);
  const tag = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
  };
  tag(0, 'RIFF');
  view.setUint32(4, file.length - 8, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  for (let i = 0; i < samples.length; i++) view.setInt16(HEADER + i * 2, samples[i] ?? 0, true);
  return file;
}
