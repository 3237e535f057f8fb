/** Sound from a WAV file: one channel (the mean of all), -1..1. */
export interface WavSound {
  readonly sampleRate: number;
  readonly samples: Float32Array;
}

/** Reads RIFF WAVE with 16-bit PCM, A-law-free; float and 8 bit are refused. @returns null if it is none of ours */
export function parseWav(data: Uint8Array): WavSound | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') return null;
  let channels = 0;
  let sampleRate = 0;
  for (let at = 12; at + 8 <= data.length;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(view, at) === 'fmt ' && body + 16 <= data.length) {
      if (view.getUint16(body, true) !== 1 || view.getUint16(body + 14, true) !== 16) return null;
      channels = view.getUint16(body + 2, true);
      sampleRate = view.getUint32(body + 4, true);
    } else if (tag(view, at) === 'data') {
      if (channels < 1 || channels > 8 || sampleRate < 1000 || sampleRate > 384_000) return null;
      const length = Math.floor(Math.min(size, data.length - body) / 2 / channels);
      const samples = new Float32Array(length);
      for (let i = 0; i < length; i += 1) {
        let sum = 0;
        for (let c = 0; c < channels; c += 1) sum += view.getInt16(body + 2 * (i * channels + c), true);
        samples[i] = sum / channels / 32_768;
      }
      return { sampleRate, samples };
    }
    at = body + size + (size & 1);
  }
  return null;
}

/** Writes one channel of 16-bit PCM. */
export function printWav({ sampleRate, samples }: WavSound): Uint8Array {
  const data = new Uint8Array(44 + 2 * samples.length);
  const view = new DataView(data.buffer);
  const text = (at: number, value: string): void => {
    for (let i = 0; i < value.length; i += 1) view.setUint8(at + i, value.charCodeAt(i));
  };
  text(0, 'RIFF');
  view.setUint32(4, 36 + 2 * samples.length, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 2 * sampleRate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, 2 * samples.length, true);
  for (let i = 0; i < samples.length; i += 1) {
    view.setInt16(44 + 2 * i, Math.max(-32_768, Math.min(32_767, Math.round((samples[i] ?? 0) * 32_768))), true);
  }
  return data;
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
