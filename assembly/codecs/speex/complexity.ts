/** How hard the encoder searches (Speex manual, section 4.2). */
export let complexity: i32 = 3;

/** @param value 1 .. 10 */
export function setSearch(value: i32): void {
  complexity = max(1, min(10, value));
}

/** Lags that are tried for a subframe. */
export function pitchCandidates(): i32 {
  return complexity;
}

/** Survivors of each step of a codebook search: they gain less than lags do. */
export function survivors(): i32 {
  return max(1, (2 * complexity) / 3);
}
