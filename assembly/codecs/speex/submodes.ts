/** What the submodes of the narrow band and of the high bands are made of (Speex manual, chapters 9 and 10). */
import {
  EXC_10_16_TABLE, EXC_10_32_TABLE, EXC_20_32_TABLE, EXC_5_256_TABLE, EXC_5_64_TABLE, EXC_8_128_TABLE,
  GAIN_CDBK_LBR, GAIN_CDBK_NB, HEXC_10_32_TABLE, HEXC_TABLE,
} from './tables'; // prettier-ignore

export const PITCH_START: i32 = 17;
export const PITCH_END: i32 = 144;

/** Pitch once a frame and not by subframe: 1, 2 and 8. */
export function framePitch(submode: i32): bool {
  return submode <= 2 || submode == 8;
}

/** Pitch gain once a frame. */
export function frameGain(submode: i32): bool {
  return submode == 1 || submode == 8;
}

export function coarseLsp(submode: i32): bool {
  return submode <= 4 || submode == 8;
}

/** Bits of the gain of a subframe: 0, 1 or 3. */
export function gainBits(submode: i32): i32 {
  return submode == 3 || submode == 4 ? 1 : submode >= 5 && submode <= 7 ? 3 : 0;
}

/** Bits of the three pitch gains. */
export function pitchGainBits(submode: i32): i32 {
  return submode >= 5 && submode <= 7 ? 7 : 5;
}

export function pitchGains(submode: i32): usize {
  return pitchGainBits(submode) == 7 ? GAIN_CDBK_NB : GAIN_CDBK_LBR;
}

/** The strength of the enhancement; submode 1 has none. */
export function combGain(submode: i32): f32 {
  if (submode == 2) return 0.6;
  if (submode == 3) return 0.55;
  if (submode == 4) return 0.45;
  if (submode == 5) return 0.25;
  if (submode == 6) return 0.15;
  if (submode == 7) return 0.05;
  return submode == 8 ? 0.5 : -1;
}

// The innovation codebook chosen last.
export let shapes: usize = 0;
export let shapeBits: i32 = 0;
export let shapeLength: i32 = 0;
export let shapeSign: bool = false;

function use(table: usize, bits: i32, length: i32): void {
  shapes = table;
  shapeBits = bits;
  shapeLength = length;
  shapeSign = false;
}

/** @returns whether the submode has an innovation codebook */
export function useNarrowShapes(submode: i32): bool {
  if (submode == 2) use(EXC_10_16_TABLE, 4, 10);
  else if (submode == 3) use(EXC_10_32_TABLE, 5, 10);
  else if (submode == 4) use(EXC_8_128_TABLE, 7, 8);
  else if (submode == 5 || submode == 7) use(EXC_5_64_TABLE, 6, 5);
  else if (submode == 6) use(EXC_5_256_TABLE, 8, 5);
  else if (submode == 8) use(EXC_20_32_TABLE, 5, 20);
  else return false;
  return true;
}

/** @param submode 1 .. 4; the first one folds the lower band instead */
export function useHighShapes(submode: i32): bool {
  if (submode == 2) use(HEXC_10_32_TABLE, 5, 10);
  else if (submode == 3 || submode == 4) {
    use(HEXC_TABLE, 7, 8);
    shapeSign = true;
  } else return false;
  return true;
}
