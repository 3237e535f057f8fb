/**
 * AMR narrowband (3GPP TS 26.071, .073, .090-.094): bit exact with the fixed-point reference.
 * Frames of RFC 4867 without their table of contents: octets sorted by class, zero padded.
 */
import { frameBits, pack, packedBit, unpack } from './bits';
import { decodeFrame, decoder_reset } from './decoder';
import { RX_NO_DATA, RX_SID_BAD, RX_SID_FIRST, RX_SID_UPDATE, RX_SPEECH_BAD, RX_SPEECH_GOOD } from './dtx-decode';
import { sid_sync, TX_NO_DATA, TX_SID_FIRST, TX_SID_UPDATE } from './dtx-encode';
import { encodeFrame, encoder_reset } from './encoder';
import { L_FRAME, MR122, MRDTX } from './frame';
import { isDecoderHoming, isEncoderHoming, learnDecoderHoming, writeEncoderHoming } from './homing';
import { unpack as unpackTables } from './tables';

const PCM: usize = memory.data(320, 16);
const OCTETS: usize = memory.data(64, 16);

unpackTables();
learnDecoderHoming(PCM);

/** Whether the decoder is in its home state. */
let home: bool = true;

/** 160 samples, 8 kHz, signed 16 bit: output of the decoder, input of the encoder. */
export function pcm(): usize {
  return PCM;
}

/** One frame, 32 octets at most. */
export function octets(): usize {
  return OCTETS;
}

/** Decodes `length` octets of frame type `type` (0..7 speech, 8 SID, 15 nothing). @param good the Q bit of the table of contents. @returns samples */
export function decode(type: i32, length: i32, good: i32): i32 {
  if (type < 0 || type > MRDTX || length < 0 || (length << 3) < frameBits(min(max(type, 0), MRDTX))) return conceal();
  unpack(OCTETS, type);
  if (type == MRDTX) {
    // TS 26.101 §4.2.3: the three bits of the mode, lowest first, follow the type of the SID.
    const mode = packedBit(OCTETS, 36) | (packedBit(OCTETS, 37) << 1) | (packedBit(OCTETS, 38) << 2);
    const kind = packedBit(OCTETS, 35) == 0 ? RX_SID_FIRST : RX_SID_UPDATE;
    home = false;
    decodeFrame(mode, good != 0 ? kind : RX_SID_BAD, PCM);
    return L_FRAME;
  }
  // At home the first part tells: a frame like this comes back as the encoder's, for a tandem to stay at home.
  const homing = isDecoderHoming(type, home);
  if (homing && home) writeEncoderHoming(PCM);
  else decodeFrame(type, good != 0 ? RX_SPEECH_GOOD : RX_SPEECH_BAD, PCM);
  if (homing) decoder_reset();
  home = homing;
  return L_FRAME;
}

/** Makes a frame in the place of a lost one. */
export function conceal(): i32 {
  home = false;
  decodeFrame(-1, RX_NO_DATA, PCM);
  return L_FRAME;
}

/** Frame type of the last encoded frame: 0..7, 8 for SID, 15 for nothing to send. */
let frameType: i32 = 15;

export function lastFrameType(): i32 {
  return frameType;
}

/** Encodes the PCM buffer. @param mode 0..7; @param dtx not 0: silence is described, not sent. @returns octets; their type is lastFrameType() */
export function encode(mode: i32, dtx: i32): i32 {
  const m = max(0, min(mode, MR122));
  encodeFrame(m, PCM, dtx != 0);
  const kind = sid_sync();
  if (isEncoderHoming(PCM)) encoder_reset();
  if (kind == TX_NO_DATA) {
    frameType = 15;
    return 0;
  }
  if (kind != TX_SID_FIRST && kind != TX_SID_UPDATE) {
    frameType = m;
    return pack(OCTETS, m);
  }
  frameType = MRDTX;
  const length = pack(OCTETS, MRDTX);
  // STI and the mode, lowest bit first, close the SID (TS 26.101 §4.2.3).
  const reversed = ((m & 1) << 2) | (m & 2) | (m >> 2);
  const sti = kind == TX_SID_UPDATE ? 0x10 : 0;
  store<u8>(OCTETS, (load<u8>(OCTETS, 4) & 0xe0) | sti | (reversed << 1), 4);
  return length;
}

export function reset(): void {
  decoder_reset();
  home = true;
}

export function resetEncoder(): void {
  encoder_reset();
}
