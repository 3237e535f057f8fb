/** Open-loop lag from the weighted, decimated speech (TS 26.190 §5.4). */
import { at, dot, hi, L_mult, L_shl, lo, Mpy_32_16, norm_l, put, ref, round, zero } from '../amr/basic-op';
import { gmed_n } from '../amr/median';
import { exponent, one_ov_sqrt_norm, wrapRound } from './operators';
import { Scale_sig } from './scale';
import { CORRWEIGHT } from './tables';

const L_MAX: i32 = 115;
const L_MIN: i32 = 17;

/** High-passed weighted speech and its past. */
const HP_WSP: usize = memory.data(512, 16);
/** y1, y2, y3 of the filter as 32 bits, then three inputs. */
const MEM: usize = memory.data(32, 16);
const LAGS: usize = memory.data(16, 16);

export let openLoopGain: i32 = 0;
let median: i32 = 40;
let adaptation: i32 = 0;
let weighted: bool = false;

export function open_loop_reset(): void {
  zero(HP_WSP, 256);
  memory.fill(MEM, 0, 32);
  for (let i = 0; i < 5; i += 1) put(LAGS, i, 40);
  openLoopGain = 0;
  median = 40;
  adaptation = 0;
  weighted = false;
}

/** Follows a change of the speech's scaling. */
export function scaleOpenLoop(shift: i32): void {
  Scale_sig(HP_WSP, L_MAX, shift);
  for (let i: usize = 0; i < 12; i += 4) store<i32>(MEM + i, L_shl(load<i32>(MEM + i) & ~1, shift));
  for (let i: usize = 12; i < 24; i += 4) store<i32>(MEM + i, round(L_shl(load<i32>(MEM + i) << 16, shift)));
}

function highpass(wsp: usize, count: i32): void {
  let y1 = load<i32>(MEM), y2 = load<i32>(MEM, 4), y3 = load<i32>(MEM, 8);
  let x0 = load<i32>(MEM, 12), x1 = load<i32>(MEM, 16), x2 = load<i32>(MEM, 20);
  for (let i = 0; i < count; i += 1) {
    const x3 = x2;
    x2 = x1;
    x1 = x0;
    x0 = at(wsp, i);
    let sum = (16384 + ((lo(y1) * 21663) << 1) + ((lo(y2) * -19258) << 1) + ((lo(y3) * 5734) << 1)) >> 15;
    sum += (hi(y1) * 21663 + hi(y2) * -19258 + hi(y3) * 5734) << 1;
    sum += ((x0 - x3) * -3432 + (x1 - x2) * 10280) << 1;
    sum <<= 2;
    y3 = y2;
    y2 = y1;
    y1 = sum;
    put(HP_WSP, L_MAX + i, (sum + 0x4000) >> 15);
  }
  store<i32>(MEM, y1);
  store<i32>(MEM, y2, 4);
  store<i32>(MEM, y3, 8);
  store<i32>(MEM, x0, 12);
  store<i32>(MEM, x1, 16);
  store<i32>(MEM, x2, 20);
}

/** @returns lag on the decimated grid; its gain is openLoopGain */
export function Pitch_med_ol(wsp: usize, count: i32): i32 {
  let most = i32.MIN_VALUE;
  let lag = 0;
  for (let i = L_MAX; i > L_MIN; i -= 1) {
    let sum = dot(wsp, ref(wsp, -i), count) << 1;
    sum = Mpy_32_16(hi(sum), lo(sum), at(CORRWEIGHT, 198 - L_MAX + i));
    if (median > 0 && weighted) sum = Mpy_32_16(hi(sum), lo(sum), at(CORRWEIGHT, 98 + i - median));
    if (sum >= most) {
      most = sum;
      lag = i;
    }
  }
  highpass(wsp, count);
  const now = ref(HP_WSP, L_MAX);
  const past = ref(now, -lag);
  let r0 = dot(now, past, count) << 1;
  let r1 = (dot(past, past, count) << 1) + 1;
  let r2 = (dot(now, now, count) << 1) + 1;
  const e0 = norm_l(r0);
  const e1 = norm_l(r1);
  const e2 = norm_l(r2);
  r0 <<= e0;
  r1 <<= e1;
  r2 <<= e2;
  r1 = L_mult(wrapRound(r1), wrapRound(r2));
  const shift = norm_l(r1);
  const inverse = one_ov_sqrt_norm(r1 << shift, 62 - (e1 + e2 + shift));
  r0 = L_mult(round(r0), round(inverse));
  openLoopGain = wrapRound(L_shl(r0, 31 - e0 + exponent));
  memory.copy(HP_WSP, ref(HP_WSP, count), L_MAX << 1);
  return lag;
}

/** Follows the lag: voiced stretches prefer lags near the last ones. */
export function trackLag(lag: i32): void {
  if (openLoopGain > 19661) {
    for (let i = 4; i > 0; i -= 1) put(LAGS, i, at(LAGS, i - 1));
    put(LAGS, 0, lag);
    median = gmed_n(LAGS, 5);
    adaptation = 32767;
  } else {
    adaptation = (adaptation * 29491) >> 15;
  }
  weighted = adaptation >= 26214;
}
