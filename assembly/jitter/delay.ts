/**
 * How long to wait for packets. What counts is the latest packet of each half second, because it is that one which makes
 * a gap: a histogram of these, in steps of 1 ms relative to the fastest packet of the last seconds, tells what share of
 * half seconds a delay leaves with a gap. The target is the delay at which waiting 1 ms longer costs more than it saves.
 * What piled up while a stream was being opened tells nothing about the network, and neither does the one late packet of a call
 * that has just begun.
 */
const BUCKETS: i32 = 1024;
const HISTOGRAM: usize = memory.data(4096, 16);
/** The same for packets that were overtaken: each of them that is too late costs its own sound, however late it is. */
const OVERTAKEN: usize = memory.data(4096, 16);
/** ms of gaps in a half second that each delay leaves. */
const GAPS: usize = memory.data(4096, 16);
/** The fastest packet of each of the last seconds is kept, in slots of 500 ms. */
const SLOT_MS: f64 = 500;
const SLOTS: i32 = 40;
const MINIMA: usize = memory.data(320, 16);
const NONE: f64 = 1e300;
/** A packet that was overtaken leaves a gap with sound on both sides, which hides better: what its loss counts for. */
const OVERTAKEN_COUNTS: f64 = 0.28;
/** ms waited in any case beyond the target that is worth its price: to stretch the last sound before a gap takes time. */
const REACTION: f64 = 1;
/** Up to this many ms, and up to this delay, are waited besides when they save DEAR times as much as they must. */
const MORE: i32 = 17;
const MORE_UP_TO: i32 = 44;
const DEAR: f64 = 3.3;
/** The same where packets are lost anyway, a share of LOSSY and more: those few that come late are heard less. */
const DEAR_IN_LOSS: f64 = 1.8;
const LOSSY: f64 = 0.01;
/** Packets of which the share of the lost ones is known. */
const LOSS_MEMORY: f64 = 1500;
/** Half seconds from the start on in which a single late one proves nothing; in as many more it does so little by little. */
const FEW: f64 = 15;

/** ms of delay that one per cent of concealed sound is worth. */
let price: f64 = 100;
/** Half seconds after which an observation weighs 1/e. */
let memoryBlocks: f64 = 60;
/** Slots that count. */
let windowSlots: i32 = 8;
/** Least target, ms. */
let least: f64 = 0;

let weight: f64 = 1;
let total: f64 = 0;
let blocks: i32 = 0;
let highest: i32 = 0;
let slot: i32 = -1;
/** Transit time, ms, of the latest packet of this slot. */
let latest: f64 = -NONE;
/** A packet was slower than one before it: what piled up while the stream was being opened has been emptied. */
let settled: bool = false;
/** Share of the packets that are missing. */
let lost: f64 = 0;

/** Transit time, ms on an arbitrary scale, of the fastest packet of the window. */
export let base: f64 = NONE;
/** ms to wait beyond {@link base}. */
export let target: f64 = 0;
/** Greatest delay, ms. */
export let most: f64 = 1000;

export function configure(minimum: f64, maximum: f64, priceMs: f64, forget: f64, window: f64): void {
  least = minimum;
  most = max(minimum, maximum);
  price = max(1, priceMs);
  memoryBlocks = max(2, forget / SLOT_MS);
  windowSlots = max(1, min(SLOTS, <i32>(window / SLOT_MS)));
}

export function reset(initial: f64): void {
  memory.fill(HISTOGRAM, 0, (<usize>BUCKETS) << 2);
  memory.fill(OVERTAKEN, 0, (<usize>BUCKETS) << 2);
  for (let i = 0; i < SLOTS; i += 1) store<f64>(MINIMA + ((<usize>i) << 3), NONE);
  weight = 1;
  total = 0;
  blocks = 0;
  highest = 0;
  slot = -1;
  latest = -NONE;
  settled = false;
  lost = 0;
  base = NONE;
  target = max(least, min(most, initial));
}

/** A packet came with a number `ahead` beyond the newest before it; negative: it was overtaken. */
export function follow(ahead: i64): void {
  if (ahead > 0) lost += (min(<f64>(ahead - 1), 50) - lost) / LOSS_MEMORY;
  else lost = max(0, lost - 1 / LOSS_MEMORY);
}

/** @param transit when the packet could first be heard less its RTP time, ms  @param now ms @param overtaken by a later one @param duration of its sound, ms */
export function observe(transit: f64, now: f64, overtaken: bool, duration: f64): void {
  const current = <i32>(max<f64>(0, min<f64>(now, 1e12)) / SLOT_MS);
  if (slot < 0) slot = current;
  if (current != slot) {
    if (latest > -NONE) remember(latest - base);
    latest = -NONE;
    const stale = current > slot ? min(current - slot, SLOTS) : SLOTS;
    for (let s = current - stale + 1; s <= current; s += 1) store<f64>(minimum(s), NONE);
    slot = current;
  }
  if (transit < load<f64>(minimum(slot))) store<f64>(minimum(slot), transit);
  let fastest = transit;
  for (let s = slot - windowSlots + 1; s <= slot; s += 1) fastest = min(fastest, load<f64>(minimum(s)));
  // A new, longer route moves the base up: what was late on the old one is not on the new. A queue that fills does so too,
  // but there the latest packet stays far from the fastest.
  const rise = fastest - base;
  if (base != NONE && rise > 12 && latest - fastest < rise / 2) {
    lower(HISTOGRAM, <i32>rise);
    lower(OVERTAKEN, <i32>rise);
    highest = max(0, highest - <i32>rise);
  }
  settled = settled || (base != NONE && transit >= base);
  base = fastest;
  if (!settled) return;
  if (overtaken) {
    const at = OVERTAKEN + (bucket(transit - base) << 2);
    store<f32>(at, load<f32>(at) + <f32>(weight * duration));
    highest = max(highest, <i32>bucket(transit - base));
  } else if (transit > latest) {
    latest = transit;
    choose();
  }
}

/** Where the fastest packet of slot `s` stands. */
// @ts-ignore: decorator
@inline
function minimum(s: i32): usize {
  return MINIMA + ((<usize>((s + SLOTS * 2) % SLOTS)) << 3);
}

function remember(late: f64): void {
  // Old weights shrink because new ones grow: one addition instead of a thousand multiplications.
  blocks += 1;
  weight *= 1 + 1 / min(<f64>blocks, memoryBlocks);
  const at = HISTOGRAM + (bucket(late) << 2);
  store<f32>(at, load<f32>(at) + <f32>weight);
  total += weight;
  highest = max(highest, <i32>bucket(late));
  if (weight > 1e6) renormalize();
  choose();
}

/** Moves every observation by `by` ms towards the base. */
function lower(histogram: usize, by: i32): void {
  let clipped: f32 = 0;
  for (let i = 0; i <= highest; i += 1) {
    const at = histogram + ((<usize>i) << 2);
    const value = load<f32>(at);
    store<f32>(at, 0);
    if (i <= by) clipped += value;
    else store<f32>(at - ((<usize>by) << 2), value);
  }
  store<f32>(histogram, clipped);
}

function renormalize(): void {
  const factor = <f32>(1 / weight);
  for (let i = 0; i < BUCKETS; i += 1) {
    const offset = (<usize>i) << 2;
    store<f32>(HISTOGRAM + offset, load<f32>(HISTOGRAM + offset) * factor);
    store<f32>(OVERTAKEN + offset, load<f32>(OVERTAKEN + offset) * factor);
  }
  total /= weight;
  weight = 1;
}

/** The half second that goes on counts as if it were over. */
function choose(): void {
  let ongoing = -1;
  let all = total;
  if (latest > -NONE) {
    ongoing = <i32>bucket(latest - base);
    all += weight;
  }
  while (highest > 0 && weightAt(HISTOGRAM, highest) + weightAt(OVERTAKEN, highest) < all * 1e-5) highest -= 1;
  // A gap of x ms each half second is x / 5 per cent.
  const perMillisecond = price / 5 / max(all, 1e-9);
  const dear = perMillisecond * (DEAR - (DEAR - DEAR_IN_LOSS) * min(1, lost / LOSSY));
  const doubt = weight * max(0, min(1, 2 - <f64>blocks / FEW));
  let later: f64 = -doubt;
  let gaps: f64 = 0;
  let best = NONE;
  let chosen = 0;
  for (let i = max(highest, ongoing); i >= 0; i -= 1) {
    const cost = <f64>i + perMillisecond * gaps;
    if (cost < best) {
      best = cost;
      chosen = i;
    }
    store<f32>(GAPS + ((<usize>i) << 2), <f32>gaps);
    later += weightAt(HISTOGRAM, i) + (i == ongoing ? weight : 0);
    gaps += max(0, later) + OVERTAKEN_COUNTS * weightAt(OVERTAKEN, i);
  }
  const end = min(max(highest, ongoing), max(chosen + MORE, MORE_UP_TO));
  best = NONE;
  for (let i = chosen; i <= end; i += 1) {
    const cost = <f64>i + dear * <f64>load<f32>(GAPS + ((<usize>i) << 2));
    if (cost < best) {
      best = cost;
      chosen = i;
    }
  }
  target = max(least, min(most, <f64>chosen + REACTION));
}

// @ts-ignore: decorator
@inline
function weightAt(histogram: usize, i: i32): f64 {
  return <f64>load<f32>(histogram + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
function bucket(late: f64): usize {
  return <usize>max(0, min(<i32>ceil(min<f64>(late, 1e6)), BUCKETS - 1));
}
