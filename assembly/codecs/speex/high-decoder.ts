/** Decoder of a high band: 4 to 8 kHz above the narrow band, 8 to 16 kHz above the wide one. */
import { clear, copy, get, put } from '../../dsp/floats';
import { join } from './band-filter';
import { peek, read, remaining } from './bits';
import { expandBandwidth, level, settle, synthesize, TAPS } from './filters';
import { readInnovation } from './innovation-decode';
import { gainAtPi, interpolate, readHigh, toFilter } from './lsp';
import { noise } from './random';
import { useHighShapes } from './submodes';
import { GC_QUANT_BOUND_FLOAT } from './tables';

const ORDER: i32 = 8;
const LSP_MARGIN: f32 = 0.05;

/** State of one high band. */
@unmanaged
export class HighBand {
  /** Samples of a subframe: 40 or 80. */
  subframe: i32;
  folding: f32;
  highestSubmode: i32;
  first: bool;
  lastLevel: f32;
  seed: u32;
  /** Twelve floats each. */
  lspOld: usize;
  filter: usize;
  memory: usize;
  /** 64 floats. */
  joinMemory: usize;
  /** Excitation of the subframe before; the filter lags behind. */
  excitation: usize;
  /** What the band above is made from, once a frame: innovation, filter gain and level by subframe. */
  innovation: usize;
  gainAtPi: usize;
  levels: usize;
}

const SPACE: usize = memory.data(2 * 4096, 16);
const LSP: usize = memory.data(48, 16);
const BETWEEN: usize = memory.data(48, 16);
const NEXT: usize = memory.data(48, 16);
const NEW: usize = memory.data(4 * 80, 16);
const SPEECH: usize = memory.data(4 * 324, 16);

/** @param above 0: the band above the narrow one, 1: the band above the wide one */
export function highBand(above: i32): HighBand {
  return changetype<HighBand>(SPACE + ((above * 4096) as usize));
}

export function resetHigh(above: i32): void {
  const base = SPACE + ((above * 4096) as usize);
  memory.fill(base, 0, 4096);
  const band = highBand(above);
  band.subframe = above == 0 ? 40 : 80;
  band.folding = above == 0 ? 0.9 : 0.7;
  band.highestSubmode = above == 0 ? 4 : 1;
  band.first = true;
  band.seed = 1000;
  band.lspOld = base + 128;
  band.filter = base + 192;
  band.memory = base + 256;
  band.gainAtPi = base + 320;
  band.levels = base + 352;
  band.joinMemory = base + 384;
  band.excitation = base + 640;
  band.innovation = base + 1024;
}

/**
 * Reads the layer and adds its band. @param low what is below, `lowLevels` the levels of its excitation by subframe
 * @returns 0, or -2 when the octets cannot be meant
 */
export function decodeHigh(band: HighBand, out: usize, low: usize, lowInnovation: usize, lowGains: usize, lowLevels: usize, silent: bool): i32 {
  const n = 4 * band.subframe;
  let submode = 0;
  if (remaining() > 0 && peek() != 0) {
    read(1);
    submode = read(3);
  }
  if (submode > band.highestSubmode) return -2;
  clear(band.innovation, 2 * n);
  if (submode == 0) {
    if (silent) concealHigh(band, out, low, true);
    else {
      band.first = true;
      clear(SPEECH, n);
      synthesize(SPEECH, SPEECH, band.filter, n, band.memory);
      settle(band.memory);
      join(out, low, SPEECH, n, band.joinMemory);
    }
    return 0;
  }
  readHigh(LSP);
  if (band.first) copy(band.lspOld, LSP, ORDER);
  let energy: f32 = 0;
  for (let sub = 0; sub < 4; sub++) {
    decodeSubframe(band, sub, submode, lowInnovation, get(lowGains, sub), get(lowLevels, sub));
    energy += (get(band.levels, sub) * get(band.levels, sub)) / 4;
  }
  settle(band.memory);
  band.lastLevel = sqrt<f32>(energy);
  join(out, low, SPEECH, n, band.joinMemory);
  copy(band.lspOld, LSP, ORDER);
  band.first = false;
  return 0;
}

function decodeSubframe(band: HighBand, sub: i32, submode: i32, lowInnovation: usize, lowGain: f32, lowLevel: f32): void {
  const n = band.subframe;
  interpolate(BETWEEN, band.lspOld, LSP, ORDER, ((sub + 1) as f32) / 4, LSP_MARGIN);
  toFilter(NEXT, BETWEEN, ORDER);
  let atPi: f32 = 1;
  for (let i = 0; i < ORDER; i++) atPi += get(NEXT, i);
  // This band is mirrored: its filter's gain at 0 is that at its upper edge.
  put(band.gainAtPi, sub, atPi);
  const ratio = max<f32>((lowGain + (0.01 as f32)) / (gainAtPi(NEXT, ORDER) + (0.01 as f32)), 1e-15);
  clear(NEW, n);
  if (useHighShapes(submode)) {
    let gain: f32 = (0.8736 as f32) * get(GC_QUANT_BOUND_FLOAT, read(4));
    if (n == 80) gain *= 1.4142;
    const scale = (gain * lowLevel) / ratio;
    readInnovation(NEW, scale);
    if (submode == 4) readInnovation(NEW, (0.4 as f32) * scale);
  } else {
    const gain = (NativeMathf.exp((0.125 as f32) * ((read(5) - 10) as f32)) * band.folding) / ratio;
    const from = lowInnovation + ((n * sub) << 2);
    for (let i = 0; i < n; i += 2) {
      put(NEW, i, gain * get(from, i));
      put(NEW, i + 1, -gain * get(from, i + 1));
    }
  }
  for (let i = 0; i < n; i++) put(band.innovation, 2 * (n * sub + i), get(NEW, i));
  synthesize(SPEECH + ((n * sub) << 2), band.excitation, band.filter, n, band.memory);
  copy(band.excitation, NEW, n);
  copy(band.filter, NEXT, ORDER);
  put(band.levels, sub, level(NEW, n));
}

/** @param silent the other side sends nothing; otherwise a frame is missing, and the band fades */
export function concealHigh(band: HighBand, out: usize, low: usize, silent: bool): void {
  const n = 4 * band.subframe;
  if (!silent) {
    expandBandwidth(band.filter, band.filter, 0.99, ORDER);
    band.lastLevel *= 0.9;
  }
  band.first = true;
  clear(band.innovation, 2 * n);
  const seed = changetype<usize>(band) + offsetof<HighBand>('seed');
  for (let i = 0; i < n; i++) put(SPEECH, i, noise(band.lastLevel, seed));
  synthesize(SPEECH, SPEECH, band.filter, n, band.memory);
  settle(band.memory);
  join(out, low, SPEECH, n, band.joinMemory);
}
