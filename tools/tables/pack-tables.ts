import { fitWeights } from './fit-weights.js';
import { RangeEncoder } from './range-encoder.js';

/** Words of 16 bits, row after row. */
export interface PackableTable {
  readonly values: readonly number[];
  readonly columns: number;
}

/** How one table is predicted. */
interface Plan {
  readonly columns: number;
  /** Whether the statistics of the tables before are of no use for it. */
  readonly fresh: boolean;
  /** Bits of a weight behind the point. */
  readonly precision: number;
  /** Of each term, by column. */
  readonly weights: readonly (readonly number[])[];
}

/** Tables begin at multiples of so many words. */
const ALIGNMENT = 8;
/** Statistics are kept for so many columns; wider tables have one set. */
const MOST_COLUMNS = 8;
const COLUMNS = [1, 2, 3, 4, 5] as const;
const PRECISIONS = [2, 3, 4, 5, 7, 10, 12] as const;
const TERMS = 8;

/** Contexts of one column, or of one kind of header: a tree of four bits for the length of a number, and its sign. */
const TREE = 16;
const SECOND_BITS = MOST_COLUMNS * TREE;
const THIRD_BITS = SECOND_BITS + TREE;
/** Contexts that each table may begin anew. */
const FORGOTTEN = THIRD_BITS + 2 * TREE;
const HEADER = FORGOTTEN / TREE;

const word = (x: number): number => (x << 16) >> 16;
const bitLength = (x: number): number => 32 - Math.clz32(x);

/** Logarithm to the base of 2 of a positive word, Q10, as the decoder makes it. */
function logarithm(x: number): number {
  if (x <= 0) return 0;
  const exponent = bitLength(x) - 1;
  const fraction = (x << (15 - exponent)) & 32767;
  return (exponent << 10) + ((fraction + ((((fraction * (32768 - fraction)) >> 15) * 11) >> 5)) >> 5);
}

/** What a word is predicted from: the words before it in memory, the one above it and its neighbour, a constant and a logarithm. */
function terms(memory: readonly number[], at: number, columns: number): readonly number[] {
  const back = (distance: number): number => memory[at - distance] ?? 0;
  return [back(1), back(2), back(columns), back(columns + 1), 1024, logarithm(back(1)), back(3), back(2 * columns)];
}

/**
 * Tables → one stream: each word less its prediction, by an adaptive range coder. The predictions are linear; their
 * weights, and what else is to choose for a table, are tried until the stream is short.
 */
export function packTables(tables: readonly PackableTable[]): Uint8Array {
  const encoder = new RangeEncoder();
  const memory: number[] = [];
  for (const { values, columns } of tables) {
    const start = memory.length;
    memory.push(...values);
    write(encoder, memory, start, bestPlan(encoder, memory, start, columns));
    while (memory.length % ALIGNMENT !== 0) memory.push(0);
  }
  return encoder.finish();
}

function bestPlan(encoder: RangeEncoder, memory: readonly number[], start: number, columns: number): Plan {
  let best: Plan = { columns: 1, fresh: true, precision: 3, weights: [[]] };
  let least = Infinity;
  for (const width of columns > 1 && columns <= MOST_COLUMNS ? [columns] : COLUMNS) {
    for (const precision of PRECISIONS) {
      const weights = Array.from({ length: width }, (_, column) =>
        columnWeights(memory, start, width, column, precision),
      );
      for (const fresh of [false, true]) {
        const plan = { columns: width, fresh, precision, weights };
        const size = encoder.sizeAfter((trial) => write(trial, memory, start, plan));
        if (size < least) [least, best] = [size, plan];
      }
    }
  }
  return best;
}

function columnWeights(
  memory: readonly number[],
  start: number,
  columns: number,
  column: number,
  precision: number,
): readonly number[] {
  const rows: (readonly number[])[] = [];
  const wanted: number[] = [];
  for (let at = start + column; at < memory.length; at += columns) {
    rows.push(terms(memory, at, columns));
    wanted.push(memory[at] ?? 0);
  }
  return fitWeights(rows, wanted, precision);
}

function write(encoder: RangeEncoder, memory: readonly number[], start: number, plan: Plan): void {
  const { columns, fresh, precision, weights } = plan;
  writeNumber(encoder, HEADER, fresh ? -columns : columns);
  if (fresh) encoder.forget(FORGOTTEN);
  writeNumber(encoder, HEADER + 1, memory.length - start);
  writeNumber(encoder, HEADER + 2, precision);
  for (const column of weights) for (let k = 0; k < TERMS; k += 1) writeNumber(encoder, HEADER + 3 + k, column[k] ?? 0);
  let before = 0;
  for (let at = start; at < memory.length; at += 1) {
    const column = (at - start) % columns;
    const known = terms(memory, at, columns);
    const sum = (weights[column] ?? []).reduce((total, weight, k) => (total + Math.imul(weight, known[k] ?? 0)) | 0, 0);
    const residual = word((memory[at] ?? 0) - (sum >> precision));
    // A single column has statistics by the size of what is before instead.
    writeNumber(encoder, columns === 1 ? Math.min(before, MOST_COLUMNS - 1) : column, residual);
    before = bitLength(Math.abs(residual));
  }
}

/** Length in bits, sign, the two bits below the first one, and the others as they are. */
function writeNumber(encoder: RangeEncoder, context: number, value: number): void {
  const size = Math.abs(value);
  const length = bitLength(size);
  let node = 1;
  for (let shift = 3; shift >= 0; shift -= 1) {
    const bit = (length >> shift) & 1;
    encoder.bit(context * TREE + node, bit);
    node = (node << 1) | bit;
  }
  if (length === 0) return;
  encoder.bit(context * TREE, value < 0 ? 1 : 0);
  if (length > 1) encoder.bit(SECOND_BITS + length, (size >> (length - 2)) & 1);
  if (length > 2) encoder.bit(THIRD_BITS + (size >> (length - 2)) - 2 + 2 * length, (size >> (length - 3)) & 1);
  if (length > 3) encoder.plain(size & ((1 << (length - 3)) - 1), length - 3);
}
