/** The enhanced block from its pitch-synchronous sequences (RFC 3951 §4.6.3 to §4.6.5). */
import { dot, get, put } from '../../dsp/floats';

const ENH_BLOCKL: i32 = 80;
const ENH_ALPHA0: f32 = 0.05;

/** Seven blocks; the fourth is the one to enhance. */
export const SEQUENCES: usize = memory.data(4 * 560, 16);
const SURROUND: usize = memory.data(4 * 80, 16);

// 0.5 (1 - cos(2 pi i / 8)) for i = 1, 2, 3, 5, 6, 7 as single precision gives them.
const WEIGHT_1: f32 = 0.1464466154575348;
const WEIGHT_2: f32 = 0.5;
const WEIGHT_3: f32 = 0.8535534143447876;
const WEIGHT_5: f32 = 0.853553295135498;
const WEIGHT_6: f32 = 0.5;
const WEIGHT_7: f32 = 0.14644649624824524;

export function smooth(out: usize): void {
  for (let i: usize = 0; i < 320; i += 16) {
    const p = SEQUENCES + i;
    let sum = f32x4.mul(v128.load(p), f32x4.splat(WEIGHT_1));
    sum = f32x4.add(sum, f32x4.mul(v128.load(p, 320), f32x4.splat(WEIGHT_2)));
    sum = f32x4.add(sum, f32x4.mul(v128.load(p, 640), f32x4.splat(WEIGHT_3)));
    sum = f32x4.add(sum, f32x4.mul(v128.load(p, 1280), f32x4.splat(WEIGHT_5)));
    sum = f32x4.add(sum, f32x4.mul(v128.load(p, 1600), f32x4.splat(WEIGHT_6)));
    v128.store(SURROUND + i, f32x4.add(sum, f32x4.mul(v128.load(p, 1920), f32x4.splat(WEIGHT_7))));
  }
  const current = SEQUENCES + 960;
  let w00 = dot(current, current, ENH_BLOCKL);
  let w11 = dot(SURROUND, SURROUND, ENH_BLOCKL);
  const w10 = dot(SURROUND, current, ENH_BLOCKL);
  if (abs(w11) < 1) w11 = 1;
  const gain = sqrt((w00 / w11) as f64) as f32;
  let error: f32 = 0;
  for (let i = 0; i < ENH_BLOCKL; i++) {
    const value = gain * get(SURROUND, i);
    put(out, i, value);
    error += (get(current, i) - value) * (get(current, i) - value);
  }
  if (!(error > ENH_ALPHA0 * w00)) return;
  // The constraint of §4.6.5.
  if (w00 < 1) w00 = 1;
  const denominator = (w11 * w00 - w10 * w10) / (w00 * w00);
  let a: f32 = 0;
  let b: f32 = 1;
  if ((denominator as f64) > 0.0001) {
    a = sqrt(((ENH_ALPHA0 - (ENH_ALPHA0 * ENH_ALPHA0) / 4) / denominator) as f64) as f32;
    b = -ENH_ALPHA0 / 2 - (a * w10) / w00;
    b = b + 1;
  }
  for (let i = 0; i < ENH_BLOCKL; i++) put(out, i, a * get(SURROUND, i) + b * get(current, i));
}
