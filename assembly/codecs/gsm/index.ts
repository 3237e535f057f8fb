/**
 * GSM full rate 06.10 (EN 300 961), bit exact, with the homing of encoder and decoder. 160 samples of 13 bits, left
 * justified, ↔ 33 octets. Static buffers, no allocation, no traps; one instance per direction of a call.
 */
import { decodeFrame, Decoder_reset } from './decoder';
import { Encoder_reset, encodeFrame, isHomingInput } from './encoder';
import { FRAME_OCTETS, LARC, pack, SUBFRAME_SIZE, SUBFRAMES, unpack } from './frame';

/** 120 ms. */
const MAX_FRAMES: i32 = 6;
const PCM: usize = memory.data(1920, 16);
/** Six frames, and what 64-bit accesses exceed them by. */
const OCTETS: usize = memory.data(208, 16);
/** The decoder homing frame: what the encoder makes of its own homing frame from its home state. */
const HOMING: usize = memory.data(48, 16);
const KEPT: usize = memory.data(160, 16);
/** Signature, LARc and the first sub-frame. */
const FIRST_PART: i32 = 12;

let homingKnown: bool = false;
let atHome: bool = true;
/** Frames since the last good one; counts to 16. */
let lost: i32 = 0;
let anyGood: bool = false;

export function pcm(): usize {
  return PCM;
}

export function octets(): usize {
  return OCTETS;
}

export function reset(): void {
  Encoder_reset();
  if (!homingKnown) {
    for (let i: usize = 0; i < 320; i += 2) store<i16>(PCM + i, 8);
    encodeFrame(PCM);
    pack(HOMING);
    homingKnown = true;
    Encoder_reset();
  }
  Decoder_reset();
  atHome = true;
  lost = 0;
  anyGood = false;
}

/** Encodes the first 160 samples of the PCM buffer. @returns 33 octets */
export function encode(): i32 {
  encodeFrame(PCM);
  pack(OCTETS);
  if (isHomingInput(PCM)) Encoder_reset();
  return <i32>FRAME_OCTETS;
}

/**
 * Decodes the whole frames, at most 6, in `length` octets. A frame without signature, or a payload shorter than
 * one, is concealed. @returns samples
 */
export function decode(length: i32): i32 {
  if (length <= 0) return 0;
  const n = min(length / <i32>FRAME_OCTETS, MAX_FRAMES);
  if (n === 0) {
    concealOne(PCM);
    return 160;
  }
  for (let i = 0; i < n; i += 1) decodeOne(OCTETS + (<usize>i) * FRAME_OCTETS, PCM + (<usize>i) * 320);
  return n * 160;
}

function decodeOne(from: usize, to: usize): void {
  if (!unpack(from)) {
    concealOne(to);
    return;
  }
  // EN 300 961 §4.4: a homing frame at home is answered with the encoder homing frame, so that tandems stay at home.
  if (atHome && homes(from, FIRST_PART)) {
    for (let i: usize = 0; i < 320; i += 2) store<i16>(to + i, 8);
  } else {
    decodeFrame(to);
    atHome = false;
  }
  if (homes(from, <i32>FRAME_OCTETS)) {
    Decoder_reset();
    atHome = true;
  }
  lost = 0;
  anyGood = true;
  memory.copy(KEPT, LARC, 16 + 4 * SUBFRAME_SIZE);
}

function homes(from: usize, count: i32): bool {
  for (let i: usize = 0; i < <usize>count; i += 1) {
    if (load<u8>(from + i) !== load<u8>(HOMING + i)) return false;
  }
  return true;
}

/** Makes one frame for a lost one. */
export function conceal(): void {
  concealOne(PCM);
}

/** EN 300 963 §6 (GSM 06.11): the last frame again, then ever softer, and silence from the 16th on. */
function concealOne(to: usize): void {
  if (!anyGood || lost >= 16) {
    memory.fill(to, 0, 320);
    if (anyGood) Decoder_reset();
    anyGood = false;
    return;
  }
  memory.copy(LARC, KEPT, 16 + 4 * SUBFRAME_SIZE);
  for (let i: usize = 0; i < 4; i += 1) {
    const at = SUBFRAMES + i * SUBFRAME_SIZE;
    const maximum = <i32>load<u16>(at, 6) - 4 * lost;
    store<u16>(at, max(0, maximum), 6);
    // The residual's own loop would hum: it fades with the pulses.
    if (lost > 1) store<u16>(at, min<u16>(load<u16>(at, 2), lost > 3 ? 0 : 1), 2);
  }
  decodeFrame(to);
  fade(to, gainAfter(lost), gainAfter(lost + 1));
  atHome = false;
  lost += 1;
}

/** Of 4096: full for two frames, silence from the tenth on. The filters of a tone ring on although the pulses fade. */
// @ts-ignore: decorator
@inline
function gainAfter(frames: i32): i32 {
  return max(0, min(4096, (10 - frames) << 9));
}

function fade(at: usize, from: i32, to: i32): void {
  if (to === 4096) return;
  for (let i: i32 = 0; i < 160; i += 1) {
    const gain = from + ((to - from) * i) / 160;
    const p = at + ((<usize>i) << 1);
    store<i16>(p, (<i32>load<i16>(p) * gain) >> 12);
  }
}
