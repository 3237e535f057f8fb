/** The excitation as the decoder will enhance it, for the gain of the high band (TS 26.190 §5.11, §6.1). */
import { at, hi, L_add, L_shl, lo, Mpy_32_16, mult, put } from '../amr/basic-op';
import { Parm_serial } from './bits';
import { L_SUBFR } from './frame';
import { quantizedCode } from './gain-encode';
import { highBandGain } from './high-band-gain';
import { wrapRound } from './operators';

const SHARP: usize = memory.data(128, 16);
let gcThreshold: i32 = 0;

export function excitation_reset(): void {
  gcThreshold = 0;
}

/** Gain of the high band at 23.85 kbit/s, from the signal as the decoder will shape it. */
export function sendHighBand(code: usize, exc2: usize, aq: usize, pitch: i32, steady: i32, voicing: i32, speech: usize, q: i32, speaking: bool): void {
  const factor = mult(steady, 16384 - (voicing >> 1));
  const gain = quantizedCode;
  let x: i32;
  if (gain < gcThreshold) x = min(L_add(gain, Mpy_32_16(hi(gain), lo(gain), 6226)), gcThreshold);
  else x = max(Mpy_32_16(hi(gain), lo(gain), 27536), gcThreshold);
  gcThreshold = x;
  const mixed = L_add(Mpy_32_16(hi(gain), lo(gain), 32767 - factor), Mpy_32_16(hi(x), lo(x), factor));
  const weight = (voicing >> 3) + 4096;
  for (let i = 0; i < L_SUBFR; i += 1) {
    const neighbours = (i > 0 ? at(code, i - 1) : 0) + (i < L_SUBFR - 1 ? at(code, i + 1) : 0);
    put(SHARP, i, wrapRound((at(code, i) << 16) - ((neighbours * weight) << 1)));
  }
  const codeGain = wrapRound(L_shl(mixed, q));
  for (let i = 0; i < L_SUBFR; i += 1) {
    put(exc2, i, wrapRound(((((at(SHARP, i) * codeGain) << 1) << 5) + ((at(exc2, i) * pitch) << 1)) << 1));
  }
  Parm_serial(highBandGain(aq, exc2, q, speech, speaking), 4);
}
