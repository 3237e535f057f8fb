import { adaptPredictor, adaptScale, BAND_SIZE, Band_reset, prediction, saturate, scale } from './band';
import {
  FF_G722_HIGH_INV_QUANT,
  FF_G722_LOW_INV_QUANT4,
  FF_G722_LOW_INV_QUANT6,
  HIGH_LOG_FACTOR_STEP,
  LOW_INV_QUANT5,
  LOW_LOG_FACTOR_STEP,
  LOW_QUANT,
} from './tables';

const LOWER: usize = memory.data(80, 16);
const HIGHER: usize = memory.data(80, 16);
/** Quantiser interval of a difference over its scale, for 4096 times the quotient, rounded up. */
const INTERVALS: usize = memory.data(2928, 16);
const GREATEST_QUOTIENT: u32 = 2920;

export function SubBands_reset(): void {
  Band_reset(LOWER, 32);
  Band_reset(HIGHER, 8);
  for (let quotient: usize = 0, interval: usize = 1; quotient <= GREATEST_QUOTIENT; quotient += 1) {
    while (interval < 30 && <usize>load<i16>(LOW_QUANT + ((interval - 1) << 1)) < quotient) interval += 1;
    store<u8>(INTERVALS + quotient, <u8>interval);
  }
}

// @ts-ignore: decorator
@inline
function entry(table: usize, index: i32): i32 {
  return load<i16>(table + ((<usize>index) << 1));
}

/** Codes a pair of sub-band samples as an octet: two bits of the higher band, six of the lower one. */
// @ts-ignore: decorator
@inline
export function encodePair(low: i32, high: i32): i32 {
  const code = quantisePair(low, high);
  updateLower((code & 63) >> 2);
  const higherCode = code >> 6;
  updateHigher(higherCode, (scale(HIGHER) * entry(FF_G722_HIGH_INV_QUANT, higherCode)) >> 12);
  return code;
}

/** The same without a step of the predictors. */
// @ts-ignore: decorator
@inline
export function quantisePair(low: i32, high: i32): i32 {
  // QUANTL: the first of 29 levels above the magnitude; one division finds it.
  const el = saturate(low - prediction(LOWER));
  const lowerScale = scale(LOWER);
  const quotient = <u32>(((el ^ (el >> 31)) << 12) + 4096 + lowerScale - 1) / <u32>lowerScale;
  const interval = <i32>load<u8>(INTERVALS + <usize>min<u32>(quotient, GREATEST_QUOTIENT));
  const lowerCode = el < 0 ? (interval < 3 ? 64 - interval : 34 - interval) : 62 - interval;

  // QUANTH: 0 and 1 below zero, 2 and 3 above; the even one is the outer.
  const eh = saturate(high - prediction(HIGHER));
  const outer = (eh ^ (eh >> 31)) >= (564 * scale(HIGHER)) >> 12;
  return (((eh < 0 ? 0 : 2) + (outer ? 0 : 1)) << 6) | lowerCode;
}

/** @param mode 1, 2, 3: none, one, two of the lowest bits carry data. @returns rlow + rhigh and rlow - rhigh, high half first */
// @ts-ignore: decorator
@inline
export function decodePair(octet: i32, mode: i32): i32 {
  const code = octet & 63;
  const quantised =
    mode === 1
      ? entry(FF_G722_LOW_INV_QUANT6, code)
      : mode === 2
        ? entry(LOW_INV_QUANT5, code >> 1)
        : entry(FF_G722_LOW_INV_QUANT4, code >> 2);
  const low = limited(prediction(LOWER) + ((scale(LOWER) * quantised) >> 12));
  updateLower(code >> 2);

  const higherCode = octet >> 6;
  const difference = (scale(HIGHER) * entry(FF_G722_HIGH_INV_QUANT, higherCode)) >> 12;
  const high = limited(prediction(HIGHER) + difference);
  updateHigher(higherCode, difference);
  return ((low + high) << 16) | ((low - high) & 0xffff);
}

/** LIMIT: 15 bits. */
// @ts-ignore: decorator
@inline
function limited(value: i32): i32 {
  return max<i32>(-16384, min<i32>(16383, value));
}

// @ts-ignore: decorator
@inline
function updateLower(code: i32): void {
  const difference = (scale(LOWER) * entry(FF_G722_LOW_INV_QUANT4, code)) >> 12;
  adaptScale(LOWER, entry(LOW_LOG_FACTOR_STEP, code), 18432, 8);
  adaptPredictor(LOWER, difference);
}

// @ts-ignore: decorator
@inline
function updateHigher(code: i32, difference: i32): void {
  adaptScale(HIGHER, entry(HIGH_LOG_FACTOR_STEP, code & 1), 22528, 10);
  adaptPredictor(HIGHER, difference);
}
