/** Voice activity detector, option 1 (TS 26.094 §3). */
import { at, div_s, energy, hi, L_mac, L_msu, L_shl, put, shl, shr, zero } from '../amr/basic-op';
import { abs_s, mult, mult_r, norm_s, round, sat } from '../amr/called-op';
import { L_FRAME } from './frame';

const BANDS: i32 = 9;
const LOOKAHEAD: i32 = 40;
const COEFF3: i32 = 13363;
const COEFF5_1: i32 = 21955;
const COEFF5_2: i32 = 6390;
const STAT_COUNT: i32 = 20;
const CVAD_ADAPT_HIGH: i32 = 19660;

const DATA5: usize = memory.data(16, 16);
const DATA3: usize = memory.data(16, 16);
const BACKGROUND: usize = memory.data(32, 16);
const OLD_LEVEL: usize = memory.data(32, 16);
const AVERAGE_LEVEL: usize = memory.data(32, 16);
const SUB_LEVEL: usize = memory.data(32, 16);
const LEVEL: usize = memory.data(32, 16);
const WORK: usize = memory.data(320, 16);

let oldLagCount: i32 = 0;
let oldLag: i32 = 0;
let pitch: i32 = 0;
let tone: i32 = 0;
let complexHigh: i32 = 0;
let complexLow: i32 = 0;
let complexHangTimer: i32 = 0;
let complexHangCount: i32 = 0;
let complexWarning: bool = false;
let bestCorrHp: i32 = 0;
let corrHpFast: i32 = 0;
let vadreg: i32 = 0;
let statCount: i32 = 0;
let burstCount: i32 = 0;
let hangCount: i32 = 0;

export function vad1_reset(): void {
  oldLagCount = 0;
  oldLag = 0;
  pitch = 0;
  tone = 0;
  complexHigh = 0;
  complexLow = 0;
  complexHangTimer = 0;
  complexHangCount = 0;
  complexWarning = false;
  bestCorrHp = 13106;
  corrHpFast = 13106;
  vadreg = 0;
  statCount = 0;
  burstCount = 0;
  hangCount = 0;
  zero(DATA5, 6);
  zero(DATA3, 5);
  zero(SUB_LEVEL, BANDS);
  for (let i = 0; i < BANDS; i += 1) {
    put(BACKGROUND, i, 150);
    put(OLD_LEVEL, i, 150);
    put(AVERAGE_LEVEL, i, 150);
  }
}

/** First-order all-pass; its memory is at `state`. */
// @ts-ignore: decorator
@inline
function allPass(x: i32, state: usize, coefficient: i32): i32 {
  const past = load<i16>(state);
  const next = sat(x - mult(coefficient, past));
  store<i16>(state, <i16>next);
  return sat(past + mult(coefficient, next));
}

function first_filter_stage(input: usize): void {
  for (let i = 0; i < L_FRAME; i += 2) {
    const even = allPass(at(input, i) >> 2, DATA5, COEFF5_1);
    const odd = allPass(at(input, i + 1) >> 2, DATA5 + 2, COEFF5_2);
    put(WORK, i, sat(even + odd));
    put(WORK, i + 1, sat(even - odd));
  }
}

function filter5(i: i32, j: i32, state: usize): void {
  const even = allPass(at(WORK, i), state, COEFF5_1);
  const odd = allPass(at(WORK, j), state + 2, COEFF5_2);
  put(WORK, i, sat(even + odd) >> 1);
  put(WORK, j, sat(even - odd) >> 1);
}

function filter3(i: i32, j: i32, state: usize): void {
  const odd = allPass(at(WORK, j), state, COEFF3);
  const even = at(WORK, i);
  put(WORK, j, sat(even - odd) >> 1);
  put(WORK, i, sat(even + odd) >> 1);
}

/** Level of a band; the part beyond `from` counts in the next frame, because it lies ahead. */
function level(band: i32, from: i32, to: i32, step: i32, offset: i32, scale: i32): void {
  let late = 0;
  for (let i = from; i < to; i += 1) late = L_mac(late, 1, abs_s(at(WORK, step * i + offset)));
  let sum = late + L_shl(at(SUB_LEVEL, band), 16 - scale);
  put(SUB_LEVEL, band, hi(L_shl(late, scale)));
  for (let i = 0; i < from; i += 1) sum = L_mac(sum, 1, abs_s(at(WORK, step * i + offset)));
  put(LEVEL, band, hi(L_shl(sum, scale)));
}

function filter_bank(input: usize): void {
  first_filter_stage(input);
  for (let i = 0; i < L_FRAME; i += 4) {
    filter5(i, i + 2, DATA5 + 4);
    filter5(i + 1, i + 3, DATA5 + 8);
  }
  for (let i = 0; i < L_FRAME; i += 8) {
    filter3(i, i + 4, DATA3);
    filter3(i + 2, i + 6, DATA3 + 2);
    filter3(i + 3, i + 7, DATA3 + 8);
  }
  for (let i = 0; i < L_FRAME; i += 16) {
    filter3(i, i + 8, DATA3 + 4);
    filter3(i + 4, i + 12, DATA3 + 6);
  }
  level(8, 32, 40, 4, 1, 15);
  level(7, 16, 20, 8, 7, 16);
  level(6, 16, 20, 8, 3, 16);
  level(5, 16, 20, 8, 2, 16);
  level(4, 16, 20, 8, 6, 16);
  level(3, 8, 10, 16, 4, 16);
  level(2, 8, 10, 16, 12, 16);
  level(1, 8, 10, 16, 8, 16);
  level(0, 8, 10, 16, 0, 16);
}

/** How far the levels are from their means. */
function spectralChange(): i32 {
  let ratio = 0;
  for (let i = 0; i < BANDS; i += 1) {
    const now = at(LEVEL, i);
    const mean = at(AVERAGE_LEVEL, i);
    const numerator = max(max(now, mean), 184);
    const denominator = max(min(now, mean), 184);
    const exponent = norm_s(denominator);
    ratio = sat(ratio + shr(div_s(numerator >> 1, shl(denominator, exponent)), 8 - exponent));
  }
  return ratio;
}

function update_cntrl(): void {
  if (complexWarning && statCount < 5) statCount = 5;
  if ((pitch & 0x6000) == 0x6000 || (tone & 0x7c00) == 0x7c00 || (vadreg & 0x7f80) == 0) {
    statCount = STAT_COUNT;
  } else if (spectralChange() > 1000) {
    statCount = STAT_COUNT;
  } else if ((vadreg & 0x4000) != 0 && statCount != 0) {
    statCount -= 1;
  }
  const alpha = statCount == STAT_COUNT ? 32767 : (vadreg & 0x4000) == 0 ? 16383 : 3276;
  for (let i = 0; i < BANDS; i += 1) {
    const mean = at(AVERAGE_LEVEL, i);
    put(AVERAGE_LEVEL, i, sat(mean + mult_r(alpha, sat(at(LEVEL, i) - mean))));
  }
}

function noise_estimate_update(): void {
  update_cntrl();
  let up = 0;
  let down = 1638;
  let step = 0;
  if ((vadreg & 0x7800) == 0 && (pitch & 0x7800) == 0 && complexHangCount == 0) {
    up = 1638;
    down = 2097;
    step = 2;
  } else if (statCount == 0 && complexHangCount == 0) {
    up = 491;
    down = 1867;
    step = 2;
  }
  for (let i = 0; i < BANDS; i += 1) {
    const estimate = at(BACKGROUND, i);
    const difference = sat(at(OLD_LEVEL, i) - estimate);
    if (difference < 0) put(BACKGROUND, i, max(sat(sat(estimate + mult_r(down, difference)) - 2), 40));
    else put(BACKGROUND, i, min(sat(sat(estimate + mult_r(up, difference)) + step), 16000));
    put(OLD_LEVEL, i, at(LEVEL, i));
  }
}

function hangover_addition(noise: i32, lowPower: bool): bool {
  const noisy = noise > 100;
  if (lowPower) {
    burstCount = 0;
    hangCount = 0;
    complexHangCount = 0;
    complexHangTimer = 0;
    return false;
  }
  if (complexHangTimer > 100 && complexHangCount < 250) complexHangCount = 250;
  if (complexHangCount != 0) {
    burstCount = 4;
    complexHangCount -= 1;
    return true;
  }
  if ((vadreg & 0x3ff0) == 0 && corrHpFast > 21298) return true;
  if ((vadreg & 0x4000) != 0) {
    burstCount = min(burstCount + 1, 32767);
    if (burstCount >= (noisy ? 4 : 5)) hangCount = noisy ? 7 : 4;
    return true;
  }
  burstCount = 0;
  if (hangCount > 0) {
    hangCount -= 1;
    return true;
  }
  return false;
}

/** Correlated signals such as music keep the detector on. */
function complex_vad(lowPower: bool): void {
  const alpha = corrHpFast < CVAD_ADAPT_HIGH ? 2621 : bestCorrHp < corrHpFast ? 6553 : 655;
  corrHpFast = max(round(L_mac(L_msu(corrHpFast << 16, alpha, corrHpFast), alpha, bestCorrHp)), 13106);
  if (lowPower) corrHpFast = 13106;
  complexHigh >>= 1;
  complexLow >>= 1;
  if (!lowPower) {
    if (corrHpFast > CVAD_ADAPT_HIGH) complexHigh |= 0x4000;
    if (corrHpFast > 16383) complexLow |= 0x4000;
  }
  complexHangTimer = corrHpFast > 22936 ? min(complexHangTimer + 1, 32767) : 0;
  complexWarning = (complexHigh & 0x7f80) == 0x7f80 || (complexLow & 0x7fff) == 0x7fff;
}

function vad_decision(power: i32): bool {
  let sum = 0;
  let noise = 0;
  for (let i = 0; i < BANDS; i += 1) {
    const estimate = at(BACKGROUND, i);
    const exponent = norm_s(estimate);
    const ratio = shl(div_s(at(LEVEL, i) >> 1, shl(estimate, exponent)), exponent - 5);
    sum = L_mac(sum, ratio, ratio);
    noise += estimate;
  }
  const snr = mult(hi(L_shl(sum, 6)), 3641);
  noise = hi(L_shl(noise, 13));
  const threshold = max(sat(mult(-2808, noise) + 1260), 720);
  vadreg >>= 1;
  if (snr > threshold) vadreg |= 0x4000;
  const lowPower = power < 15000;
  complex_vad(lowPower);
  noise_estimate_update();
  return hangover_addition(noise, lowPower);
}

export function vad_complex_detection_update(best: i32): void {
  bestCorrHp = best;
}

/** A strong correlation at the open-loop lag is a tone. */
export function vad_tone_detection(correlation: i32, signalEnergy: i32): void {
  const rounded = round(signalEnergy);
  if (rounded > 0 && L_msu(correlation, rounded, 21298) > 0) tone |= 0x4000;
}

export function vad_tone_detection_update(oneLagPerFrame: bool): void {
  tone >>= 1;
  if (oneLagPerFrame) tone = (tone >> 1) | 0x2000;
}

/** @param lags two open-loop lags of the frame */
export function vad_pitch_detection(lag0: i32, lag1: i32): void {
  let count = 0;
  if (abs_s(oldLag - lag0) < 4) count += 1;
  if (abs_s(lag0 - lag1) < 4) count += 1;
  oldLag = lag1;
  pitch >>= 1;
  if (oldLagCount + count >= 4) pitch |= 0x4000;
  oldLagCount = count;
}

/** @param input 160 new samples; 40 older ones lie before them. @returns whether it is speech */
export function vad1(input: usize): bool {
  const power = energy(input - LOOKAHEAD * 2, L_FRAME);
  if (power < 343040) pitch &= 0x3fff;
  if (power < 15000) complexLow &= 0x3fff;
  filter_bank(input);
  return vad_decision(power);
}
