/** The perceptual enhancement: a comb along the pitch over 80 samples of excitation, without change of energy. */
import { get, put } from '../../dsp/floats';
import { level, product } from './filters';
import { SHIFT_FILT_FLOAT } from './tables';

const LENGTH: i32 = 80;
const CORRELATIONS: usize = memory.data(64, 16);
const BEFORE: usize = memory.data(4 * LENGTH, 16);
const AFTER: usize = memory.data(4 * LENGTH, 16);

/** @param gain strength, by submode @param pitch of the frame */
export function enhance(out: usize, excitation: usize, gain: f32, pitch: i32): void {
  const far = pitch > 40;
  shifted(BEFORE, excitation, pitch);
  shifted(AFTER, excitation, far ? 2 * pitch : -pitch);
  const own = sqrt<f32>((1 as f32) + product(excitation, excitation, LENGTH));
  const before = combWeight(excitation, BEFORE, own, gain) * (far ? (0.7 as f32) : (0.6 as f32));
  const after = combWeight(excitation, AFTER, own, gain) * (far ? (0.3 as f32) : (0.6 as f32));
  for (let i = 0; i < LENGTH; i++) put(out, i, get(excitation, i) + before * get(BEFORE, i) + after * get(AFTER, i));
  const enhanced = max<f32>(level(out, LENGTH), 1);
  const plain = min<f32>(max<f32>(level(excitation, LENGTH), 1), enhanced);
  const scale = plain / enhanced;
  for (let i = 0; i < LENGTH; i++) put(out, i, scale * get(out, i));
}

/** How much of a shifted copy is added: the less, the less it is alike. */
function combWeight(excitation: usize, copy: usize, own: f32, gain: f32): f32 {
  const magnitude = sqrt<f32>((1000 as f32) + product(copy, copy, LENGTH));
  const cross = max<f32>(product(copy, excitation, LENGTH), 0);
  const likeness = cross > magnitude * own ? (1 as f32) : cross / own / magnitude;
  const least: f32 = (0.4 as f32) * gain + (0.07 as f32);
  const slope: f32 = (0.5 as f32) + (1.72 as f32) * (least - (0.07 as f32));
  return ((least / max<f32>((1 as f32) - slope * likeness * likeness, least)) * own) / magnitude;
}

/** The excitation about `pitch` samples earlier, at the best fit to a fraction of a sample. */
function shifted(out: usize, excitation: usize, pitch: i32): void {
  for (let i = 0; i < 7; i++) {
    put(CORRELATIONS, i, product(excitation, excitation + ((i - pitch - 3) << 2), LENGTH));
  }
  let phase = 0;
  let offset = 0;
  let best = get(CORRELATIONS, 0);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 7; j++) {
      let value: f32 = 0;
      if (i == 0) value = get(CORRELATIONS, j);
      else {
        for (let k = max(0, 3 - j); k < min(7, 10 - j); k++) {
          value += get(SHIFT_FILT_FLOAT, 7 * (i - 1) + k) * get(CORRELATIONS, j + k - 3);
        }
      }
      if (value > best) {
        best = value;
        phase = i;
        offset = j;
      }
    }
  }
  const from = excitation + ((offset - pitch - 3) << 2);
  for (let i = 0; i < LENGTH; i++) {
    if (phase == 0) {
      put(out, i, get(from, i));
      continue;
    }
    let sum: f32 = 0;
    for (let k = 0; k < 7; k++) sum += get(from, i + k - 3) * get(SHIFT_FILT_FLOAT, 7 * (phase - 1) + k);
    put(out, i, sum);
  }
}
