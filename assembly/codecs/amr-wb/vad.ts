/** Voice activity detector of AMR-WB (TS 26.194). */
import { abs_s, at, div_s, energy, hi, L_add, L_mac, L_mult, L_shl, mult, mult_r, norm_l, norm_s, put, sat, shl, shr, word, zero } from '../amr/basic-op';
import { L_FRAME } from './frame';

const BANDS: i32 = 12;
const COEFF3: i32 = 13363;
const COEFF5_1: i32 = 21955;
const COEFF5_2: i32 = 6390;
const STAT_COUNT: i32 = 20;

const DATA5: usize = memory.data(32, 16);
const DATA3: usize = memory.data(16, 16);
const BACKGROUND: usize = memory.data(32, 16);
const OLD_LEVEL: usize = memory.data(32, 16);
const AVERAGE_LEVEL: usize = memory.data(32, 16);
const SUB_LEVEL: usize = memory.data(32, 16);
const LEVEL: usize = memory.data(32, 16);
const WORK: usize = memory.data(512, 16);

let toneFlag: i32 = 0;
let vadreg: i32 = 0;
let hangCount: i32 = 0;
let burstCount: i32 = 0;
let statCount: i32 = 0;
let speechCount: i32 = 0;
let speechMax: i32 = 0;
let speechMaxCount: i32 = 0;
let speechLevel: i32 = 0;
let previousPower: i32 = 0;

export function wb_vad_reset(): void {
  toneFlag = 0;
  vadreg = 0;
  hangCount = 0;
  burstCount = 0;
  statCount = 0;
  speechCount = 0;
  speechMax = 0;
  speechMaxCount = 0;
  speechLevel = 2050;
  previousPower = 0;
  zero(DATA5, 10);
  zero(DATA3, 6);
  zero(SUB_LEVEL, BANDS);
  for (let i = 0; i < BANDS; i += 1) {
    put(BACKGROUND, i, 150);
    put(OLD_LEVEL, i, 150);
    put(AVERAGE_LEVEL, i, 150);
  }
}

// @ts-ignore: decorator
@inline
function allPass(x: i32, state: usize, coefficient: i32): i32 {
  const past = load<i16>(state);
  const next = sat(x - ((coefficient * past) >> 15));
  store<i16>(state, <i16>next);
  return word(past + ((coefficient * next) >> 15));
}

function filter5(i: i32, j: i32, state: usize): void {
  const even = allPass(at(WORK, i), state, COEFF5_1);
  const odd = allPass(at(WORK, j), state + 2, COEFF5_2);
  put(WORK, i, (even + odd) >> 1);
  put(WORK, j, (even - odd) >> 1);
}

function filter3(i: i32, j: i32, state: usize): void {
  const odd = allPass(at(WORK, j), state, COEFF3);
  const even = at(WORK, i);
  put(WORK, j, (even - odd) >> 1);
  put(WORK, i, (even + odd) >> 1);
}

function level(band: i32, from: i32, to: i32, step: i32, offset: i32, scale: i32): void {
  let late = 0;
  for (let i = from; i < to; i += 1) late += abs_s(at(WORK, step * i + offset)) << 1;
  let sum = L_add(late, L_shl(at(SUB_LEVEL, band), 16 - scale));
  put(SUB_LEVEL, band, hi(L_shl(late, scale)));
  for (let i = 0; i < from; i += 1) sum += abs_s(at(WORK, step * i + offset)) << 1;
  put(LEVEL, band, hi(L_shl(sum, scale)));
}

function filter_bank(input: usize): void {
  for (let i = 0; i < L_FRAME; i += 1) put(WORK, i, at(input, i) >> 1);
  for (let i = 0; i < L_FRAME; i += 2) filter5(i, i + 1, DATA5);
  for (let i = 0; i < L_FRAME; i += 4) {
    filter5(i, i + 2, DATA5 + 4);
    filter5(i + 1, i + 3, DATA5 + 8);
  }
  for (let i = 0; i < L_FRAME; i += 8) {
    filter5(i, i + 4, DATA5 + 12);
    filter5(i + 2, i + 6, DATA5 + 16);
    filter3(i + 3, i + 7, DATA3);
  }
  for (let i = 0; i < L_FRAME; i += 16) {
    filter3(i, i + 8, DATA3 + 2);
    filter3(i + 4, i + 12, DATA3 + 4);
    filter3(i + 6, i + 14, DATA3 + 6);
  }
  for (let i = 0; i < L_FRAME; i += 32) {
    filter3(i, i + 16, DATA3 + 8);
    filter3(i + 8, i + 24, DATA3 + 10);
  }
  level(11, 16, 64, 4, 1, 14);
  level(10, 8, 32, 8, 7, 15);
  level(9, 8, 32, 8, 3, 15);
  level(8, 8, 32, 8, 2, 15);
  level(7, 4, 16, 16, 14, 16);
  level(6, 4, 16, 16, 6, 16);
  level(5, 4, 16, 16, 4, 16);
  level(4, 4, 16, 16, 12, 16);
  level(3, 2, 8, 32, 8, 17);
  level(2, 2, 8, 32, 24, 17);
  level(1, 2, 8, 32, 16, 17);
  level(0, 2, 8, 32, 0, 17);
}

/** Logarithm of a 15-bit number, Q10 and turned over. */
function ilog2(x: i32): i32 {
  let mantissa = max(x, 1);
  const first = norm_s(mantissa);
  mantissa = word(mantissa << first);
  for (let i = 0; i < 3; i += 1) mantissa = (mantissa * mantissa) >> 15;
  const square = L_mult(mantissa, mantissa);
  const second = norm_l(square);
  mantissa = hi(square << second);
  return ((first + 16) << 10) + (second << 6) + 127 - (mantissa >> 8);
}

function spectralChange(): i32 {
  let ratio = 0;
  for (let i = 0; i < BANDS; i += 1) {
    const now = at(LEVEL, i);
    const mean = at(AVERAGE_LEVEL, i);
    const numerator = max(max(now, mean), 184);
    const denominator = max(min(now, mean), 184);
    const exponent = norm_s(denominator);
    ratio = word(ratio + shr(div_s(numerator >> 1, denominator << exponent), 8 - exponent));
  }
  return ratio;
}

function update_cntrl(): void {
  if ((toneFlag & 0x7c00) == 0x7c00 || (vadreg & 0x7f80) == 0) statCount = STAT_COUNT;
  else if (spectralChange() > 1000) statCount = STAT_COUNT;
  else if ((vadreg & 0x4000) != 0 && statCount != 0) statCount -= 1;
  const alpha = statCount == STAT_COUNT ? 32767 : (vadreg & 0x4000) == 0 ? 16383 : 3276;
  for (let i = 0; i < BANDS; i += 1) {
    const mean = at(AVERAGE_LEVEL, i);
    put(AVERAGE_LEVEL, i, mean + mult_r(alpha, sat(at(LEVEL, i) - mean)));
  }
}

function noise_estimate_update(): void {
  update_cntrl();
  let up = 0;
  let down = 1638;
  let step = 0;
  if ((vadreg & 0x7800) == 0) {
    up = 1638;
    down = 2097;
    step = 2;
  } else if (statCount == 0) {
    up = 491;
    down = 1867;
    step = 2;
  }
  for (let i = 0; i < BANDS; i += 1) {
    const estimate = at(BACKGROUND, i);
    const difference = word(at(OLD_LEVEL, i) - estimate);
    if (difference < 0) put(BACKGROUND, i, max(sat(estimate + mult_r(down, difference)) - 2, 40));
    else put(BACKGROUND, i, min(estimate + mult_r(up, difference) + step, 20000));
    put(OLD_LEVEL, i, at(LEVEL, i));
  }
}

function hangover_addition(lowPower: bool, hang: i32, burst: i32): bool {
  if (lowPower) {
    burstCount = 0;
    hangCount = 0;
    return false;
  }
  if ((vadreg & 0x4000) != 0) {
    burstCount = min(burstCount + 1, 32767);
    if (burstCount >= burst) hangCount = hang;
    return true;
  }
  burstCount = 0;
  if (hangCount > 0) {
    hangCount -= 1;
    return true;
  }
  return false;
}

function vad_decision(power: i32): bool {
  let snr = 0;
  let noise = 0;
  for (let i = 0; i < BANDS; i += 1) {
    const estimate = at(BACKGROUND, i);
    const exponent = norm_s(estimate);
    const ratio = shl(div_s(at(LEVEL, i) >> 1, estimate << exponent), exponent - 6);
    snr = L_mac(snr, ratio, ratio);
    if (i > 0) noise += estimate;
  }
  const noiseLevel = hi(noise << 12);
  const least = word(mult(noiseLevel, 4096) << 3);
  if (speechLevel < least) speechLevel = least;
  const logNoise = ilog2(noiseLevel);
  const logSpeech = ilog2(speechLevel - least);
  // Slopes and limits of TS 26.194 §3.3.5.
  const base = ((1509 * (logNoise - 31744)) >> 15) + 768;
  const change = max(-96, min(-96 + ((-1339 * (logSpeech - 22527)) >> 15), 96));
  const threshold = max(base + change, 204);
  vadreg >>= 1;
  if (snr > L_mult(threshold, 512 * BANDS)) vadreg |= 0x4000;
  noise_estimate_update();
  const hang = max(((-1110 * (threshold - 217)) >> 15) + 12, 2);
  const burst = ((297 * (threshold - 768)) >> 15) + 8;
  return hangover_addition(power < 30000, hang, burst);
}

function Estimate_Speech(input: i32): void {
  if (speechCount - speechMaxCount > 80 - 25) {
    speechCount = 0;
    speechMax = 0;
    speechMaxCount = 0;
  }
  speechCount += 1;
  if (((vadreg & 0x4000) == 0 && input <= speechLevel) || input <= 129) return;
  speechMax = max(speechMax, input);
  speechMaxCount += 1;
  if (speechMaxCount < 25) return;
  const half = speechMax >> 1;
  if (half > 410) speechLevel = word(speechLevel + mult_r(4915, sat(half - speechLevel)));
  speechMax = 0;
  speechMaxCount = 0;
  speechCount = 0;
}

/** @param gain of the open-loop pitch */
export function wb_vad_tone_detection(gain: i32): void {
  toneFlag >>= 1;
  if (gain > 21298) toneFlag |= 0x4000;
}

/** @param input 256 samples. @returns whether it is speech */
export function wb_vad(input: usize): bool {
  const now = energy(input, L_FRAME);
  const power = L_add(now, previousPower);
  previousPower = now;
  if (power < 686080) toneFlag &= 0x1fff;
  filter_bank(input);
  const speech = vad_decision(power);
  let sum = 0;
  for (let i = 1; i < BANDS; i += 1) sum += at(LEVEL, i);
  Estimate_Speech(hi(sum << 12));
  return speech;
}
