/** Constants of TS 26.090, and the modes in the order of TS 26.101. */
export const MR475: i32 = 0;
export const MR515: i32 = 1;
export const MR59: i32 = 2;
export const MR67: i32 = 3;
export const MR74: i32 = 4;
export const MR795: i32 = 5;
export const MR102: i32 = 6;
export const MR122: i32 = 7;
export const MRDTX: i32 = 8;

/** Order of the linear prediction. */
export const M: i32 = 10;
export const MP1: i32 = 11;
export const L_FRAME: i32 = 160;
export const L_SUBFR: i32 = 40;
export const PIT_MIN: i32 = 20;
export const PIT_MIN_MR122: i32 = 18;
export const PIT_MAX: i32 = 143;
export const L_INTERPOL: i32 = 11;
/** Largest pitch sharpening, Q14. */
export const SHARPMAX: i32 = 13017;
/** Largest number of parameters in a frame. */
export const MAX_PRM: i32 = 57;
/** Smallest distance between line spectral frequencies. */
export const LSF_GAP: i32 = 205;
export const LSP_PRED_FAC_MR122: i32 = 21299;
