/**
 * AMR wide-band (3GPP TS 26.171, .173, .190-.194; ITU-T G.722.2): bit exact with the fixed-point reference.
 * Frames of RFC 4867 without their table of contents: octets sorted by class, zero padded.
 */
import { at, put } from '../amr/basic-op';
import { frameBits, pack, packedBit, rewind, unpack } from './bits';
import { decodeFrame, decoder_reset } from './decoder';
import { RX_NO_DATA, RX_SID_BAD, RX_SID_FIRST, RX_SID_UPDATE, RX_SPEECH_BAD, RX_SPEECH_GOOD, RX_SPEECH_LOST } from './dtx-decode';
import { sid_sync, TX_NO_DATA, TX_SID_UPDATE, TX_SPEECH } from './dtx-encode';
import { encodeFrame, encoder_reset } from './encoder';
import { L_FRAME16k, MODE_24k, MRDTX } from './frame';
import { isDecoderHoming, isEncoderHoming, writeEncoderHoming } from './homing';

const PCM: usize = memory.data(640, 16);
const OCTETS: usize = memory.data(64, 16);
const SPEECH_LOST: i32 = 14;
let previousMode: i32 = 0;
/** Whether the decoder is in its home state. */
let home: bool = true;

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
  home = false;
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
    // At home the first part tells: a frame like this comes back as the encoder's, for a tandem to stay at home.
    const homing = isDecoderHoming(type, home);
    if (homing && home) writeEncoderHoming(PCM);
    else play(type, good != 0 ? RX_SPEECH_GOOD : RX_SPEECH_BAD);
    if (homing) decoder_reset();
    home = homing;
    return L_FRAME16k;
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
  home = true;
}

let frameType: i32 = 15;

/** Frame type of the last encoded frame: 0..8, 9 for SID, 15 for nothing to send. */
export function lastFrameType(): i32 {
  return frameType;
}

/** Encodes the PCM buffer, of which 14 bits count. @param mode 0..8; @param dtx not 0: silence is described, not sent. @returns octets */
export function encode(mode: i32, dtx: i32): i32 {
  const m = max(0, min(mode, MODE_24k));
  const homing = isEncoderHoming(PCM);
  for (let i = 0; i < L_FRAME16k; i += 1) put(PCM, i, at(PCM, i) & ~3);
  encodeFrame(m, PCM, dtx != 0);
  const kind = sid_sync();
  let length = 0;
  if (kind == TX_NO_DATA) {
    frameType = 15;
  } else if (kind == TX_SPEECH) {
    frameType = m;
    length = pack(OCTETS, m);
  } else {
    frameType = MRDTX;
    length = 5;
    // The first SID says only that it is one (TS 26.193 §5.1.2); STI and mode close it (TS 26.201 §4.2.3).
    if (kind == TX_SID_UPDATE) pack(OCTETS, MRDTX);
    else memory.fill(OCTETS, 0, 5);
    store<u8>(OCTETS, (load<u8>(OCTETS, 4) & 0xe0) | (kind == TX_SID_UPDATE ? 0x10 : 0) | m, 4);
  }
  if (homing) encoder_reset();
  return length;
}

export function resetEncoder(): void {
  encoder_reset();
}
