/**
 * DVI4 (RFC 3551 §4.5.1): IMA ADPCM, four bits a sample, behind a header of four octets that makes each packet stand
 * for itself. Static buffers, no allocation, no traps; one instance per direction of a call.
 */
import { Concealment_conceal, Concealment_init, Concealment_resume } from '../../dsp/concealment';
import { LAST_STEP, STEPS } from './steps';

/** 120 ms at 16 kHz. */
const MAX_SAMPLES: i32 = 1920;
const HEADER: i32 = 4;
const PCM: usize = memory.data(3840, 16);
const OCTETS: usize = memory.data(976, 16);
/** Change of the prediction, by step index and code, 16 a row. */
const CHANGES: usize = memory.data(89 * 16 * 4, 16);
/** The index that follows, in the same order. */
const FOLLOWING: usize = memory.data(89 * 16, 16);

let predicted: i32 = 0;
let index: i32 = 0;
let rate: i32 = 8000;

export function pcm(): usize {
  return PCM;
}

export function octets(): usize {
  return OCTETS;
}

/** @param sampleRate 8000 or 16000 */
export function reset(sampleRate: i32): void {
  predicted = 0;
  index = 0;
  rate = sampleRate;
  Concealment_init(sampleRate);
  for (let i = 0; i <= LAST_STEP; i += 1) {
    const step = <i32>load<u16>(STEPS + ((<usize>i) << 1));
    for (let code = 0; code < 16; code += 1) {
      let change = step >> 3;
      if (code & 4) change += step;
      if (code & 2) change += step >> 1;
      if (code & 1) change += step >> 2;
      const at = <usize>((i << 4) + code);
      store<i32>(CHANGES + (at << 2), code & 8 ? -change : change);
      const advance = code & 4 ? ((code & 3) + 1) << 1 : -1;
      store<u8>(FOLLOWING + at, <u8>max(0, min(LAST_STEP, i + advance)));
    }
  }
}

/** Encodes `count` samples, even, 0..1920. @returns octets: header and half as many */
export function encode(count: i32): i32 {
  const n = bounded(count);
  store<u16>(OCTETS, bswap<u16>(<u16>predicted));
  store<u8>(OCTETS, <u8>index, 2);
  store<u8>(OCTETS, 0, 3);
  for (let i: usize = 0; i < <usize>n; i += 2) {
    const first = encodeSample(load<i16>(PCM + (i << 1)));
    store<u8>(OCTETS + <usize>HEADER + (i >> 1), <u8>((first << 4) | encodeSample(load<i16>(PCM + (i << 1), 2))));
  }
  return HEADER + (n >> 1);
}

// @ts-ignore: decorator
@inline
function encodeSample(sample: i32): i32 {
  const difference = sample - predicted;
  let rest = abs<i32>(difference);
  let step = <i32>load<u16>(STEPS + ((<usize>index) << 1));
  let code = difference < 0 ? 8 : 0;
  const four = rest >= step;
  rest -= four ? step : 0;
  step >>= 1;
  const two = rest >= step;
  rest -= two ? step : 0;
  step >>= 1;
  code |= (<i32>four << 2) | (<i32>two << 1) | <i32>(rest >= step);
  apply(code);
  return code;
}

// @ts-ignore: decorator
@inline
function apply(code: i32): void {
  const at = <usize>((index << 4) + code);
  predicted = max<i32>(-32768, min<i32>(32767, predicted + load<i32>(CHANGES + (at << 2))));
  index = <i32>load<u8>(FOLLOWING + at);
}

/** Decodes a payload of `length` octets, 0..964. One without a sound header is concealed. @returns samples */
export function decode(length: i32): i32 {
  if (length <= 0) return 0;
  if (length < HEADER || <i32>load<u8>(OCTETS, 2) > LAST_STEP) {
    conceal(rate / 50);
    return rate / 50;
  }
  predicted = <i32>(<i16>bswap<u16>(load<u16>(OCTETS)));
  index = <i32>load<u8>(OCTETS, 2);
  const n = bounded((length - HEADER) << 1);
  for (let i: usize = 0; i < <usize>n; i += 2) {
    const pair = <i32>load<u8>(OCTETS + <usize>HEADER + (i >> 1));
    apply(pair >> 4);
    store<i16>(PCM + (i << 1), predicted);
    apply(pair & 15);
    store<i16>(PCM + (i << 1), predicted, 2);
  }
  Concealment_resume(PCM, n);
  return n;
}

/** Replaces a lost frame of `count` samples. */
export function conceal(count: i32): void {
  Concealment_conceal(PCM, bounded(count));
}

// @ts-ignore: decorator
@inline
function bounded(count: i32): i32 {
  return max(0, min(count, MAX_SAMPLES)) & ~1;
}
