/** Constants of TS 26.190. Modes are the frame types of TS 26.201. */
export const MODE_7k: i32 = 0;
export const MODE_9k: i32 = 1;
export const MODE_12k: i32 = 2;
export const MODE_14k: i32 = 3;
export const MODE_16k: i32 = 4;
export const MODE_18k: i32 = 5;
export const MODE_20k: i32 = 6;
export const MODE_23k: i32 = 7;
export const MODE_24k: i32 = 8;
export const MRDTX: i32 = 9;

/** Order of the linear prediction at 12.8 kHz, and of the high band at 6.60 kbit/s. */
export const M: i32 = 16;
export const MP1: i32 = 17;
export const M16k: i32 = 20;
/** Samples of a frame and a subframe at 12.8 kHz, and of a subframe at 16 kHz. */
export const L_FRAME: i32 = 256;
export const L_SUBFR: i32 = 64;
export const L_SUBFR16k: i32 = 80;
export const L_FRAME16k: i32 = 320;
export const PIT_MIN: i32 = 34;
export const PIT_MAX: i32 = 231;
export const PIT_FR1_8b: i32 = 92;
export const PIT_FR1_9b: i32 = 160;
export const PIT_FR2: i32 = 128;
export const L_INTERPOL: i32 = 17;
/** Pitch sharpening of the code, 0.85 in Q15. */
export const PIT_SHARP: i32 = 27853;
export const PREEMPH_FAC: i32 = 22282;
export const ISF_GAP: i32 = 128;
/** Prediction of the spectral frequencies, 1/3 in Q15. */
export const MU: i32 = 10923;
export const Q_MAX: i32 = 8;
