/** Root mean square in dB below full scale of 16 bit; -Infinity for digital silence. */
export function levelDb(samples: Int16Array): number {
  let energy = 0;
  for (const s of samples) energy += s * s;
  return 10 * Math.log10(energy / Math.max(1, samples.length) / 32768 ** 2);
}

/**
 * The part of a recording between its first and its last sound, with `margin` ms cut from both
 * ends, so that the start of a call (first packets, fade in) and its end are not judged.
 * @param threshold a 20 ms window whose peak is above this counts as sound
 */
export function activePart(samples: Int16Array, sampleRate: number, margin = 300, threshold = 300): Int16Array {
  const window = Math.round(sampleRate * 0.02);
  let first = -1;
  let last = -1;
  for (let at = 0; at + window <= samples.length; at += window) {
    if (peak(samples.subarray(at, at + window)) <= threshold) continue;
    if (first < 0) first = at;
    last = at + window;
  }
  if (first < 0) return new Int16Array(0);
  const cut = Math.round((sampleRate * margin) / 1000);
  return samples.subarray(first + cut, Math.max(first + cut, last - cut));
}

export function peak(samples: Int16Array): number {
  let highest = 0;
  for (const s of samples) highest = Math.max(highest, Math.abs(s));
  return highest;
}

/**
 * Silences inside a continuous sound such as a tone.
 * @param minimum ms of silence that count as a gap
 * @returns length of each gap, ms
 */
export function gaps(samples: Int16Array, sampleRate: number, minimum = 5, threshold = 100): number[] {
  const found: number[] = [];
  let run = 0;
  const close = (): void => {
    const ms = (run * 1000) / sampleRate;
    if (ms >= minimum) found.push(ms);
    run = 0;
  };
  for (const s of samples) {
    if (Math.abs(s) <= threshold) run++;
    else close();
  }
  close();
  return found;
}
