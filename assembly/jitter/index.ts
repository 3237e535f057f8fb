/**
 * Adaptive jitter buffer. Packets go in as they come, samples come out as the audio clock pulls them;
 * the host decodes in between, when `pull` or `decoded` returns DECODE. No allocation, no traps; one
 * instance per received stream. Times are milliseconds of the audio clock.
 */
import * as delay from './delay';
import * as signal from './signal';
import * as slots from './store';

/** Longest pull: 20 ms at 48 kHz. */
const OUT_MAX: i32 = 960;
const PAYLOAD: usize = memory.data(1504, 16);
const PCM: usize = memory.data(11520, 16); // 120 ms at 48 kHz
const PCM_MAX: i32 = 5760;
const OUT: usize = memory.data(3840, 16);
/** f64 counters, in the order of `Count`. */
const COUNTS: usize = memory.data(128, 16);

/** ms of delay that a gap may take: shorter concealment now, a stretch of good sound later. */
const BORROW: f64 = 12;
const DONE: i32 = 0;
const DECODE: i32 = 1;

const enum Count {
  received, late, duplicate, lost, resets,
  played, concealed, silent, accelerated, decelerated, interruptions, stretches,
}

let rate: i32 = 8000;
let clockRate: i32 = 8000;
let started: bool = false;
let playing: bool = false;
/** Sequence number and RTP time of the packet that is due, extended over their wraps. */
let nextSequence: i64 = 0;
let nextTimestamp: i64 = 0;
let newestSequence: i64 = 0;
let newestTimestamp: i64 = 0;
let originTimestamp: i64 = 0;

let want: i32 = 0;
let filled: i32 = 0;
let now: f64 = 0;
/** Samples concealed since the last good one, and those of them that stand for the packet that is due. */
let run: i32 = 0;
let gap: i32 = 0;
let trim: i32 = 0;
/** Until when not to shorten the delay, ms; when the last stretch was. */
let patience: f64 = 0;
let stretched: f64 = 0;

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

/** @param minimum @param maximum bounds of the delay, ms @param price ms that 1 % of late packets is worth @param forget packets of memory */
export function init(sampleRate: i32, rtpClockRate: i32, minimum: f64, maximum: f64, price: f64, forget: f64): void {
  rate = max(8000, min(48000, sampleRate));
  clockRate = max(1000, rtpClockRate);
  delay.configure(minimum, maximum, price, forget);
  memory.fill(COUNTS, 0, 128);
  restart();
}

/** A new stream (SSRC change, a jump): forgets packets and delays, keeps the counters and the sound. */
export function restart(): void {
  slots.clear();
  delay.reset(40);
  signal.reset(rate);
  started = false;
  playing = false;
  run = 0;
  gap = 0;
  trim = 0;
}

/**
 * A packet of `length` octets in the payload buffer; length 0 stands for a packet that takes a sequence
 * number and has no sound (telephone-event). @param arrival ms
 */
export function insert(sequence16: i32, timestamp32: u32, length: i32, format: i32, arrival: f64): void {
  count(Count.received, 1);
  if (length < 0 || length > slots.PAYLOAD_MAX) return;
  if (!started) {
    start(sequence16, timestamp32);
  }
  let sequence = newestSequence + <i64>(<i16>(sequence16 - <i32>newestSequence));
  let timestamp = newestTimestamp + <i64>(<i32>(timestamp32 - <u32>newestTimestamp));
  const jump = abs(timestamp - nextTimestamp) > <i64>clockRate * 20;
  if (sequence >= nextSequence + slots.SLOTS || sequence < nextSequence - 3000 || jump) {
    restart();
    count(Count.resets, 1);
    start(sequence16, timestamp32);
    sequence = newestSequence;
    timestamp = newestTimestamp;
  }
  if (slots.has(sequence)) {
    count(Count.duplicate, 1);
    return;
  }
  delay.observe(arrival - milliseconds(timestamp), arrival);
  if (sequence > newestSequence) {
    newestSequence = sequence;
    newestTimestamp = timestamp;
  }
  if (sequence < nextSequence) {
    if (playing) {
      count(Count.late, 1);
      patience = arrival + 1000;
      return;
    }
    // Before playout starts, a packet that was overtaken is still welcome.
    nextSequence = sequence;
  }
  slots.put(sequence, timestamp, PAYLOAD, length, format);
}

/** Fills `samples` floats at `out()`. @returns DECODE: decode the packet at `duePayload`, put its samples at `pcm()`, call `decoded` */
export function pull(samples: i32, time: f64): i32 {
  want = max(0, min(samples, OUT_MAX));
  filled = 0;
  now = time;
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
  const offset = now - milliseconds(nextTimestamp);
  slots.remove(nextSequence);
  nextSequence += 1;
  if (n == 0) return step();
  nextTimestamp += <i64>n * clockRate / rate;
  const skip = min(trim, n);
  trim = 0;
  gap = 0;
  if (skip < n) {
    signal.append(PCM + (<usize>skip << 1), n - skip);
    if (run > 0) {
      if (<f64>run / rate >= 0.15) count(Count.interruptions, 1);
      run = 0;
    }
  }
  adjust(offset);
  return step();
}

/** ms that a packet waits beyond the fastest one, as planned. */
export function target(): f64 {
  return delay.target;
}

/** ms from the fastest packet's arrival to the playout of the same packet, as it is. */
export function current(): f64 {
  return playing ? now - milliseconds(nextTimestamp) + <f64>signal.waiting() * 1000 / rate - delay.base : delay.target;
}

export function heldPackets(): i32 {
  return slots.held;
}

/** Extended RTP timestamp of the next sample that is not decoded yet, relative to the first. */
export function position(): f64 {
  return <f64>(nextTimestamp - originTimestamp);
}

function start(sequence16: i32, timestamp32: u32): void {
  started = true;
  // Away from zero, so that early packets of a reordered start stay positive.
  newestSequence = <i64>sequence16 + 0x10000;
  newestTimestamp = <i64>timestamp32 + 0x100000000;
  nextSequence = newestSequence;
  nextTimestamp = newestTimestamp;
  originTimestamp = newestTimestamp;
}

/** Fills `out` until it is full or a packet must be decoded. */
function step(): i32 {
  while (filled < want) {
    filled += signal.take(OUT + (<usize>filled << 2), want - filled);
    const missing = want - filled;
    if (missing == 0) break;
    if (!started) {
      silence(missing);
    } else if (slots.has(nextSequence)) {
      if (!due(missing)) continue;
      if (slots.lengthOf(nextSequence) > 0) return DECODE;
      slots.remove(nextSequence);
      nextSequence += 1;
    } else {
      absent(missing);
    }
  }
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
    return true;
  }
  // First packet of all, or after a pause of the sender (DTX): start the talkspurt at its time.
  if (now - milliseconds(timestamp) < delay.base + delay.target && slots.held < 100) {
    if (playing && run > 0) {
      // What looked like loss was a pause.
      count(Count.concealed, -run);
      count(Count.silent, run);
      run = 0;
    }
    if (playing) fade(missing);
    else silence(missing);
    return false;
  }
  playing = true;
  nextTimestamp = timestamp;
  return true;
}

/** The next packet is not here. */
function absent(missing: i32): void {
  if (!playing) {
    const later = slots.following(nextSequence);
    if (later < 0) {
      silence(missing);
    } else {
      nextSequence = later;
    }
    return;
  }
  const later = slots.following(nextSequence);
  if (later >= 0) {
    const timestamp = slots.timestampOf(later);
    const left = <i32>((timestamp - nextTimestamp) * rate / clockRate) - gap;
    // Enough was put in its place, or the one behind it is due: give it up.
    if (left <= 0 || (gap > 0 && now - milliseconds(timestamp) >= delay.base + delay.target - BORROW)) {
      count(Count.lost, <f64>(later - nextSequence));
      nextSequence = later;
      nextTimestamp = timestamp;
      gap = 0;
      trim = 0;
      return;
    }
    const n = min(missing, left);
    gap += n;
    trim += n;
    conceal(n);
    return;
  }
  gap += missing;
  conceal(missing);
  // Nothing for a second: the sender pauses or is gone; its next packet starts afresh.
  if (run > rate) {
    playing = false;
    if (<f64>run / rate >= 0.15) count(Count.interruptions, 1);
    run = 0;
    gap = 0;
    trim = 0;
  }
}

function conceal(samples: i32): void {
  signal.conceal(samples);
  run += samples;
  patience = now + 1000;
  count(Count.concealed, samples);
}

function fade(samples: i32): void {
  signal.conceal(samples);
  count(Count.silent, samples);
}

function silence(samples: i32): void {
  memory.fill(OUT + (<usize>filled << 2), 0, <usize>samples << 2);
  filled += samples;
  count(Count.silent, samples);
}

/** Moves the delay towards the target, by one pitch period at most. @param offset when the packet was due less its RTP time */
function adjust(offset: f64): void {
  const error = offset - delay.base - delay.target;
  // Decoding happens on the grid of pulls: taking out a little may bring it forward by a whole pull.
  const hop = <f64>want * 1000 / rate;
  if (error > hop + 3 && now >= patience && now - stretched >= (error > 60 ? 40 : 120)) {
    const n = signal.accelerate(<i32>((error - hop) * rate / 1000), error > 100);
    if (n > 0) {
      count(Count.accelerated, n);
      count(Count.stretches, 1);
      stretched = now;
    }
  } else if (error < -4 && now - stretched >= 60) {
    const n = signal.decelerate(error < -20);
    if (n > 0) {
      count(Count.decelerated, n);
      count(Count.stretches, 1);
      stretched = now;
    }
  }
}

// @ts-ignore: decorator
@inline
function milliseconds(timestamp: i64): f64 {
  return <f64>(timestamp - originTimestamp) * 1000 / <f64>clockRate;
}

// @ts-ignore: decorator
@inline
function count(what: i32, by: f64): void {
  const at = COUNTS + (<usize>what << 3);
  store<f64>(at, load<f64>(at) + by);
}
