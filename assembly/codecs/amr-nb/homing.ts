/** Homing frames (TS 26.073): what both ends set themselves back with. */
import { at, copy, put, ref } from '../amr/basic-op';
import { parameterCount, PRM } from './bits';
import { encodeFrame, encoder_reset } from './encoder';
import { L_FRAME, MR122 } from './frame';
import { PRMNOFSF } from './tables';

/** Each sample of the encoder's homing frame. */
const EHF: i32 = 8;
/** Parameters of the decoder's homing frame of each mode. */
const DHF: usize = memory.data(1024, 16);
const ROOM: i32 = 64;

export function isEncoderHoming(pcm: usize): bool {
  for (let i = 0; i < L_FRAME; i += 1) if (at(pcm, i) != EHF) return false;
  return true;
}

export function writeEncoderHoming(pcm: usize): void {
  for (let i = 0; i < L_FRAME; i += 1) put(pcm, i, EHF);
}

/** The decoder's homing frame is what the encoder makes of its own from its home state. */
export function learnDecoderHoming(pcm: usize): void {
  writeEncoderHoming(pcm);
  for (let mode = 0; mode <= MR122; mode += 1) {
    encoder_reset();
    encodeFrame(mode, pcm, false);
    copy(ref(DHF, mode * ROOM), PRM, ROOM);
  }
}

/** Whether PRM is the decoder's homing frame of `mode`. @param first to the end of the first subframe only */
export function isDecoderHoming(mode: i32, first: bool): bool {
  const count = first ? at(PRMNOFSF, mode) : parameterCount(mode);
  for (let i = 0; i < count; i += 1) if (at(PRM, i) != at(DHF, mode * ROOM + i)) return false;
  return true;
}
