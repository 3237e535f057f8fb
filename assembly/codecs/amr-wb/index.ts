/**
 * AMR wide-band (3GPP TS 26.171, .173, .190-.194; ITU-T G.722.2): bit exact with the fixed-point reference.
 * Frames of RFC 4867 without their table of contents: octets sorted by class, zero padded.
 */
import { at, put } from '../amr/basic-op';
import { frameBits, packedBit, rewind, unpack } from './bits';
import { decodeFrame, decoder_reset } from './decoder';
import { RX_NO_DATA, RX_SID_BAD, RX_SID_FIRST, RX_SID_UPDATE, RX_SPEECH_BAD, RX_SPEECH_GOOD, RX_SPEECH_LOST } from './dtx-decode';
import { L_FRAME16k, MODE_24k, MRDTX } from './frame';

const PCM: usize = memory.data(640, 16);
const OCTETS: usize = memory.data(64, 16);
const SPEECH_LOST: i32 = 14;
let previousMode: i32 = 0;

/** 320 samples, 16 kHz, signed 16 bit. */
export function pcm(): usize {
  return PCM;
}

/** One frame, 61 octets at most. */
export function octets(): usize {
  return OCTETS;
}

/** 14 bits are left. */
function play(mode: i32, type: i32): i32 {
  decodeFrame(mode, type, PCM);
  for (let i = 0; i < L_FRAME16k; i += 1) put(PCM, i, at(PCM, i) & ~3);
  return L_FRAME16k;
}

/** Decodes `length` octets of frame type `type` (0..8 speech, 9 SID, 14 lost, 15 nothing). @param good the Q bit of the table of contents. @returns samples */
export function decode(type: i32, length: i32, good: i32): i32 {
  if (type == SPEECH_LOST) {
    rewind();
    return play(previousMode, RX_SPEECH_LOST);
  }
  if (type < 0 || type > MRDTX || length < 0 || (length << 3) < frameBits(min(max(type, 0), MRDTX))) return conceal();
  unpack(OCTETS, type);
  if (type <= MODE_24k) {
    previousMode = type;
    return play(type, good != 0 ? RX_SPEECH_GOOD : RX_SPEECH_BAD);
  }
  const kind = packedBit(OCTETS, 35) == 0 ? RX_SID_FIRST : RX_SID_UPDATE;
  return play(previousMode, good != 0 ? kind : RX_SID_BAD);
}

/** Makes a frame in the place of a lost one. */
export function conceal(): i32 {
  rewind();
  return play(previousMode, RX_NO_DATA);
}

export function reset(): void {
  decoder_reset();
  previousMode = 0;
}
