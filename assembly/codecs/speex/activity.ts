/**
 * How much a frame matters to the ear (Speex manual, sections 4.3 and 4.4): attacks and voice more, noise that goes on and what is
 * very quiet less. Rate and silence are decided by it. Input is the narrow band behind its high-pass.
 */
import { get, put } from '../../dsp/floats';

const FRAME: i32 = 160;
const LEAST_ENERGY: f64 = 6000;
const NOISE_POWER: f64 = 0.3;
const MEMORY: i32 = 5;

/** Logarithms of the last frames' energies, the newest first. */
const LOGARITHMS: usize = memory.data(32, 16);

let averageEnergy: f64 = 0;
let lastEnergy: f64 = 0;
let softPitch: f64 = 0;
let lastRating: f64 = 0;
let noiseSum: f64 = 0;
let noiseWeight: f64 = 0;
let noiseFrames = 0;

export function resetActivity(): void {
  averageEnergy = 1600000;
  lastEnergy = 1;
  softPitch = 0;
  lastRating = 0;
  noiseSum = 0.05 * NativeMath.pow(LEAST_ENERGY, NOISE_POWER);
  noiseWeight = 0.05;
  noiseFrames = 0;
  for (let i = 0; i < MEMORY; i++) put(LOGARITHMS, i, NativeMath.log(LEAST_ENERGY) as f32);
}

function energyOf(x: usize, n: i32): f64 {
  let sum: f32 = 0;
  for (let i = 0; i < n; i++) sum += get(x, i) * get(x, i);
  return sum;
}

/** @param x 160 samples @param gain of the frame's pitch @returns -1 (silence) .. 10 */
export function rate(x: usize, gain: f64): f64 {
  const first = energyOf(x, FRAME / 2);
  const second = energyOf(x + 2 * FRAME, FRAME / 2);
  const energy = first + second;
  const noisy = followNoise(energy, gain);
  let rating: f64 = 7;
  if (energy < 30000) {
    rating -= energy < 3000 ? 2.1 : energy < 10000 ? 1.4 : 0.7;
  } else {
    const step = NativeMath.log((energy + 1) / (1 + lastEnergy));
    const lasting = max<f64>(-5, min<f64>(2, NativeMath.log((energy + 1) / (1 + averageEnergy))));
    rating += lasting * (lasting > 0 ? 0.6 : 0.5);
    if (step > 0) rating += min<f64>(step, 5);
    if (second > 1.6 * first) rating += 0.5;
  }
  lastEnergy = energy;
  softPitch = 0.8 * softPitch + 0.2 * gain;
  rating += 2.2 * (gain - 0.4 + (softPitch - 0.4));
  if (rating < lastRating) rating = 0.5 * (rating + lastRating);
  rating = max<f64>(4, min<f64>(10, rating));
  if (noisy >= 3) rating = 4;
  const lull = NativeMath.log((3 + noisy) as f64) - NativeMath.log(3);
  rating = max<f64>(0, rating - lull);
  if (energy < 1600000) {
    if (noisy > 2) rating -= energy < 10000 ? lull : 0.5 * lull;
    rating = max<f64>(0, rating) + 0.3 * NativeMath.log(0.0001 + energy / 1600000);
  }
  lastRating = max<f64>(-1, rating);
  return lastRating;
}

/** Learns what the room sounds like. @returns frames of nothing but noise up to this one */
function followNoise(energy: f64, gain: f64): i32 {
  const logarithm = NativeMath.log(energy + LEAST_ENERGY);
  let change: f64 = 0;
  for (let i = 0; i < MEMORY; i++) change += (logarithm - get(LOGARITHMS, i)) * (logarithm - get(LOGARITHMS, i));
  change = min<f64>(1, change / (30 * MEMORY));
  for (let i = MEMORY - 1; i > 0; i--) put(LOGARITHMS, i, get(LOGARITHMS, i - 1));
  put(LOGARITHMS, 0, logarithm as f32);

  const voicing = 3 * (gain - 0.4) * abs<f64>(gain - 0.4);
  averageEnergy = 0.9 * averageEnergy + 0.1 * energy;
  const noise = noiseSum / noiseWeight;
  const power = NativeMath.pow(energy, NOISE_POWER);
  if (noiseWeight < 0.06 && energy > LEAST_ENERGY) noiseSum = 0.05 * power;
  if (
    (voicing < 0.3 && change < 0.2 && power < 1.2 * noise) ||
    (voicing < 0.3 && change < 0.05 && power < 1.5 * noise) ||
    (voicing < 0.4 && change < 0.05 && power < 1.2 * noise) ||
    (voicing < 0 && change < 0.05)
  ) {
    noiseFrames++;
    if (noiseFrames >= 4) learn(min<f64>(power, 3 * noise));
  } else noiseFrames = 0;
  if (power < noise && energy > LEAST_ENERGY) learn(power);
  return noiseFrames;
}

function learn(power: f64): void {
  noiseSum = 0.95 * noiseSum + 0.05 * power;
  noiseWeight = 0.95 * noiseWeight + 0.05;
}
