import { fft } from './fft.js';

export interface ToneMeasure {
  /**
   * Energy within `tolerance` of the frequency against all the other energy, dB: the median over the windows.
   * A jitter buffer that changes its delay makes a splice, which spoils the one or two windows that hold it.
   */
  readonly toneToRestDb: number;
  /** The same of the worst window. */
  readonly worstDb: number;
  /** Frequency of the strongest bin, Hz. */
  readonly peakHz: number;
  /** Windows that were measured. */
  readonly windows: number;
}

/** A quarter of a second at 8 kHz: a splice spoils the two windows that hold it, and no more of the measurement than that. */
const WINDOW = 2048;

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
 * How far a tone stands above everything else (noise, distortion, gaps, other tones), in windows of 2048 samples
 * with half overlap.
 * @param tolerance Hz each side of `frequency` that still count as the tone (besides the window's own width)
 */
export function measureTone(samples: Int16Array, sampleRate: number, frequency: number, tolerance = 4): ToneMeasure {
  const weights = blackmanHarris(WINDOW);
  const bin = sampleRate / WINDOW;
  const reach = tolerance / bin + 4;
  const total = new Float64Array(WINDOW / 2);
  const ratios: number[] = [];
  for (let at = 0; at + WINDOW <= samples.length; at += WINDOW / 2) {
    const power = spectrum(samples.subarray(at, at + WINDOW), weights);
    let tone = 0;
    let rest = 0;
    power.forEach((p, k) => {
      total[k]! += p;
      if (Math.abs(k - frequency / bin) <= reach) tone += p;
      else rest += p;
    });
    ratios.push(tone === 0 ? -Infinity : 10 * Math.log10(tone / Math.max(rest, 1e-9)));
  }
  ratios.sort((a, b) => a - b);
  const strongest = total.indexOf(Math.max(...total));
  return {
    toneToRestDb: ratios[ratios.length >> 1] ?? -Infinity,
    worstDb: ratios[0] ?? -Infinity,
    peakHz: strongest * bin,
    windows: ratios.length,
  };
}

function spectrum(samples: Int16Array, weights: Float64Array): Float64Array {
  const re = Float64Array.from(weights, (weight, i) => samples[i]! * weight);
  const im = new Float64Array(weights.length);
  fft(re, im);
  return re.subarray(0, weights.length / 2).map((r, k) => r ** 2 + im[k]! ** 2);
}
