/** The sound between two samples, for a pace a little off the sender's: a windowed sinc in 200 positions. */
const STEPS: i32 = 200;
/** Samples that the filter needs before the position and, this one included, from it on. */
export const BEFORE: i32 = 7;
export const AHEAD: i32 = 9;
const TAPS: i32 = 16;
const FILTERS: usize = memory.data(12864, 16); // (STEPS + 1) * TAPS floats
let ready: bool = false;

export function prepare(): void {
  if (ready) return;
  ready = true;
  for (let p = 0; p <= STEPS; p += 1) {
    let sum: f64 = 0;
    for (let k = 0; k < TAPS; k += 1) {
      const x = <f64>(k - BEFORE) - <f64>p / STEPS;
      const h = sinc(x) * window(x);
      sum += h;
      store<f32>(tap(p, k), <f32>h);
    }
    for (let k = 0; k < TAPS; k += 1) store<f32>(tap(p, k), load<f32>(tap(p, k)) / <f32>sum);
  }
}

/** The signal at `position` + `fraction` of a sample. */
// @ts-ignore: decorator
@inline
export function between(position: usize, fraction: f64): f32 {
  const from = position - ((<usize>BEFORE) << 2);
  const filter = tap(<i32>nearest(fraction * STEPS), 0);
  let sum = f32x4.mul(v128.load(from), v128.load(filter));
  sum = f32x4.add(sum, f32x4.mul(v128.load(from, 16), v128.load(filter, 16)));
  sum = f32x4.add(sum, f32x4.mul(v128.load(from, 32), v128.load(filter, 32)));
  sum = f32x4.add(sum, f32x4.mul(v128.load(from, 48), v128.load(filter, 48)));
  return (
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)
  );
}

function sinc(x: f64): f64 {
  const y = x * Math.PI;
  return abs(x) < 1e-9 ? 1 : sine(y) / y;
}

/** Blackman's, 16 samples wide. */
function window(x: f64): f64 {
  const y = (x * Math.PI) / 8;
  return 0.42 + 0.5 * cosine(y) + 0.08 * cosine(2 * y);
}

function cosine(x: f64): f64 {
  return sine(x + Math.PI / 2);
}

/** Taylor's series within half a turn: smaller than the library's. */
function sine(x: f64): f64 {
  let y = x - 2 * Math.PI * nearest(x / (2 * Math.PI));
  if (y > Math.PI / 2) y = Math.PI - y;
  else if (y < -Math.PI / 2) y = -Math.PI - y;
  let term = y;
  let sum = y;
  for (let i = 3; i < 20; i += 2) {
    term *= (-y * y) / <f64>(i * (i - 1));
    sum += term;
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function tap(step: i32, k: i32): usize {
  return FILTERS + ((<usize>(step * TAPS + k)) << 2);
}
