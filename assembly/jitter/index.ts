/**
 * Adaptive jitter buffer. Packets go in as they come, samples come out as the audio clock pulls them;
 * the host decodes and conceals in between, when `pull`, `decoded` or `concealed` returns DECODE or CONCEAL. No allocation, no traps; one
 * instance per received stream. Times are milliseconds of the audio clock.
 */
import { milliseconds } from './arrivals';
import * as arrivals from './arrivals';
import * as clock from './clock';
import { clear, count, Count, COUNTS } from './counts';
import * as delay from './delay';
import * as clocks from './drift';
import * as outage from './outage';
import * as pace from './pace';
import * as signal from './signal';
import * as slots from './store';

/** Longest pull: 20 ms at 48 kHz. */
const OUT_MAX: i32 = 960;
const PAYLOAD: usize = memory.data(1504, 16);
const PCM: usize = memory.data(11520, 16); // 120 ms at 48 kHz
const PCM_MAX: i32 = 5760;
const OUT: usize = memory.data(3840, 16);

const DONE: i32 = 0;
const DECODE: i32 = 1;
const CONCEAL: i32 = 2;
/** ms to wait before the first packet is known. */
const INITIAL: f64 = 1;
/** ms of delay that a lost packet may take: shorter concealment now, a stretch of good sound later; more in a long gap. */
const BORROW: f64 = 9;
const BORROW_IN_GAP: f64 = 45;
/** ms of concealment that make a gap a long one. */
const LONG_GAP: i32 = 100;
/** ms of a gap that the decoder conceals at most; then the last of it fades. */
const DECODER_CONCEALS: i32 = 200;
/** Least ms of concealment for a lost packet. */
const BRIDGE: i32 = 5;
/** A packet is overdue when it is this many ms from being too late, and this share of the target. */
const OVERDUE: f64 = 8;
const OVERDUE_SHARE: f64 = 0.13;

let rate: i32 = 8000;
let clockRate: i32 = 8000;
let started: bool = false;
let playing: bool = false;
/** Sequence number and RTP time of the packet that is due, extended over their wraps. */
let nextSequence: i64 = 0;
let nextTimestamp: i64 = 0;

let want: i32 = 0;
let filled: i32 = 0;
/** Samples concealed for the packet that is due, and those of them that are left out of it should it still come. */
let gap: i32 = 0;
let trim: i32 = 0;
/** The first packet after an outage: nobody wants to wait longer. */
let hurry: bool = false;
/** Packets are dropped until the delay is at its target. */
let skipping: bool = false;
/** The packet that was due could not be decoded. */
let bad: bool = false;
/** The decoder does not conceal this gap. */
let alone: bool = false;
/** ms of sound in a packet. */
let duration: f64 = 20;

export function payload(): usize {
  return PAYLOAD;
}
export function pcm(): usize {
  return PCM;
}
export function out(): usize {
  return OUT;
}
export function counts(): usize {
  return COUNTS;
}

/**
 * @param minimum @param maximum bounds of the delay, ms @param price ms of delay that 1 % of concealed sound is worth
 * @param forget ms of memory @param window ms for which the fastest packet is remembered
 */
export function init(sampleRate: i32, rtpClockRate: i32, minimum: f64, maximum: f64, price: f64, forget: f64, window: f64): void {
  rate = max(8000, min(48000, sampleRate));
  clockRate = max(1000, rtpClockRate);
  arrivals.init(rtpClockRate);
  delay.configure(minimum, maximum, price, forget, window);
  pace.init(rate);
  outage.init(rate);
  clear();
  clock.reset();
  restart();
}

/** A new stream (SSRC change, a jump): forgets packets and delays, keeps the counters and the sound. */
export function restart(): void {
  slots.clear();
  delay.reset(INITIAL);
  clocks.reset();
  pace.restart();
  signal.reset(rate);
  started = false;
  playing = false;
  hurry = false;
  bad = false;
  alone = false;
  skipping = false;
  gap = 0;
  trim = 0;
  outage.reset();
}

/**
 * A packet of `length` octets in the payload buffer; length 0 stands for a packet that takes a sequence
 * number and has no sound (telephone-event). @param arrival ms
 */
export function insert(sequence16: i32, timestamp32: u32, length: i32, format: i32, arrival: f64): void {
  count(Count.received, 1);
  if (length < 0 || length > slots.PAYLOAD_MAX) return;
  if (!started) start(sequence16, timestamp32, arrival);
  let sequence = arrivals.sequence(sequence16);
  let timestamp = arrivals.timestamp(timestamp32);
  const jump = arrivals.jumps(sequence, timestamp, arrival, nextTimestamp);
  if (sequence >= nextSequence + slots.SLOTS || sequence < nextSequence - 3000 || jump) {
    restart();
    count(Count.resets, 1);
    start(sequence16, timestamp32, arrival);
    sequence = nextSequence;
    timestamp = nextTimestamp;
  }
  if (slots.seen(sequence)) {
    count(Count.duplicate, 1);
    return;
  }
  clocks.observe(arrival - milliseconds(timestamp), arrival);
  delay.follow(sequence - arrivals.newestSequence);
  delay.observe(clock.audible(arrival) - milliseconds(timestamp), arrival, sequence < arrivals.newestSequence, duration);
  arrivals.advance(sequence, timestamp, arrival);
  if (sequence < nextSequence) {
    if (playing) {
      count(Count.late, 1);
      pace.bePatient(arrival);
      return;
    }
    // Before playout starts, a packet that was overtaken is still welcome.
    nextSequence = sequence;
  }
  slots.put(sequence, timestamp, PAYLOAD, length, format);
}

/** Fills `samples` floats at `out()`. @returns DECODE: decode the packet at `duePayload`, put its samples at `pcm()`, call `decoded`; CONCEAL: let the decoder make up a frame, put it there, call `concealed` */
export function pull(samples: i32, time: f64): i32 {
  want = max(0, min(samples, OUT_MAX));
  filled = 0;
  pace.earn(want);
  signal.bend(clocks.drift, want);
  clock.tick(time);
  if (playing && outage.run == 0 && slots.held == 0) {
    const overdue = clock.now - milliseconds(nextTimestamp) - delay.base - (delay.target * (1 - OVERDUE_SHARE) - OVERDUE);
    pace.anticipate(playout() - clock.now, clock.hop, overdue, clock.now);
  }
  return step();
}

export function duePayload(): usize {
  return slots.payloadOf(nextSequence);
}
export function dueLength(): i32 {
  return slots.lengthOf(nextSequence);
}
export function dueFormat(): i32 {
  return slots.formatOf(nextSequence);
}

/** The packet that was due became `samples` samples at `pcm()`; 0: it was bad and counts as lost. */
export function decoded(samples: i32): i32 {
  const n = max(0, min(samples, PCM_MAX));
  const offset = playout() - milliseconds(nextTimestamp);
  slots.remove(nextSequence);
  nextSequence += 1;
  if (n == 0) {
    bad = true;
    count(Count.lost, 1);
    return step();
  }
  nextTimestamp += <i64>n * clockRate / rate;
  duration = <f64>n * 1000 / rate;
  const skip = min(trim, n);
  trim = 0;
  gap = 0;
  bad = false;
  alone = false;
  if (skip < n) {
    signal.append(PCM + (<usize>skip << 1), n - skip);
    outage.end();
  }
  pace.adjust(offset - delay.base - delay.target, clock.now);
  return step();
}

/** The decoder made up `samples` samples at `pcm()`; 0: it cannot. */
export function concealed(samples: i32): i32 {
  if (samples > 0 && samples <= PCM_MAX) signal.offer(PCM, samples);
  else alone = true;
  return step();
}

/** ms that a packet waits beyond the fastest one, as planned. */
export function target(): f64 {
  return delay.target;
}

/** ms from the fastest packet's arrival to the playout of the same packet, as it is. */
export function current(): f64 {
  return playing ? playout() - milliseconds(nextTimestamp) - delay.base : delay.target;
}

/** ms of the last concealed stretch of 150 ms and more. */
export function interruption(): f64 {
  return outage.interruption;
}

export function isPlaying(): bool {
  return playing;
}

/** RTP timestamp of the next sample that will be heard. */
export function playoutTimestamp(): f64 {
  return <f64>((nextTimestamp - <i64>signal.waiting() * clockRate / rate) & 0xffffffff);
}

function start(sequence16: i32, timestamp32: u32, arrival: f64): void {
  started = true;
  arrivals.start(sequence16, timestamp32, arrival);
  nextSequence = arrivals.newestSequence;
  nextTimestamp = arrivals.newestTimestamp;
}

/** When the end of the line will be heard, ms. */
function playout(): f64 {
  return clock.now + <f64>(filled + signal.waiting()) * 1000 / rate;
}

/** Fills `out` until it is full or a packet must be decoded. */
function step(): i32 {
  let ended = false;
  while (filled < want) {
    filled += signal.take(OUT + (<usize>filled << 2), want - filled, ended);
    const missing = want - filled;
    if (missing == 0) break;
    if (!started) {
      silence(missing);
    } else if (slots.has(nextSequence)) {
      if (!due(missing)) continue;
      if (slots.lengthOf(nextSequence) > 0) return DECODE;
      slots.remove(nextSequence);
      nextSequence += 1;
    } else if (!ended && signal.waiting() > 0) {
      ended = true;
    } else if (absent(missing)) {
      return CONCEAL;
    }
  }
  pace.bookGlide();
  count(Count.played, want);
  return DONE;
}

/** Whether the next packet is to be decoded now; else something else was played. */
function due(missing: i32): bool {
  const timestamp = slots.timestampOf(nextSequence);
  const ahead = timestamp - nextTimestamp;
  if (playing && ahead <= 0) {
    // A timestamp that goes back is the sender's new line of time.
    if (ahead < 0) nextTimestamp = timestamp;
    return !tooOld();
  }
  // First packet of all, or after a pause of the sender (DTX): start the talkspurt at its time.
  if (!bad) outage.wasPause();
  const early = milliseconds(timestamp) + delay.base + delay.target - (hurry ? BORROW_IN_GAP : 0) - playout();
  if (early > 0 && slots.held < 100) {
    const n = max(1, min(missing, <i32>ceil(min<f64>(early, 1000) * rate / 1000)));
    if (!playing) silence(n);
    else if (bad) conceal(n);
    else fade(n);
    return false;
  }
  playing = true;
  hurry = false;
  nextTimestamp = timestamp;
  return true;
}

/** Drops the packet that is due when its delay is beyond all bounds (the audio clock stood still, or seconds came at once). */
function tooOld(): bool {
  const late = playout() - milliseconds(nextTimestamp) - delay.base;
  if (late > delay.most + delay.target) skipping = true;
  else if (late <= delay.target) skipping = false;
  if (!skipping) return false;
  const next = slots.following(nextSequence);
  if (next < 0) {
    skipping = false;
    return false;
  }
  if (outage.run == 0) conceal(rate * BRIDGE / 1000);
  count(Count.lost, 1);
  slots.remove(nextSequence);
  nextSequence += 1;
  nextTimestamp = slots.timestampOf(next);
  return true;
}

/** The next packet is not here. @returns whether the decoder is to make up more sound first */
function absent(missing: i32): bool {
  if (!playing) {
    const later = slots.following(nextSequence);
    if (later < 0) {
      silence(missing);
    } else {
      count(Count.lost, <f64>(later - nextSequence));
      outage.wasLoss();
      nextSequence = later;
      hurry = true;
    }
    return false;
  }
  const later = slots.following(nextSequence);
  if (later >= 0) {
    const timestamp = slots.timestampOf(later);
    const left = <i32>((timestamp - nextTimestamp) * rate / clockRate) - gap;
    const shortest = rate * BRIDGE / 1000 - gap;
    const borrow = !pace.mayStretch() ? 0 : gap > rate * LONG_GAP / 1000 ? BORROW_IN_GAP : BORROW;
    const early = milliseconds(timestamp) + delay.base + delay.target - borrow - playout();
    // Enough was put in its place, or the one behind it is due: give it up.
    if (left <= 0 || (shortest <= 0 && early <= 0)) {
      count(Count.lost, <f64>(later - nextSequence));
      nextSequence = later;
      nextTimestamp = timestamp;
      gap = 0;
      trim = 0;
      return false;
    }
    const n = min(min(missing, left), max(1, max(shortest, <i32>(min<f64>(early, 1000) * rate / 1000))));
    if (askDecoder(n)) return true;
    gap += n;
    trim += n;
    conceal(n);
    return false;
  }
  if (askDecoder(missing)) return true;
  gap += missing;
  conceal(missing);
  // Nothing for a second: the sender pauses or is gone; its next packet starts afresh.
  if (outage.run > rate) {
    playing = false;
    gap = 0;
    trim = 0;
  }
  return false;
}

/** Whether the decoder must make up more sound before `samples` can be concealed. */
function askDecoder(samples: i32): bool {
  if (outage.run > rate * DECODER_CONCEALS / 1000) alone = true;
  return !alone && signal.offered() < samples;
}

function conceal(samples: i32): void {
  signal.conceal(samples);
  outage.conceal(samples);
  pace.bePatient(clock.now);
}

function fade(samples: i32): void {
  signal.conceal(samples);
  count(Count.silent, samples);
}

function silence(samples: i32): void {
  memory.fill(OUT + (<usize>filled << 2), 0, <usize>samples << 2);
  filled += samples;
  outage.wait(samples);
}
