/**
 * One sub-band of ITU-T G.722: the adaptive predictor of clause 3.6 and the scale factor of 3.5, which encoder and
 * decoder drive with the same quantised difference. Its state is a record in memory.
 */
import { INV_LOG2_TABLE } from './tables';

/** Offsets in the record: the last six differences, and the coefficients of the zeros, one a lane. */
const DIFFERENCES: usize = 0;
const ZEROS: usize = 16;
const POLE_1: usize = 32;
const POLE_2: usize = 36;
/** Reconstructed and partially reconstructed signals, the last two. */
const R_1: usize = 40;
const R_2: usize = 44;
const P_1: usize = 48;
const P_2: usize = 52;
/** The predictions: of the zeros, and of zeros and poles. */
const S_ZEROS: usize = 56;
const S: usize = 60;
/** Logarithmic scale factor, and the scale itself. */
const LOGARITHM: usize = 64;
const SCALE: usize = 68;
export const BAND_SIZE: usize = 80;

export function Band_reset(band: usize, scale: i32): void {
  memory.fill(band, 0, BAND_SIZE);
  store<i32>(band, scale, SCALE);
}

// @ts-ignore: decorator
@inline
export function prediction(band: usize): i32 {
  return load<i32>(band, S);
}

// @ts-ignore: decorator
@inline
export function scale(band: usize): i32 {
  return load<i32>(band, SCALE);
}

// @ts-ignore: decorator
@inline
export function saturate(value: i32): i32 {
  return max<i32>(-32768, min<i32>(32767, value));
}

/**
 * LOGSCL and SCALEL or SCALEH.
 * @param step what the code adds to the logarithm @param greatest its limit @param shift 8 in the lower, 10 in the higher band
 */
// @ts-ignore: decorator
@inline
export function adaptScale(band: usize, step: i32, greatest: i32, shift: i32): void {
  const logarithm = max<i32>(0, min<i32>(greatest, ((load<i32>(band, LOGARITHM) * 127) >> 7) + step));
  store<i32>(band, logarithm, LOGARITHM);
  const mantissa = <i32>load<i16>(INV_LOG2_TABLE + ((<usize>((logarithm >> 6) & 31)) << 1));
  store<i32>(band, ((mantissa << 1) >> (shift + 1 - (logarithm >> 11))) << 2, SCALE);
}

/** Blocks 4L and 4H: takes the quantised difference of this sample and predicts the next one. */
// @ts-ignore: decorator
@inline
export function adaptPredictor(band: usize, difference: i32): void {
  const r = saturate(load<i32>(band, S) + difference); // RECONS
  const p = saturate(load<i32>(band, S_ZEROS) + difference); // PARREC
  const r1 = load<i32>(band, R_1);
  const p1 = load<i32>(band, P_1);

  // UPPOL2, UPPOL1
  const a1 = load<i32>(band, POLE_1);
  const a2 = load<i32>(band, POLE_2);
  const opposite1 = (p ^ p1) >> 31;
  const opposite2 = (p ^ load<i32>(band, P_2)) >> 31;
  const steep = saturate(a1 << 2);
  const lean = min<i32>(32767, (steep ^ ~opposite1) - ~opposite1);
  const pole2 = max<i32>(
    -12288,
    min<i32>(12288, (lean >> 7) + ((128 ^ opposite2) - opposite2) + ((a2 * 32512) >> 15)),
  );
  const limit = 15360 - pole2;
  const pole1 = max<i32>(-limit, min<i32>(limit, ((192 ^ opposite1) - opposite1) + ((a1 * 32640) >> 15)));
  store<i32>(band, pole1, POLE_1);
  store<i32>(band, pole2, POLE_2);
  store<i32>(band, r, R_1);
  store<i32>(band, r1, R_2);
  store<i32>(band, p, P_1);
  store<i32>(band, p1, P_2);

  // UPZERO: b - b/256, rounded down, and a step to the side of the signs.
  const latest = i16x8.splat(<i16>difference);
  const old = v128.load(band, DIFFERENCES);
  const b = v128.load(band, ZEROS);
  const leak = i16x8.sub(i16x8.ne(v128.and(b, i16x8.splat(255)), i16x8.splat(0)), i16x8.shr_s(b, 8));
  const opposite = i16x8.shr_s(v128.xor(old, latest), 15);
  const step = i16x8.splat(difference === 0 ? 0 : 128);
  const zeros = i16x8.add_sat_s(i16x8.add(b, leak), i16x8.sub(v128.xor(step, opposite), opposite));
  const all = v128.shuffle<i16>(latest, old, 7, 8, 9, 10, 11, 12, 13, 14);
  const differences = v128.and(all, i16x8(-1, -1, -1, -1, -1, -1, 0, 0));
  v128.store(band, zeros, ZEROS);
  v128.store(band, differences, DIFFERENCES);

  // FILTEZ, FILTEP, PREDIC
  const doubled = i16x8.add_sat_s(differences, differences);
  const products = i32x4.add(
    i32x4.shr_s(i32x4.extmul_low_i16x8_s(zeros, doubled), 15),
    i32x4.shr_s(i32x4.extmul_high_i16x8_s(zeros, doubled), 15),
  );
  const halves = i32x4.add(products, v128.shuffle<i32>(products, products, 2, 3, 0, 1));
  const sz = saturate(i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1));
  const sp = saturate(((pole1 * saturate(r << 1)) >> 15) + ((pole2 * saturate(r1 << 1)) >> 15));
  store<i32>(band, sz, S_ZEROS);
  store<i32>(band, saturate(sp + sz), S);
}
