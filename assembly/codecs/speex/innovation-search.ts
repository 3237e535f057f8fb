/**
 * Search of the innovation codebook by analysis by synthesis: subvector after subvector, with several survivors,
 * because the best beginning is not always that of the best whole.
 */
import { clear, copy, get, put } from '../../dsp/floats';
import { write } from './bits';
import { shapeBits, shapeLength, shapes, shapeSign } from './submodes';

const SURVIVORS: i32 = 4;
const PATHS: i32 = SURVIVORS;
const SUBFRAME: i32 = 40;
const ROW: usize = 192;

/** Shapes through the weighted synthesis, and half their energies. */
const RESPONSES: usize = memory.data(4 * 1344, 16);
const ENERGIES: usize = memory.data(4 * 256, 16);
/** Targets and indices of the survivors, old and new. */
const TARGETS: usize = memory.data(2 * 4 * 192, 16);
const INDICES: usize = memory.data(2 * 4 * 32, 16);
const DISTANCES: usize = memory.data(2 * 32, 16);
/** The best continuations: index and survivor. */
const BEST: usize = memory.data(64, 16);

function respond(response: usize): void {
  const n = shapeLength;
  for (let k = 0; k < 1 << shapeBits; k++) {
    const shape = shapes + ((k * n) as usize);
    const out = RESPONSES + ((k * n) << 2);
    let energy: f32 = 0;
    for (let j = 0; j < n; j++) {
      let sum: f32 = 0;
      for (let m = 0; m <= j; m++) sum += (load<i8>(shape + (m as usize)) as f32) * get(response, j - m);
      sum *= 0.03125;
      put(out, j, sum);
      energy += sum * sum;
    }
    put(ENERGIES, k, (0.5 as f32) * energy);
  }
}

/**
 * Writes the indices of the innovation nearest to the target and adds it to `out`.
 * @param response impulse response of the weighted synthesis
 */
export function writeInnovation(out: usize, target: usize, response: usize, scale: f32): void {
  respond(response);
  const n = shapeLength;
  const parts = SUBFRAME / n;
  let old = 0;
  let alive = 1;
  copy(TARGETS, target, SUBFRAME);
  put(DISTANCES, 0, 0);
  for (let part = 0; part < parts; part++) {
    const fresh = 1 - old;
    let found = 0;
    for (let path = 0; path < alive; path++) found = extend(path, part, old, fresh, found);
    for (let path = 0; path < found; path++) follow(path, part, old, fresh, response);
    alive = found;
    old = fresh;
  }
  const indices = INDICES + ((old * 128) as usize);
  for (let part = 0; part < parts; part++) {
    const index = load<i32>(indices + ((part << 2) as usize));
    write(index, shapeBits + (shapeSign ? 1 : 0));
    const negative = index >= 1 << shapeBits;
    const shape = shapes + (((index & ((1 << shapeBits) - 1)) * n) as usize);
    const factor = (negative ? (-0.03125 as f32) : (0.03125 as f32)) * scale;
    for (let j = 0; j < n; j++) {
      const at = part * n + j;
      put(out, at, get(out, at) + factor * (load<i8>(shape + (j as usize)) as f32));
    }
  }
}

/** Tries every shape after one survivor. @returns how many continuations are kept */
function extend(path: i32, part: i32, old: i32, fresh: i32, found: i32): i32 {
  const n = shapeLength;
  const x = TARGETS + ((old * PATHS + path) as usize) * ROW + ((part * n) << 2);
  let base = get(DISTANCES, old * 8 + path);
  for (let j = 0; j < n; j++) base += (0.5 as f32) * get(x, j) * get(x, j);
  for (let k = 0; k < 1 << shapeBits; k++) {
    const response = RESPONSES + ((k * n) << 2);
    let cross: f32 = 0;
    for (let j = 0; j < n; j++) cross += get(x, j) * get(response, j);
    let index = k;
    if (shapeSign && cross < 0) {
      cross = -cross;
      index += 1 << shapeBits;
    }
    const distance = base + get(ENERGIES, k) - cross;
    if (found == PATHS && !(distance < get(DISTANCES, fresh * 8 + PATHS - 1))) continue;
    let place = found < PATHS ? found++ : PATHS - 1;
    for (; place > 0 && distance < get(DISTANCES, fresh * 8 + place - 1); place--) {
      put(DISTANCES, fresh * 8 + place, get(DISTANCES, fresh * 8 + place - 1));
      store<i64>(BEST + ((place << 3) as usize), load<i64>(BEST + (((place - 1) << 3) as usize)));
    }
    put(DISTANCES, fresh * 8 + place, distance);
    store<i32>(BEST + ((place << 3) as usize), index);
    store<i32>(BEST + ((place << 3) as usize), path, 4);
  }
  return found;
}

/** Takes what a chosen shape rings on out of the rest of the target. */
function follow(path: i32, part: i32, old: i32, fresh: i32, response: usize): void {
  const n = shapeLength;
  const index = load<i32>(BEST + ((path << 3) as usize));
  const from = load<i32>(BEST + ((path << 3) as usize), 4);
  const target = TARGETS + ((fresh * PATHS + path) as usize) * ROW;
  copy(target, TARGETS + ((old * PATHS + from) as usize) * ROW, SUBFRAME);
  const indices = INDICES + ((fresh * 128 + path * 32) as usize);
  memory.copy(indices, INDICES + ((old * 128 + from * 32) as usize), 32);
  store<i32>(indices + ((part << 2) as usize), index);
  const shape = shapes + (((index & ((1 << shapeBits) - 1)) * n) as usize);
  const sign: f32 = index >= 1 << shapeBits ? -0.03125 : 0.03125;
  const next = (part + 1) * n;
  for (let m = 0; m < n; m++) {
    const gain = sign * (load<i8>(shape + (m as usize)) as f32);
    for (let j = next; j < SUBFRAME; j++) {
      put(target, j, get(target, j) - gain * get(response, j - part * n - m));
    }
  }
}
