import type { SeededRandom } from './seeded-random.js';

const MAXIMUM_OCTETS = 70_000; // a little more than a datagram can hold

type Mutation = (
  octets: Uint8Array,
  random: SeededRandom,
  others: readonly Uint8Array[],
  words: readonly Uint8Array[],
) => Uint8Array;

const flipBit: Mutation = (octets, random) => {
  const copy = octets.slice();
  const at = random.below(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  return copy;
};

const setOctet: Mutation = (octets, random) => {
  const copy = octets.slice();
  copy[random.below(copy.length)] = random.below(256);
  return copy;
};

const cutRange: Mutation = (octets, random) => {
  const start = random.below(octets.length);
  return replace(octets, start, start + 1 + random.below(Math.min(64, octets.length - start)), new Uint8Array(0));
};

const truncate: Mutation = (octets, random) => octets.subarray(0, random.below(octets.length));

const repeatRange: Mutation = (octets, random) => {
  const start = random.below(octets.length);
  const part = octets.subarray(start, start + 1 + random.below(80));
  // Mostly twice, sometimes thousands of times: what is not linear shows then.
  const times = random.below(50) === 0 ? 1 + random.below(2000) : 1 + random.below(4);
  const room = Math.max(1, Math.min(times, Math.floor((MAXIMUM_OCTETS - octets.length) / part.length)));
  const many = new Uint8Array(room * part.length);
  for (let i = 0; i < room; i++) many.set(part, i * part.length);
  return replace(octets, start, start, many);
};

const insertWord: Mutation = (octets, random, _others, words) => {
  const at = random.below(octets.length + 1);
  return replace(octets, at, at, random.pick(words) ?? new Uint8Array(0));
};

const overwriteWord: Mutation = (octets, random, _others, words) => {
  const at = random.below(octets.length);
  const word = random.pick(words) ?? new Uint8Array(0);
  return replace(octets, at, at + word.length, word);
};

const splice: Mutation = (octets, random, others) => {
  const other = random.pick(others) ?? octets;
  const start = random.below(other.length);
  const part = other.subarray(start, start + 1 + random.below(300));
  const at = random.below(octets.length);
  return replace(octets, at, random.below(2) === 0 ? at : at + part.length, part);
};

const moveRange: Mutation = (octets, random) => {
  const start = random.below(octets.length);
  const part = octets.slice(start, start + 1 + random.below(120));
  const rest = replace(octets, start, start + part.length, new Uint8Array(0));
  const at = random.below(rest.length + 1);
  return replace(rest, at, at, part);
};

const MUTATIONS: readonly Mutation[] = [
  flipBit, setOctet, setOctet, cutRange, truncate, repeatRange, insertWord, insertWord, overwriteWord, splice, moveRange,
]; // prettier-ignore

/**
 * A mutated copy of one of `seeds`: one to eight changes, mostly few.
 * @param words what is worth inserting in this format
 */
export function mutate(seeds: readonly Uint8Array[], words: readonly Uint8Array[], random: SeededRandom): Uint8Array {
  let octets = random.pick(seeds) ?? new Uint8Array(0);
  for (let changes = 1 + random.below(1 + random.below(8)); changes > 0 && octets.length > 0; changes--) {
    const mutation = random.pick(MUTATIONS);
    if (mutation) octets = mutation(octets, random, seeds, words).subarray(0, MAXIMUM_OCTETS);
  }
  return octets;
}

function replace(octets: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array {
  const tail = octets.subarray(Math.min(end, octets.length));
  const result = new Uint8Array(start + by.length + tail.length);
  result.set(octets.subarray(0, start));
  result.set(by, start);
  result.set(tail, start + by.length);
  return result;
}
