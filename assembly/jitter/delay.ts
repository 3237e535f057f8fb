/**
 * How long to wait for packets: a histogram of transit times relative to the fastest packet of the
 * last ten seconds. The target is the delay at which waiting longer costs more than it saves: one per
 * cent of late packets is worth PRICE milliseconds of delay.
 */
const BUCKETS: i32 = 1024;
const BUCKET_MS: f64 = 2;
const HISTOGRAM: usize = memory.data(4096, 16);
const WINDOW: i32 = 10;
const MINIMA: usize = memory.data(80, 16);
const NONE: f64 = 1e300;

/** ms of delay that one per cent of late packets is worth. */
let price: f64 = 40;
/** Packets after which an observation weighs 1/e. */
let memoryPackets: f64 = 2500;
/** Least and greatest target, ms. */
let least: f64 = 0;
let most: f64 = 1000;

let weight: f64 = 1;
let total: f64 = 0;
let packets: i32 = 0;
let highest: i32 = 0;
let second: i32 = -1;
let sinceTarget: i32 = 0;

/** Transit time, ms on an arbitrary scale, of the fastest packet of the window. */
export let base: f64 = NONE;
/** ms to wait beyond {@link base}. */
export let target: f64 = 0;

export function configure(minimum: f64, maximum: f64, priceMs: f64, forget: f64): void {
  least = minimum;
  most = maximum;
  price = priceMs;
  memoryPackets = forget;
}

export function reset(initial: f64): void {
  memory.fill(HISTOGRAM, 0, (<usize>BUCKETS) << 2);
  for (let i = 0; i < WINDOW; i += 1) store<f64>(MINIMA + ((<usize>i) << 3), NONE);
  weight = 1;
  total = 0;
  packets = 0;
  highest = 0;
  second = -1;
  sinceTarget = 0;
  base = NONE;
  target = initial;
}

/** @param transit arrival less RTP time, ms  @param now ms */
export function observe(transit: f64, now: f64): void {
  moveBase(transit, now);
  const late = transit - base;
  const bucket = min(<i32>(late / BUCKET_MS), BUCKETS - 1);
  // Old weights shrink because new ones grow: one addition instead of a thousand multiplications.
  packets += 1;
  weight *= 1 + 1 / min(<f64>packets, memoryPackets);
  const at = HISTOGRAM + ((<usize>bucket) << 2);
  store<f32>(at, load<f32>(at) + <f32>weight);
  total += weight;
  if (bucket > highest) highest = bucket;
  if (weight > 1e6) renormalize();
  sinceTarget += 1;
  if (sinceTarget >= 4 || packets < 50) {
    sinceTarget = 0;
    choose();
  }
}

function moveBase(transit: f64, now: f64): void {
  const current = <i32>(now / 1000);
  if (second < 0) second = current;
  if (current != second) {
    for (let s = max(second + 1, current - WINDOW + 1); s <= current; s += 1)
      store<f64>(MINIMA + ((<usize>(s % WINDOW)) << 3), NONE);
    second = current;
  }
  const slot = MINIMA + ((<usize>(current % WINDOW)) << 3);
  if (transit < load<f64>(slot)) store<f64>(slot, transit);
  let fastest = transit;
  for (let i = 0; i < WINDOW; i += 1) fastest = min(fastest, load<f64>(MINIMA + ((<usize>i) << 3)));
  // Clock drift moves the base by little and takes the histogram along; a new route moves it by
  // much, and the histogram keeps its place on the absolute scale.
  if (base != NONE && abs(fastest - base) > 12) shift(<i32>nearest((base - fastest) / BUCKET_MS));
  base = fastest;
}

/** Moves every observation by `by` buckets. */
function shift(by: i32): void {
  if (by > 0) {
    let clipped: f32 = 0;
    for (let i = BUCKETS - 1; i >= 0; i -= 1) {
      const value = load<f32>(HISTOGRAM + ((<usize>i) << 2));
      store<f32>(HISTOGRAM + ((<usize>i) << 2), 0);
      if (i + by >= BUCKETS) clipped += value;
      else store<f32>(HISTOGRAM + ((<usize>(i + by)) << 2), value);
    }
    store<f32>(
      HISTOGRAM + ((<usize>(BUCKETS - 1)) << 2),
      clipped + load<f32>(HISTOGRAM + ((<usize>(BUCKETS - 1)) << 2)),
    );
  } else {
    let clipped: f32 = 0;
    for (let i = 0; i < BUCKETS; i += 1) {
      const value = load<f32>(HISTOGRAM + ((<usize>i) << 2));
      store<f32>(HISTOGRAM + ((<usize>i) << 2), 0);
      if (i + by <= 0) clipped += value;
      else store<f32>(HISTOGRAM + ((<usize>(i + by)) << 2), value);
    }
    store<f32>(HISTOGRAM, clipped);
  }
  highest = max(0, min(BUCKETS - 1, highest + by));
}

function renormalize(): void {
  const factor = <f32>(1 / weight);
  for (let i = 0; i < BUCKETS; i += 1) {
    const at = HISTOGRAM + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
  total /= weight;
  weight = 1;
}

function choose(): void {
  let beyond: f64 = 0;
  let best = NONE;
  let chosen = highest + 1;
  const perPacket = (price * 100) / total;
  while (highest > 0 && load<f32>(HISTOGRAM + ((<usize>highest) << 2)) < <f32>(total * 1e-6)) {
    beyond += load<f32>(HISTOGRAM + ((<usize>highest) << 2));
    store<f32>(HISTOGRAM + ((<usize>highest) << 2), 0);
    total -= beyond;
    beyond = 0;
    highest -= 1;
  }
  for (let i = highest; i >= 0; i -= 1) {
    const cost = <f64>(i + 1) * BUCKET_MS + beyond * perPacket;
    if (cost < best) {
      best = cost;
      chosen = i + 1;
    }
    beyond += load<f32>(HISTOGRAM + ((<usize>i) << 2));
  }
  target = max(least, min(most, <f64>chosen * BUCKET_MS));
}
