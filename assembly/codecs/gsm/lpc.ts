import { greatestOf, magnitudes, saturate, multiplyRounded, sumOf } from './arithmetic';
import { A, B, MAC, MIC } from './tables';

/** L_ACF[0..8], then the working rows P and K of the Schur recursion and r[1..8]. */
const L_ACF: usize = memory.data(36, 16);
const P: usize = memory.data(20, 16);
const K: usize = memory.data(20, 16);
const R: usize = memory.data(16, 16);

/**
 * EN 300 961 §5.2.4-5.2.7: linear prediction of the 160 samples at `s` (16 zero octets before them), which lose
 * the low bits that the scaling of loud frames costs. Writes LARc[1..8] as words to `larc`.
 */
export function predict(s: usize, larc: usize): void {
  autocorrelate(s);
  reflect();
  quantise(larc);
}

function autocorrelate(s: usize): void {
  let peak = i16x8.splat(0);
  for (let i: usize = 0; i < 320; i += 16) peak = i16x8.max_s(peak, magnitudes(v128.load(s + i)));
  const greatest = greatestOf(peak);
  const scale = greatest === 0 ? 0 : 4 - (clz<i32>(greatest << 16) - 1);
  if (scale > 0) {
    const factor = i16x8.splat(<i16>(<i32>16384 >> (scale - 1)));
    for (let i: usize = 0; i < 320; i += 16) v128.store(s + i, i16x8.q15mulr_sat_s(v128.load(s + i), factor));
  }
  let a0 = i32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let a4 = a0;
  let a5 = a0;
  let a6 = a0;
  let a7 = a0;
  let a8 = a0;
  for (let at = s - 16, end = at + 320; at < end; at += 16) {
    const x = v128.load(at, 16);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(x, x));
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(x, v128.load(at, 14)));
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(x, v128.load(at, 12)));
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(x, v128.load(at, 10)));
    a4 = i32x4.add(a4, i32x4.dot_i16x8_s(x, v128.load(at, 8)));
    a5 = i32x4.add(a5, i32x4.dot_i16x8_s(x, v128.load(at, 6)));
    a6 = i32x4.add(a6, i32x4.dot_i16x8_s(x, v128.load(at, 4)));
    a7 = i32x4.add(a7, i32x4.dot_i16x8_s(x, v128.load(at, 2)));
    a8 = i32x4.add(a8, i32x4.dot_i16x8_s(x, v128.load(at)));
  }
  store<i32>(L_ACF, sumOf(a0) << 1);
  store<i32>(L_ACF, sumOf(a1) << 1, 4);
  store<i32>(L_ACF, sumOf(a2) << 1, 8);
  store<i32>(L_ACF, sumOf(a3) << 1, 12);
  store<i32>(L_ACF, sumOf(a4) << 1, 16);
  store<i32>(L_ACF, sumOf(a5) << 1, 20);
  store<i32>(L_ACF, sumOf(a6) << 1, 24);
  store<i32>(L_ACF, sumOf(a7) << 1, 28);
  store<i32>(L_ACF, sumOf(a8) << 1, 32);
  if (scale > 0) {
    for (let i: usize = 0; i < 320; i += 16) v128.store(s + i, i16x8.shl(v128.load(s + i), scale));
  }
}

/** §5.2.5: Schur recursion; coefficients after an unstable one are 0. */
function reflect(): void {
  v128.store(R, i16x8.splat(0));
  const energy = load<i32>(L_ACF);
  if (energy === 0) return;
  const norm = clz(energy) - 1;
  for (let i: usize = 0; i <= 8; i += 1) {
    const acf = <i16>((load<i32>(L_ACF + (i << 2)) << norm) >> 16);
    store<i16>(P + (i << 1), acf);
    store<i16>(K + (i << 1), acf);
  }
  for (let n = 1; n <= 8; n += 1) {
    const p0 = <i32>load<i16>(P);
    const p1 = <i32>load<i16>(P, 2);
    const magnitude = min<i32>(32767, abs<i32>(p1));
    if (p0 < magnitude) return;
    let r = magnitude === 0 ? 0 : min<i32>(32767, (magnitude << 15) / p0);
    if (p1 > 0) r = -r;
    store<i16>(R + ((<usize>(n - 1)) << 1), r);
    if (n === 8) return;
    store<i16>(P, saturate(p0 + multiplyRounded(p1, r)));
    for (let m: usize = 2, end: usize = (<usize>(8 - n)) << 1; m <= end; m += 2) {
      const next = <i32>load<i16>(P + m, 2);
      const k = <i32>load<i16>(K + m);
      store<i16>(P + m, saturate(next + multiplyRounded(k, r)));
      store<i16>(K + m, saturate(k + multiplyRounded(next, r)));
    }
  }
}

/** §5.2.6, 5.2.7: reflection coefficients → log area ratios → LARc. */
function quantise(larc: usize): void {
  const r = v128.load(R);
  const a = magnitudes(r);
  const low = i16x8.shr_s(a, 1);
  const middle = i16x8.sub(a, i16x8.splat(11059));
  const high = i16x8.shl(i16x8.sub(a, i16x8.splat(26112)), 2);
  const ratio = v128.bitselect(
    low,
    v128.bitselect(middle, high, i16x8.lt_s(a, i16x8.splat(31130))),
    i16x8.lt_s(a, i16x8.splat(22118)),
  );
  const sign = i16x8.shr_s(r, 15);
  const lar = i16x8.sub(v128.xor(ratio, sign), sign);
  const factor = v128.load(A);
  const product = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.extmul_low_i16x8_s(factor, lar), 15),
    i32x4.shr_s(i32x4.extmul_high_i16x8_s(factor, lar), 15),
  );
  const rounded = i16x8.add_sat_s(i16x8.add_sat_s(product, v128.load(B)), i16x8.splat(256));
  const lowest = v128.load(MIC);
  const code = i16x8.min_s(i16x8.max_s(i16x8.shr_s(rounded, 9), lowest), v128.load(MAC));
  v128.store(larc, i16x8.sub(code, lowest));
}
