/**
 * Comfort noise for codecs without their own (RFC 3389): finds the pauses of a voice and describes their noise; makes noise as
 * described. Static buffers, no allocation, no traps. One instance per direction of a call.
 */
import { at, clear, put } from '../../dsp/floats';
import { background, isSpeech, resetActivity } from './activity';
import { describe, learn, resetDescription, speak } from './description';
import { makeNoise, readDescription, resetGenerator } from './generator';

/** 120 ms at 16 kHz. */
const MAX_SAMPLES: i32 = 1920;
const PCM: usize = memory.data(3840, 16);
const MAX_OCTETS: i32 = 256;
const OCTETS: usize = memory.data(256, 16);
/** 30 ms of history and a frame of 10, at 16 kHz. */
const HISTORY: i32 = 480;
const LINE: usize = memory.data(2560, 16);

let rate: i32 = 8000;
let slow: f32 = 0;

export function pcm(): usize {
  return PCM;
}

export function octets(): usize {
  return OCTETS;
}

/** @param sampleRate 8000 or 16000 */
export function reset(sampleRate: i32): void {
  rate = sampleRate > 8000 ? 16000 : 8000;
  slow = 0;
  clear(LINE, HISTORY + 160);
  resetActivity();
  resetDescription();
  resetGenerator();
}

/** Hears a packet, a multiple of 10 ms. @returns -1: speech; 0: a pause that has been described; else octets of its description */
export function encode(samples: i32): i32 {
  const count = rate / 100;
  const last = max(0, min(samples, MAX_SAMPLES)) - count;
  let speech = false;
  let frames = 0;
  const frame = at(LINE, HISTORY);
  for (let from = 0; from <= last; from += count, frames++) {
    memory.copy(LINE, at(LINE, count), 4 * HISTORY);
    for (let i = 0; i < count; i++) {
      const value = load<i16>(PCM + (((from + i) as usize) << 1)) as f32;
      // What does not move is not heard.
      slow += (value - slow) * (320 / (rate as f32));
      put(frame, i, value - slow);
    }
    if (isSpeech(frame, count, rate)) speech = true;
    if (background) learn(frame, count);
  }
  if (!speech) return describe(OCTETS, frames);
  speak();
  return -1;
}

/** Takes a description of `length` octets, and makes the first 10 ms of its noise. @returns samples */
export function decode(length: i32): i32 {
  readDescription(OCTETS, max(0, min(length, MAX_OCTETS)));
  return conceal();
}

/** Makes the next 10 ms. @returns samples */
export function conceal(): i32 {
  makeNoise(PCM, rate / 100);
  return rate / 100;
}
