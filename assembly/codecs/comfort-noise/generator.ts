/** Noise as a CN payload describes it: white, through a lattice of its reflection coefficients (RFC 3389 §3). */
import { clear, get, put } from '../../dsp/floats';

const MOST: i32 = 24;
/** How much of the way to a new description each frame of 10 ms goes. */
const STEP: f32 = 0.3;

const TARGET: usize = memory.data(4 * MOST, 16);
const REFLECTION: usize = memory.data(4 * MOST, 16);
const DELAYED: usize = memory.data(4 * (MOST + 1), 16);

let targetLevel: f32 = -127;
let level: f32 = -127;
let fresh: bool = true;
let seed: u32 = 1;

export function resetGenerator(): void {
  clear(TARGET, MOST);
  clear(REFLECTION, MOST);
  clear(DELAYED, MOST + 1);
  targetLevel = -127;
  level = -127;
  fresh = true;
  seed = 1;
}

/** Reads a payload; coefficients beyond the 24th are left out, an empty one changes nothing. */
export function readDescription(octets: usize, length: i32): void {
  if (length < 1) return;
  targetLevel = -((load<u8>(octets) & 127) as f32);
  for (let i = 0; i < MOST; i++) {
    const index: i32 = i + 1 < length ? load<u8>(octets + 1 + (i as usize)) : 127;
    // 255 is reserved (§3.2).
    const k: i32 = index == 255 ? 0 : 258 * (index - 127);
    put(TARGET, i, (k as f32) / 32768);
  }
  if (!fresh) return;
  // The first one holds at once.
  fresh = false;
  level = targetLevel;
  memory.copy(REFLECTION, TARGET, 4 * MOST);
}

/** Writes `count` samples, signed 16 bit. */
export function makeNoise(pcm: usize, count: i32): void {
  level += STEP * (targetLevel - level);
  let rest: f64 = 1;
  for (let i = 0; i < MOST; i++) {
    const k = get(REFLECTION, i) + STEP * (get(TARGET, i) - get(REFLECTION, i));
    put(REFLECTION, i, k);
    rest *= (1 as f64) - (k as f64) * (k as f64);
  }
  // Of an even distribution over -1..1 a third is power.
  const power: f64 = level <= -127 ? 0 : NativeMath.pow(10, (level as f64) / 10);
  const gain: f32 = (NativeMath.sqrt(3 * rest * power) * 32768) as f32;
  for (let i = 0; i < count; i++) {
    seed = seed * 1664525 + 1013904223;
    let forward: f32 = (gain * <f32>(seed as i32)) / 2147483648;
    for (let stage = MOST - 1; stage >= 0; stage--) {
      const k = get(REFLECTION, stage);
      const delayed = get(DELAYED, stage);
      forward -= k * delayed;
      put(DELAYED, stage + 1, delayed + k * forward);
    }
    put(DELAYED, 0, forward);
    store<i16>(pcm + ((i as usize) << 1), max<f32>(-32768, min<f32>(32767, nearest(forward))) as i32 as i16);
  }
}
