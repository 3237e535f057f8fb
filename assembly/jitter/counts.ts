/** What happened since the buffer was made: f64 counters that the host reads, in the order of `Count`. */
export const COUNTS: usize = memory.data(128, 16);

export const enum Count {
  received, late, duplicate, lost, resets,
  played, concealed, silent, accelerated, decelerated, interruptions, stretches, resampled,
}

export function clear(): void {
  memory.fill(COUNTS, 0, 128);
}

// @ts-ignore: decorator
@inline
export function count(what: i32, by: f64): void {
  const at = COUNTS + (<usize>what << 3);
  store<f64>(at, load<f64>(at) + by);
}
