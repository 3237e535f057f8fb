/**
 * The operators of ./basic-op as calls, under the same names, for code that runs a few times a frame: inlined, each use costs
 * a dozen octets of download, and AMR has hundreds. Loops over samples take the inlined ones.
 */
import * as inlined from './basic-op';

export function sat(x: i32): i32 {
  return inlined.sat(x);
}

export function L_mult(a: i32, b: i32): i32 {
  return inlined.L_mult(a, b);
}

export function mult(a: i32, b: i32): i32 {
  return inlined.mult(a, b);
}

export function mult_r(a: i32, b: i32): i32 {
  return inlined.mult_r(a, b);
}

export function round(x: i32): i32 {
  return inlined.round(x);
}

export function norm_l(x: i32): i32 {
  return inlined.norm_l(x);
}

export function norm_s(x: i32): i32 {
  return inlined.norm_s(x);
}

export function abs_s(x: i32): i32 {
  return inlined.abs_s(x);
}
