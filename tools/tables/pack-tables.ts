import { RangeEncoder } from './range-encoder.js';

/** Words of 16 bits, row after row. */
export interface PackableTable {
  readonly values: readonly number[];
  readonly columns: number;
}

/** Statistics are kept for so many columns; wider tables have one set. */
const MAX_COLUMNS = 8;
const COLUMN_BITS = 3;
const COUNT_BITS = 12;
const WEIGHT_BITS = 7;
const WEIGHTS = Array.from({ length: 1 << WEIGHT_BITS }, (_, i) => i - (1 << (WEIGHT_BITS - 1)));
/** Contexts of one column: a tree of four bits for the length of a residual, and its sign. */
const TREE = 16;
const LENGTH_CONTEXTS = MAX_COLUMNS * TREE;

const word = (x: number): number => (x << 16) >> 16;
const bitLength = (x: number): number => 32 - Math.clz32(x);

/**
 * Tables → one stream: each word less its prediction, by an adaptive range coder. A word is predicted from the one
 * before it and the one above it (in a single column: the two before it), in eighths, with weights of its column.
 */
export function packTables(tables: readonly PackableTable[]): Uint8Array {
  const encoder = new RangeEncoder();
  for (const { values, columns: width } of tables) {
    const columns = width <= MAX_COLUMNS ? width : 1;
    encoder.forget();
    encoder.plain(values.length, COUNT_BITS);
    encoder.plain(columns - 1, COLUMN_BITS);
    const weights = Array.from({ length: columns }, (_, column) => bestWeights(values, columns, column));
    for (const pair of weights) for (const weight of pair) encoder.plain(weight - (WEIGHTS[0] ?? 0), WEIGHT_BITS);
    values.forEach((value, i) => {
      const column = i % columns;
      const [before = 0, above = 0] = weights[column] ?? [];
      writeResidual(encoder, column, word(value - predict(values, columns, i, before, above)));
    });
  }
  return encoder.finish();
}

function predict(values: readonly number[], columns: number, i: number, before: number, above: number): number {
  return (before * (values[i - 1] ?? 0) + above * (values[i - (columns === 1 ? 2 : columns)] ?? 0)) >> 3;
}

function bestWeights(values: readonly number[], columns: number, column: number): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  let least = Infinity;
  for (const before of WEIGHTS) {
    for (const above of WEIGHTS) {
      if (Math.abs(above) > 16) continue;
      let bits = 0;
      for (let i = column; i < values.length && bits < least; i += columns) {
        bits += Math.log2(1 + Math.abs(word((values[i] ?? 0) - predict(values, columns, i, before, above))));
      }
      if (bits < least) [least, best] = [bits, [before, above]];
    }
  }
  return best;
}

/** Length in bits, sign, the bit below the first one, and the others as they are. */
function writeResidual(encoder: RangeEncoder, column: number, residual: number): void {
  const size = Math.abs(residual);
  const length = bitLength(size);
  let node = 1;
  for (let shift = 3; shift >= 0; shift -= 1) {
    const bit = (length >> shift) & 1;
    encoder.bit(column * TREE + node, bit);
    node = (node << 1) | bit;
  }
  if (length === 0) return;
  encoder.bit(column * TREE, residual < 0 ? 1 : 0);
  if (length === 1) return;
  encoder.bit(LENGTH_CONTEXTS + length, (size >> (length - 2)) & 1);
  if (length > 2) encoder.plain(size & ((1 << (length - 2)) - 1), length - 2);
}
