/** Sequence numbers and RTP times of the packets that come, extended over their wraps. */
/** s between two RTP times that no queue explains. */
const JUMP: i64 = 20;
/** ms by which the time on the wall and the RTP time of a pause may differ. */
const PAUSE_MARGIN: f64 = 2000;

let clockRate: i32 = 8000;
let originTimestamp: i64 = 0;
let newestArrival: f64 = 0;

export let newestSequence: i64 = 0;
export let newestTimestamp: i64 = 0;

export function init(rtpClockRate: i32): void {
  clockRate = max(1000, rtpClockRate);
}

/** The first packet of a line of sequence numbers. */
export function start(sequence16: i32, timestamp32: u32, arrival: f64): void {
  // Away from zero, so that early packets of a reordered start stay positive.
  newestSequence = <i64>sequence16 + 0x10000;
  newestTimestamp = <i64>timestamp32 + 0x100000000;
  originTimestamp = newestTimestamp;
  newestArrival = arrival;
}

export function sequence(sequence16: i32): i64 {
  return newestSequence + <i64>(<i16>(sequence16 - <i32>newestSequence));
}

export function timestamp(timestamp32: u32): i64 {
  return newestTimestamp + <i64>(<i32>(timestamp32 - <u32>newestTimestamp));
}

/** Whether the sender began another line of time. @param due RTP time that is to be played next */
export function jumps(sequence: i64, timestamp: i64, arrival: f64, due: i64): bool {
  if (abs(timestamp - due) <= <i64>clockRate * JUMP) return false;
  // Hold, or a long silence: the sender's clock went on while nothing was sent.
  const passed = <f64>(timestamp - newestTimestamp) * 1000 / <f64>clockRate;
  return sequence <= newestSequence || !(abs(passed - (arrival - newestArrival)) < PAUSE_MARGIN);
}

/** A packet came. */
export function advance(sequence: i64, timestamp: i64, arrival: f64): void {
  if (sequence <= newestSequence) return;
  newestSequence = sequence;
  newestTimestamp = timestamp;
  newestArrival = arrival;
}

/** ms since the first packet. */
// @ts-ignore: decorator
@inline
export function milliseconds(timestamp: i64): f64 {
  return <f64>(timestamp - originTimestamp) * 1000 / <f64>clockRate;
}
