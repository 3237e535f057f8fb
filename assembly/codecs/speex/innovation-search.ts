/**
 * Search of the innovation codebook by analysis by synthesis: subvector after subvector, with several survivors,
 * because the best beginning is not always that of the best whole.
 */
import { copy, get, put } from '../../dsp/floats';
import { write } from './bits';
import { survivors } from './complexity';
import { shapeBits, shapeLength, shapes, shapeSign } from './submodes';

/** At the greatest complexity. */
const PATHS: i32 = 6;
const SUBFRAME: i32 = 40;
const ROW: usize = 192;

/** The codebook as floats and its shapes through the weighted synthesis: sample by sample, all shapes of each. */
const SHAPES: usize = memory.data(4 * 1344, 16);
const RESPONSES: usize = memory.data(4 * 1344, 16);
/** Half the energies of the responses, and their products with a target. */
const ENERGIES: usize = memory.data(4 * 256, 16);
const PRODUCTS: usize = memory.data(4 * 256, 16);
let converted: usize = 0;
/** Targets and indices of the survivors, old and new. */
const TARGETS: usize = memory.data(2 * 6 * 192, 16);
const INDICES: usize = memory.data(2 * 6 * 32, 16);
const DISTANCES: usize = memory.data(2 * 32, 16);
/** The best continuations: index and survivor. */
const BEST: usize = memory.data(64, 16);

function convert(): void {
  const count = 1 << shapeBits;
  for (let k = 0; k < count; k++) {
    for (let j = 0; j < shapeLength; j++) {
      put(SHAPES, j * count + k, (0.03125 as f32) * (load<i8>(shapes + ((k * shapeLength + j) as usize)) as f32));
    }
  }
  converted = shapes;
}

function respond(response: usize): void {
  if (converted != shapes) convert();
  const row = (4 << shapeBits) as usize;
  memory.fill(ENERGIES, 0, row);
  for (let j = 0; j < shapeLength; j++) {
    const out = RESPONSES + (j as usize) * row;
    for (let k: usize = 0; k < row; k += 16) {
      let sum = f32x4.splat(0);
      for (let m = 0; m <= j; m++) {
        const r = v128.load_splat<f32>(response + (((j - m) << 2) as usize));
        sum = f32x4.add(sum, f32x4.mul(r, v128.load(SHAPES + (m as usize) * row + k)));
      }
      v128.store(out + k, sum);
      const half = f32x4.mul(f32x4.splat(0.5), f32x4.mul(sum, sum));
      v128.store(ENERGIES + k, f32x4.add(v128.load(ENERGIES + k), half));
    }
  }
}

/** Products of a target with all responses. */
function multiply(x: usize): void {
  const row = (4 << shapeBits) as usize;
  for (let k: usize = 0; k < row; k += 16) {
    let sum = f32x4.splat(0);
    for (let j = 0; j < shapeLength; j++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(x + ((j << 2) as usize)), v128.load(RESPONSES + (j as usize) * row + k)));
    }
    v128.store(PRODUCTS + k, sum);
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
  const indices = INDICES + ((old * 192) as usize);
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
  const paths = survivors();
  const x = TARGETS + ((old * PATHS + path) as usize) * ROW + ((part * n) << 2);
  let base = get(DISTANCES, old * 8 + path);
  for (let j = 0; j < n; j++) base += (0.5 as f32) * get(x, j) * get(x, j);
  multiply(x);
  for (let k = 0; k < 1 << shapeBits; k++) {
    let cross = get(PRODUCTS, k);
    let index = k;
    if (shapeSign && cross < 0) {
      cross = -cross;
      index += 1 << shapeBits;
    }
    const distance = base + get(ENERGIES, k) - cross;
    if (found == paths && !(distance < get(DISTANCES, fresh * 8 + paths - 1))) continue;
    let place = found < paths ? found++ : paths - 1;
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
  const indices = INDICES + ((fresh * 192 + path * 32) as usize);
  memory.copy(indices, INDICES + ((old * 192 + from * 32) as usize), 32);
  store<i32>(indices + ((part << 2) as usize), index);
  const shape = shapes + (((index & ((1 << shapeBits) - 1)) * n) as usize);
  const sign: f32 = index >= 1 << shapeBits ? -0.03125 : 0.03125;
  const next = (part + 1) * n;
  for (let m = 0; m < n; m++) {
    const gain = f32x4.splat(sign * (load<i8>(shape + (m as usize)) as f32));
    const ringing = response - (((part * n + m) << 2) as usize);
    // Up to three values beyond the subframe are touched; each row has room for them.
    for (let j = (next << 2) as usize; j < 160; j += 16) {
      const left = f32x4.sub(v128.load(target + j), f32x4.mul(gain, v128.load(ringing + j)));
      v128.store(target + j, left);
    }
  }
}
