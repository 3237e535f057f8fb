/** What noise sounds like, as a CN payload says it: level, and reflection coefficients of its spectrum (RFC 3389 §3). */
import { clear, copy, get, put } from '../../dsp/floats';

export const ORDER: i32 = 10;
/** Of the running average, for each frame of 10 ms. */
const FORGET: f64 = 0.9;
/** Frames between descriptions: at least, and at most. */
const SOONEST: i32 = 20;
const LATEST: i32 = 100;
/** What is worth a new description: dB, and the change of a reflection coefficient. */
const LOUDER: i32 = 2;
const COLOUR: f32 = 0.25;

const CORRELATION: usize = memory.data<f64>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const LATTICE: usize = memory.data<f64>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const REFLECTION: usize = memory.data(4 * ORDER, 16);
const SAID: usize = memory.data(4 * ORDER, 16);

let known: bool = false;
let level: i32 = 127;
let saidLevel: i32 = -1;
let age: i32 = 0;

export function resetDescription(): void {
  memory.fill(CORRELATION, 0, 8 * (ORDER + 1));
  known = false;
  speak();
}

/** Speech is sent: the next silence is described anew. */
export function speak(): void {
  saidLevel = -1;
  age = LATEST;
}

/** Takes a frame of noise into the average. @param x `count` samples, floats of 16-bit size, behind as many of history */
export function learn(x: usize, count: i32): void {
  const from = x - ((count as usize) << 2);
  for (let lag = 0; lag <= ORDER; lag++) {
    let sum: f64 = 0;
    for (let i = lag; i < 2 * count; i++) sum += (get(from, i) as f64) * (get(from, i - lag) as f64);
    sum /= 2 * count;
    const p = CORRELATION + ((lag as usize) << 3);
    store<f64>(p, known ? FORGET * load<f64>(p) + (1 - FORGET) * sum : sum);
  }
  known = true;
}

/** @param frames that passed since it was asked last @returns octets of a description that is due, at `output`; 0: none is */
export function describe(output: usize, frames: i32): i32 {
  age += frames;
  analyse();
  let moved = saidLevel < 0 || abs(level - saidLevel) >= LOUDER;
  for (let i = 0; i < 4; i++) if (abs(get(REFLECTION, i) - get(SAID, i)) > COLOUR) moved = true;
  if (age < LATEST && !(moved && age >= SOONEST)) return 0;
  age = 0;
  saidLevel = level;
  copy(SAID, REFLECTION, ORDER);
  store<u8>(output, level as u8);
  if (level == 127) return 1;
  for (let i = 0; i < ORDER; i++) {
    // RFC 3389 §3.2: k = 258 (N - 127) / 32768.
    const index = 127 + (nearest(((get(REFLECTION, i) as f64) * 32768) / 258) as i32);
    store<u8>(output + 1 + (i as usize), max(0, min(254, index)) as u8);
  }
  return ORDER + 1;
}

/** Schur's recursion. The first coefficient of dark noise is negative: A(z) = 1 + k1/z. */
function analyse(): void {
  clear(REFLECTION, ORDER);
  const power = load<f64>(CORRELATION);
  level = power < 0.001 ? 127 : max(0, min(127, -nearest(10 * NativeMath.log10(power / 1073741824)) as i32));
  if (power < 0.001) return;
  const forward = LATTICE;
  const backward = LATTICE + 8 * (ORDER + 1);
  memory.copy(forward, CORRELATION, 8 * (ORDER + 1));
  memory.copy(backward, CORRELATION, 8 * (ORDER + 1));
  // A floor of white noise, 40 dB below, keeps the filter tame.
  store<f64>(backward, 1.0001 * power);
  for (let stage = 0; stage < ORDER; stage++) {
    const k = -load<f64>(forward + 8 * ((stage as usize) + 1)) / load<f64>(backward);
    if (!(abs(k) < 1)) return;
    put(REFLECTION, stage, k as f32);
    // forward[m] for m > stage; backward moves by one place with each stage.
    for (let m = stage + 1; m <= ORDER; m++) {
      const f = load<f64>(forward + 8 * (m as usize));
      const b = load<f64>(backward + 8 * ((m - stage - 1) as usize));
      store<f64>(forward + 8 * (m as usize), f + k * b);
      store<f64>(backward + 8 * ((m - stage - 1) as usize), b + k * f);
    }
  }
}
