/** The offset-free signal of one frame, after the last sample of the frame before. */
const SOF: usize = memory.data(336, 16);
const FRAME: usize = 320;

let z1: i32 = 0;
let z2: i32 = 0;
let deemphasis: i32 = 0;

export function Preprocess_reset(): void {
  z1 = 0;
  z2 = 0;
  deemphasis = 0;
  store<i16>(SOF, 0, 14);
}

/** EN 300 961 §5.2.1-5.2.3: 13-bit samples, no offset, high frequencies raised. */
export function preprocess(pcm: usize, out: usize): void {
  let previous = z1;
  let z = z2;
  for (let i: usize = 0; i < FRAME; i += 2) {
    const so = (<i32>load<i16>(pcm + i) >> 3) << 2;
    // 2^30 bounds the sum for inputs of 15 bits, so that nothing saturates; §5.2.2 splits z for lack of a 48-bit product.
    z = ((so - previous) << 15) + <i32>((<i64>z * 32735 + 16384) >> 15);
    previous = so;
    store<i16>(SOF + i, (z + 16384) >> 15, 16);
  }
  z1 = previous;
  z2 = z;
  const factor = i16x8.splat(-28180);
  for (let i: usize = 0; i < FRAME; i += 16) {
    const before = v128.load(SOF + i, 14);
    v128.store(out + i, i16x8.add_sat_s(v128.load(SOF + i, 16), i16x8.q15mulr_sat_s(before, factor)));
  }
  store<i16>(SOF, load<i16>(SOF, 14 + FRAME), 14);
}

/**
 * EN 300 961 §5.3.5-5.3.7: high frequencies lowered again, doubled, cut to 13 bits. The recursion runs in one lane of a
 * vector, where a rounded product and a saturated sum are one operation each.
 */
export function postprocess(pcm: usize): void {
  const factor = i16x8.splat(28180);
  let m = i16x8.splat(<i16>deemphasis);
  for (let i: usize = 0; i < FRAME; i += 2) {
    m = i16x8.add_sat_s(v128.load16_splat(pcm + i), i16x8.q15mulr_sat_s(m, factor));
    v128.store_lane<i16>(pcm + i, m, 0);
  }
  deemphasis = i16x8.extract_lane_s(m, 0);
  for (let i: usize = 0; i < FRAME; i += 16) {
    const x = v128.load(pcm + i);
    v128.store(pcm + i, v128.and(i16x8.add_sat_s(x, x), i16x8.splat(~7)));
  }
}
