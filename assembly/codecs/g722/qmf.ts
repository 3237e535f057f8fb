/** The quadrature mirror filters of ITU-T G.722 clause 3.1: 24 taps, whose halves mirror each other. */

/** Taps of the even samples between those of the odd ones, for the sum and for the difference of both. */
const SUM: usize = memory.data<i16>(
  [3, -11, -11, 53, 12, -156, 32, 362, -210, -805, 951, 3876, 3876, 951, -805, -210, 362, 32, -156, 12, 53, -11, -11, 3],
  16,
);
const DIFFERENCE: usize = memory.data<i16>(
  [-3, -11, 11, 53, -12, -156, -32, 362, 210, -805, -951, 3876, -3876, 951, 805, -210, -362, 32, 156, 12, -53, -11, 11, 3],
  16,
);
const EVEN: usize = memory.data<i16>(
  [3, 0, -11, 0, 12, 0, 32, 0, -210, 0, 951, 0, 3876, 0, -805, 0, 362, 0, -156, 0, 53, 0, -11, 0],
  16,
);
const ODD: usize = memory.data<i16>(
  [0, -11, 0, 53, 0, -156, 0, 362, 0, -805, 0, 3876, 0, 951, 0, -210, 0, 32, 0, 12, 0, -11, 0, 3],
  16,
);
/** Samples that a filter remembers. */
export const QMF_MEMORY: i32 = 22;

// @ts-ignore: decorator
@inline
function filtered(at: usize, taps0: v128, taps1: v128, taps2: v128): v128 {
  return i32x4.add(
    i32x4.add(i32x4.dot_i16x8_s(v128.load(at), taps0), i32x4.dot_i16x8_s(v128.load(at, 16), taps1)),
    i32x4.dot_i16x8_s(v128.load(at, 32), taps2),
  );
}

/** The sums of the lanes of each of four vectors. */
// @ts-ignore: decorator
@inline
function transposedSum(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** Splits the samples from `x` on, which QMF_MEMORY older ones open; writes `pairs` (made full fours) of low and high. */
export function split(x: usize, low: usize, high: usize, pairs: i32): void {
  const s0 = v128.load(SUM);
  const s1 = v128.load(SUM, 16);
  const s2 = v128.load(SUM, 32);
  const d0 = v128.load(DIFFERENCE);
  const d1 = v128.load(DIFFERENCE, 16);
  const d2 = v128.load(DIFFERENCE, 32);
  for (let i: usize = 0, n = (<usize>pairs) << 2; i < n; i += 16) {
    const at = x + i;
    const lows = transposedSum(
      filtered(at, s0, s1, s2),
      filtered(at + 4, s0, s1, s2),
      filtered(at + 8, s0, s1, s2),
      filtered(at + 12, s0, s1, s2),
    );
    const highs = transposedSum(
      filtered(at, d0, d1, d2),
      filtered(at + 4, d0, d1, d2),
      filtered(at + 8, d0, d1, d2),
      filtered(at + 12, d0, d1, d2),
    );
    v128.store(low + i, i32x4.shr_s(lows, 14));
    v128.store(high + i, i32x4.shr_s(highs, 14));
  }
}

/** Joins sums and differences of the bands, alternating from `x` on, into pairs of samples at `pcm` (full fours of pairs). */
export function join(x: usize, pcm: usize, pairs: i32): void {
  const e0 = v128.load(EVEN);
  const e1 = v128.load(EVEN, 16);
  const e2 = v128.load(EVEN, 32);
  const o0 = v128.load(ODD);
  const o1 = v128.load(ODD, 16);
  const o2 = v128.load(ODD, 32);
  for (let i: usize = 0, n = (<usize>pairs) << 2; i < n; i += 16) {
    const at = x + i;
    const even = transposedSum(
      filtered(at, e0, e1, e2),
      filtered(at + 4, e0, e1, e2),
      filtered(at + 8, e0, e1, e2),
      filtered(at + 12, e0, e1, e2),
    );
    const odd = transposedSum(
      filtered(at, o0, o1, o2),
      filtered(at + 4, o0, o1, o2),
      filtered(at + 8, o0, o1, o2),
      filtered(at + 12, o0, o1, o2),
    );
    const samples = i16x8.narrow_i32x4_s(i32x4.shr_s(odd, 11), i32x4.shr_s(even, 11));
    v128.store(pcm + i, v128.shuffle<i16>(samples, samples, 0, 4, 1, 5, 2, 6, 3, 7));
  }
}
