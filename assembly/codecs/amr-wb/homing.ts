/** Homing frames (TS 26.173): what sets an encoder or a decoder back, and tells its other end so. */
import { at, put } from '../amr/basic-op';
import { bitAt, frameBits } from './bits';
import { L_FRAME16k, MODE_12k, MODE_14k, MODE_16k, MODE_18k, MODE_20k, MODE_23k, MODE_24k, MODE_7k, MODE_9k } from './frame';
import { DFH_M12K, DFH_M14K, DFH_M16K, DFH_M18K, DFH_M20K, DFH_M23K, DFH_M24K, DFH_M7K, DFH_M9K, PRMNOFSF } from './tables';

/** Each sample of the encoder's homing frame. */
const EHF: i32 = 8;

export function isEncoderHoming(pcm: usize): bool {
  for (let i = 0; i < L_FRAME16k; i += 1) if (at(pcm, i) != EHF) return false;
  return true;
}

export function writeEncoderHoming(pcm: usize): void {
  for (let i = 0; i < L_FRAME16k; i += 1) put(pcm, i, EHF);
}

/** The decoder's homing frame of a mode, 15 bits a word from the highest. */
function homing(mode: i32): usize {
  switch (mode) {
    case MODE_7k: return DFH_M7K;
    case MODE_9k: return DFH_M9K;
    case MODE_12k: return DFH_M12K;
    case MODE_14k: return DFH_M14K;
    case MODE_16k: return DFH_M16K;
    case MODE_18k: return DFH_M18K;
    case MODE_20k: return DFH_M20K;
    case MODE_23k: return DFH_M23K;
    default: return DFH_M24K;
  }
}

/** What TS 26.173 leaves out of the comparison at 23.85 kbit/s: the gains of the high band, and the bit before the second. */
function isHighBand(bit: i32): bool {
  return bit >= 473 || (bit >= 367 && bit < 371) || (bit >= 257 && bit < 262) || (bit >= 152 && bit < 156);
}

/** Whether the bits at hand are the decoder's homing frame. @param first to the end of the first subframe only, but at 23.85 kbit/s */
export function isDecoderHoming(mode: i32, first: bool): bool {
  const top = mode == MODE_24k;
  const count = first && !top ? at(PRMNOFSF, mode) : frameBits(mode);
  const words = homing(mode);
  for (let i = 0; i < count; i += 1) {
    const expected = (at(words, i / 15) >> (14 - (i % 15))) & 1;
    if (bitAt(i) != expected && !(top && isHighBand(i))) return false;
  }
  return true;
}
