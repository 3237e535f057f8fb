/**
 * How much faster the sender's clock runs than ours: the slope of the fastest packets' transit times. A slope counts when it
 * is the same over three windows in a row and was seen before: queues and new routes bend the line, a clock does not.
 */
/** ms in which the fastest packet is looked for, and packets that a window must have. */
const WINDOW: f64 = 10_000;
const ENOUGH: i32 = 50;
/** The pace is bent by no more than this: nobody hears it, and sound cards are no worse. */
const MOST: f64 = 500e-6;
/** Bending begins with a drift above the one and ends with one below the other. */
const BEGIN: f64 = 40e-6;
const END: f64 = 15e-6;
/** Share of the slope by which its two halves, and two measurements, may differ. */
const CROOKED: f64 = 0.3;
/** Windows without a measurement after which the last one is forgotten. */
const FORGET: i32 = 6;
const NONE: f64 = 1e300;

/** Of the sender's clock against ours; 0 while it is too small to matter or not known. */
export let drift: f64 = 0;

let window: f64 = -1;
let packets: i32 = 0;
/** Least transit of this window and of the two before, ms. */
let least: f64 = NONE;
let before: f64 = NONE;
let longBefore: f64 = NONE;
let measured: f64 = 0;
let missed: i32 = 0;

export function reset(): void {
  drift = 0;
  window = -1;
  measured = 0;
  missed = 0;
  forget();
}

/** @param transit arrival less RTP time, ms @param now ms */
export function observe(transit: f64, now: f64): void {
  const current = floor(now / WINDOW);
  if (current != window) {
    if (current == window + 1 && packets >= ENOUGH) close();
    else forget();
    window = current;
    packets = 0;
    least = NONE;
  }
  packets += 1;
  least = min(least, transit);
}

function forget(): void {
  packets = 0;
  least = NONE;
  before = NONE;
  longBefore = NONE;
}

function close(): void {
  if (longBefore != NONE) measure(longBefore - before, before - least);
  longBefore = before;
  before = least;
}

/** @param first @param second ms by which transit fell from one window to the next */
function measure(first: f64, second: f64): void {
  const slope = (first + second) / (2 * WINDOW);
  const straight = abs(first - second) <= CROOKED * abs(first + second) && abs(slope) < 2 * MOST;
  const confirmed = abs(slope - measured) <= CROOKED * abs(slope);
  measured = straight ? slope : 0;
  if (abs(slope) < END) {
    drift = 0;
    missed = 0;
  } else if (straight && confirmed && (drift != 0 || abs(slope) > BEGIN)) {
    drift = max(-MOST, min(MOST, drift == 0 ? slope : drift + (slope - drift) / 4));
    missed = 0;
  } else {
    missed += 1;
    if (missed >= FORGET) drift = 0;
  }
}
