/**
 * Tables of 16-bit words that tools/tables/pack-tables.ts packed: what is left of each word after a prediction from others,
 * by an adaptive binary range coder. They are half of a codec's download, and gzip cannot shorten them.
 */
const PROBABILITY_BITS: i32 = 12;
const TOP: u32 = 0x1000000;

const MAX_COLUMNS: i32 = 8;
const TERMS: i32 = 8;
/** Contexts of a column, or of a kind of header: 1 to 15 the length of a number, 0 its sign. */
const TREE: i32 = 16;
/** By length, and by the bit before: the two bits below a number's first. */
const SECOND_BITS: i32 = MAX_COLUMNS * TREE;
const THIRD_BITS: i32 = SECOND_BITS + TREE;
/** Contexts that a table may begin anew; those of the headers are behind them. */
const FORGOTTEN: i32 = THIRD_BITS + 2 * TREE;
const HEADER: i32 = FORGOTTEN / TREE;
const CONTEXTS: i32 = FORGOTTEN + (3 + TERMS) * TREE;
/** In 12 bits that a bit is 0, above four that count how often it was seen: what is new learns faster. */
const PROBABILITIES: usize = memory.data(704, 16);
/** Of each column, for each term of the prediction. */
const WEIGHTS: usize = memory.data(128, 16);

let input: usize = 0;
let range: u32 = 0;
let code: u32 = 0;

function refill(): void {
  while (range < TOP) {
    range <<= 8;
    code = (code << 8) | load<u8>(input);
    input += 1;
  }
}

function bit(context: i32): i32 {
  const at = PROBABILITIES + ((<usize>context) << 1);
  const seen = load<u16>(at) & 15;
  let probability: i32 = load<u16>(at) >> 4;
  const bound = (range >> PROBABILITY_BITS) * <u32>probability;
  const pace = 32 - clz<i32>(seen + 1);
  const result = i32(code >= bound);
  if (result == 0) {
    range = bound;
    probability += ((1 << PROBABILITY_BITS) - probability) >> pace;
  } else {
    code -= bound;
    range -= bound;
    probability -= probability >> pace;
  }
  store<u16>(at, (probability << 4) | min(seen + 1, 15));
  refill();
  return result;
}

/** A number, from the tree `context`: its length in bits, its sign, the two bits below the first, and the others as they are. */
function number(context: i32): i32 {
  context *= TREE;
  let length = 1;
  while (length < TREE) length = (length << 1) | bit(context + length);
  length -= TREE;
  if (length == 0) return 0;
  const negative = bit(context);
  let size = 1;
  if (length > 1) size = 2 | bit(SECOND_BITS + length);
  if (length > 2) size = (size << 1) | bit(THIRD_BITS + size - 2 + (length << 1));
  if (length > 3) {
    const count = length - 3;
    range >>= count;
    const rest = code / range;
    code -= rest * range;
    refill();
    size = (size << count) | rest;
  }
  return negative != 0 ? -size : size;
}

/** Logarithm to the base of 2 of a positive word, Q10. */
function logarithm(x: i32): i32 {
  if (x <= 0) return 0;
  const shift = clz(x) - 16;
  const fraction = (x << shift) & 32767;
  return ((15 - shift) << 10) + ((fraction + ((((fraction * (32768 - fraction)) >> 15) * 11) >> 5)) >> 5);
}

// @ts-ignore: decorator
@inline
function term(k: usize, word: usize, weights: usize): i32 {
  return <i32>load<i16>(word) * load<i16>(weights + k * 2);
}

/** Writes the words of one table at `output`. @returns its end */
function unpackTable(output: usize): usize {
  let columns = number(HEADER);
  if (columns < 0) {
    columns = -columns;
    memory.fill(PROBABILITIES, 0x80, FORGOTTEN << 1);
  }
  const end = output + ((<usize>number(HEADER + 1)) << 1);
  const precision = number(HEADER + 2);
  for (let i = 0, n = columns * TERMS; i < n; i += 1) {
    store<i16>(WEIGHTS + ((<usize>i) << 1), number(HEADER + 3 + (i & (TERMS - 1))));
  }
  let column = 0;
  let before = 0;
  for (; output < end; output += 2) {
    const weights = WEIGHTS + ((<usize>column) << 4);
    const above = output - ((<usize>columns) << 1);
    const sum = term(0, output - 2, weights) + term(1, output - 4, weights) + term(2, above, weights) + term(3, above - 2, weights)
      + (<i32>load<i16>(weights, 8) << 10) + logarithm(load<i16>(output - 2)) * load<i16>(weights, 10) + term(6, output - 6, weights)
      + term(7, above + above - output, weights);
    // A single column has statistics by the size of what is before instead.
    const residual = number(columns == 1 ? min(before, MAX_COLUMNS - 1) : column);
    store<i16>(output, (sum >> precision) + residual);
    before = 32 - clz<i32>(residual < 0 ? -residual : residual);
    if (++column == columns) column = 0;
  }
  return end;
}

/** @param packed the stream; @param output where the tables go, each at a multiple of 16, behind 32 octets of 0; @param end of the last one */
export function unpackTables(packed: usize, output: usize, end: usize): void {
  // Each begins at 0x8080: even odds, never seen.
  memory.fill(PROBABILITIES, 0x80, CONTEXTS << 1);
  code = bswap<u32>(load<u32>(packed));
  range = 0xffffffff;
  input = packed + 4;
  while (output < end) output = (unpackTable(output) + 15) & ~15;
}
