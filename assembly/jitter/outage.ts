/** Made-up sound since the last good sample. Whether it stood for a loss or for a pause turns out when the next packet is here. */
import { count, Count } from './counts';

/** ms of made-up sound that make an interruption. */
const INTERRUPTION: f64 = 150;

let rate: i32 = 8000;
/** Samples of silence since concealment was given up, because nothing came. */
let silence: i32 = 0;

/** Samples that were concealed. */
export let run: i32 = 0;
/** ms of the last interruption. */
export let interruption: f64 = 0;

export function init(sampleRate: i32): void {
  rate = sampleRate;
  reset();
}

export function reset(): void {
  run = 0;
  silence = 0;
}

export function conceal(samples: i32): void {
  run += samples;
  count(Count.concealed, samples);
}

/** `samples` of silence are played, for nothing comes. */
export function wait(samples: i32): void {
  if (run > 0) silence += samples;
  count(Count.silent, samples);
}

/** What looked like loss was a pause of the sender. */
export function wasPause(): void {
  count(Count.concealed, -run);
  count(Count.silent, run);
  reset();
}

/** Packets are missing: the silence after the concealment was loss, too. */
export function wasLoss(): void {
  count(Count.concealed, silence);
  count(Count.silent, -silence);
  run += silence;
  end();
}

/** Sound follows. */
export function end(): void {
  const ms = <f64>run * 1000 / rate;
  if (ms >= INTERRUPTION) {
    interruption = ms;
    count(Count.interruptions, 1);
  }
  reset();
}
