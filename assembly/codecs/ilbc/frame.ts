/** The two frame sizes of RFC 3951 §2, and what of the codec depends on them. */

export const SUBL: i32 = 40;
export const STATE_LEN: i32 = 80;
export const LPC_FILTERORDER: i32 = 10;
/** Coefficients of one filter, the leading 1 included. */
export const LPC_LENGTH: i32 = 11;
export const BLOCKL_MAX: i32 = 240;
export const NSUB_MAX: i32 = 6;

/** Duration of a frame, 20 or 30 ms. */
export let mode: i32 = 20;
export let blockl: i32 = 160;
export let nsub: i32 = 4;
/** Sub-blocks beside the start state. */
export let nasub: i32 = 2;
/** LPC analyses a frame. */
export let lpcN: i32 = 1;
export let stateShortLen: i32 = 57;
export let octetsPerFrame: i32 = 38;

export function setMode(milliseconds: i32): void {
  const long = milliseconds == 30;
  mode = long ? 30 : 20;
  blockl = long ? 240 : 160;
  nsub = long ? 6 : 4;
  nasub = long ? 4 : 2;
  lpcN = long ? 2 : 1;
  stateShortLen = long ? 58 : 57;
  octetsPerFrame = long ? 50 : 38;
}
