/** The audio clock, as the pulls show it. */

/** When the pull that goes on was made, ms. */
export let now: f64 = 0;
/** ms between pulls; 0 until two were seen. */
export let hop: f64 = 0;

export function reset(): void {
  now = 0;
  hop = 0;
}

export function tick(time: f64): void {
  const passed = time - now;
  if (passed > 0 && passed < 100) hop = passed;
  now = time;
}

/** When a packet that arrives at `arrival` can be heard first: at the next pull. */
export function audible(arrival: f64): f64 {
  if (hop <= 0) return arrival;
  return now + max(1, ceil((arrival - now) / hop - 1e-6)) * hop;
}
