import { dtmfFrequencies } from '../../media/dtmf-frequencies.js';
import type { CallTone } from '../call-tones.js';

/** A stretch of sound or silence. */
interface Segment {
  /** Hz, sounding together; none: silence. */
  readonly frequencies: readonly number[];
  readonly seconds: number;
}

/** Edges are faded this long, so that nothing clicks, s. */
const FADE = 0.008;

/** European supervisory tones (ETSI TR 101 041-2: 425 Hz), and a ring of two chords. */
const CADENCES: Readonly<Record<CallTone, readonly Segment[]>> = {
  ring: [
    { frequencies: [523.25, 659.25], seconds: 0.35 },
    { frequencies: [], seconds: 0.1 },
    { frequencies: [659.25, 783.99], seconds: 0.35 },
    { frequencies: [], seconds: 0.1 },
    { frequencies: [783.99, 1046.5], seconds: 0.6 },
    { frequencies: [], seconds: 2 },
  ],
  'ring-back': [
    { frequencies: [425], seconds: 1 },
    { frequencies: [], seconds: 4 },
  ],
  busy: [
    { frequencies: [425], seconds: 0.5 },
    { frequencies: [], seconds: 0.5 },
  ],
  'call-waiting': [
    { frequencies: [425], seconds: 0.2 },
    { frequencies: [], seconds: 0.2 },
    { frequencies: [425], seconds: 0.2 },
    { frequencies: [], seconds: 4.4 },
  ],
};

/** One period of a tone, -1..1. */
export function renderCadence(tone: CallTone, sampleRate: number): Float32Array<ArrayBuffer> {
  return render(CADENCES[tone], sampleRate);
}

/** The feedback of a key, 120 ms; null for what is no key. */
export function renderKeyTone(key: string, sampleRate: number): Float32Array<ArrayBuffer> | null {
  const pair = dtmfFrequencies(key);
  return pair === null ? null : render([{ frequencies: [pair.low, pair.high], seconds: 0.12 }], sampleRate);
}

function render(segments: readonly Segment[], sampleRate: number): Float32Array<ArrayBuffer> {
  const lengths = segments.map((s) => Math.round(s.seconds * sampleRate));
  const samples = new Float32Array(lengths.reduce((sum, n) => sum + n, 0));
  const fade = Math.round(FADE * sampleRate);
  let offset = 0;
  segments.forEach(({ frequencies }, s) => {
    const length = lengths[s] ?? 0;
    for (const frequency of frequencies) {
      for (let i = 0; i < length; i += 1) {
        const edge = Math.min(1, (i + 0.5) / fade, (length - i - 0.5) / fade);
        const envelope = 0.5 - 0.5 * Math.cos(Math.PI * edge);
        samples[offset + i] =
          (samples[offset + i] ?? 0) +
          (envelope * Math.sin((2 * Math.PI * frequency * i) / sampleRate)) / frequencies.length;
      }
    }
    offset += length;
  });
  return samples;
}
