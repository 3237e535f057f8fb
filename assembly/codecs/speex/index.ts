/**
 * Speex: narrow, wide and ultra-wide band. Static buffers, no allocation, no traps: octets that cannot be meant
 * are concealed. One instance per direction of a call.
 */
import { finish, startReading, startWriting } from './bits';
import { setSearch } from './complexity';
import { bands, concealFrame, decodeFrame, resetDecoder, setBands } from './decoder';
import { encodeFrame, resetEncoder, worthSending } from './encoder';
import { lastSubmode, setEnhancement as enhance, silent } from './narrow-decoder';
import {
  inSilence as silenceGoesOn, setAverage, setDetection, setDiscontinuous, setQuality as setRateQuality, setVariable,
} from './rate-control'; // prettier-ignore

/** 120 ms at 32 kHz. */
const PCM: usize = memory.data(2 * 3840, 16);
const OCTETS: usize = memory.data(1504, 16);
const MOST_OCTETS: i32 = 1500;
const MOST_FRAMES: i32 = 6;

let sending: bool = true;
let silence: bool = false;

export function pcm(): usize {
  return PCM;
}

export function octets(): usize {
  return OCTETS;
}

/** @param band 0 narrow, 1 wide, 2 ultra-wide; forgets everything heard before */
export function setBand(band: i32): void {
  setBands(max(0, min(band, 2)));
  reset();
}

export function setEnhancement(on: i32): void {
  enhance(on != 0);
}

/** @param quality 0 .. 10; between two whole ones where the rate varies */
export function setQuality(quality: f64): void {
  setRateQuality(quality);
}

/** Each frame gets the rate that it is worth at this quality. */
export function setVbr(on: i32): void {
  setVariable(on != 0);
}

/** Silence gets the least rate; with variable rate it always does. */
export function setVad(on: i32): void {
  setDetection(on != 0);
}

/** Silence is described and then not sent: see `mustSend`. Takes VAD or variable rate. */
export function setDtx(on: i32): void {
  setDiscontinuous(on != 0);
}

/** Variable rate whose average settles at so many bit/s; 0 for none. */
export function setAbr(bitRate: f64): void {
  setAverage(bitRate);
}

/** @param complexity 1 .. 10: how hard the encoder searches */
export function setComplexity(complexity: i32): void {
  setSearch(complexity);
}

/** Whether the last packet has to be sent. In a silence `encode` makes empty frames, which need not be. */
export function mustSend(): i32 {
  return sending ? 1 : 0;
}

/** Whether the last frame that was decoded described silence: what follows it is made by `comfort`. */
export function inSilence(): i32 {
  return silent || lastSubmode() == 0 ? 1 : 0;
}

/** Makes one frame of the silence that was described. @returns samples */
export function comfort(): i32 {
  // A frame of submode 0 in every band, as a sender makes that does not keep still.
  store<u8>(OCTETS, 0);
  startReading(OCTETS, 1);
  decodeFrame(PCM);
  return 160 << bands;
}

export function reset(): void {
  resetEncoder();
  resetDecoder();
}

/** Whether all of the last packet is silence. */
export function encodedSilence(): i32 {
  return silence ? 1 : 0;
}

/** Encodes one frame. @returns its octets */
export function encode(): i32 {
  return encodePacket(1);
}

/** Encodes a packet of frames, one behind the other without alignment (RFC 5574 §3.3). @returns its octets */
export function encodePacket(frames: i32): i32 {
  startWriting(OCTETS, MOST_OCTETS);
  sending = false;
  silence = true;
  for (let frame = 0, last = max(1, min(frames, MOST_FRAMES)); frame < last; frame++) {
    encodeFrame(PCM + ((320 * frame) << bands));
    sending = sending || worthSending;
    silence = silence && silenceGoesOn();
  }
  return finish();
}

/** Decodes the frames of a packet, at most 120 ms. @returns samples */
export function decode(length: i32): i32 {
  startReading(OCTETS, max(0, min(length, MOST_OCTETS)));
  let samples = 0;
  for (let frame = 0; frame < MOST_FRAMES; frame++) {
    if (decodeFrame(PCM + (samples << 1)) < 0) break;
    samples += 160 << bands;
  }
  return samples > 0 ? samples : conceal();
}

/** Makes one frame for a lost one. @returns samples */
export function conceal(): i32 {
  concealFrame(PCM);
  return 160 << bands;
}
