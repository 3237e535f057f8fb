import { fft } from './fft.js';

export interface ToneMeasure {
  /** Energy within `tolerance` of the frequency against all the other energy, dB. */
  readonly toneToRestDb: number;
  /** Frequency of the strongest bin, Hz. */
  readonly peakHz: number;
  /** Windows that were measured. */
  readonly windows: number;
}

const WINDOW = 4096;

/** 4-term Blackman-Harris: side lobes at -92 dB, main lobe 4 bins each side. */
function blackmanHarris(n: number): Float64Array {
  const w = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const x = (2 * Math.PI * i) / n;
    w[i] = 0.35875 - 0.48829 * Math.cos(x) + 0.14128 * Math.cos(2 * x) - 0.01168 * Math.cos(3 * x);
  }
  return w;
}

/**
 * How far a tone stands above everything else (noise, distortion, gaps, other tones): the mean
 * over windows of 4096 samples with half overlap.
 * @param tolerance Hz each side of `frequency` that still count as the tone (besides the window's own width)
 */
export function measureTone(samples: Int16Array, sampleRate: number, frequency: number, tolerance = 4): ToneMeasure {
  const weights = blackmanHarris(WINDOW);
  const bin = sampleRate / WINDOW;
  const reach = tolerance / bin + 4;
  const power = new Float64Array(WINDOW / 2);
  let windows = 0;
  for (let at = 0; at + WINDOW <= samples.length; at += WINDOW / 2) {
    const re = new Float64Array(WINDOW);
    const im = new Float64Array(WINDOW);
    for (let i = 0; i < WINDOW; i++) re[i] = samples[at + i]! * weights[i]!;
    fft(re, im);
    for (let k = 0; k < power.length; k++) power[k]! += re[k]! ** 2 + im[k]! ** 2;
    windows++;
  }
  let tone = 0;
  let rest = 0;
  let strongest = 0;
  for (let k = 0; k < power.length; k++) {
    if (Math.abs(k - frequency / bin) <= reach) tone += power[k]!;
    else rest += power[k]!;
    if (power[k]! > power[strongest]!) strongest = k;
  }
  const toneToRestDb = windows === 0 || tone === 0 ? -Infinity : 10 * Math.log10(tone / Math.max(rest, 1e-9));
  return { toneToRestDb, peakHz: strongest * bin, windows };
}
