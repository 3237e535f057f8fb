/**
 * Moves the delay towards its target by pitch periods, and stretches what is left before a gap. What is stretched is
 * bounded: 1.34 % of the sound.
 */
import { count, Count } from './counts';
import * as signal from './signal';

/** ms of stretching that may be done at the start, that may be saved up, and that a ms of sound adds. */
const FIRST: f64 = 250;
const SAVED: f64 = 900;
const SHARE: f64 = 0.0134;
/** Below this many ms nothing is stretched ahead of a gap: what is left is for shortening the delay after it. */
const RESERVE: f64 = 60;
/** ms above the target from which a pitch period is taken out, and below it from which one is put in. */
const SHORTEN_FROM: f64 = 4;
const LENGTHEN_FROM: f64 = 3;
/** ms by which putting in may overshoot the target. */
const ROUND: f64 = 1;
/** ms between two pitch periods taken out; when the delay is far too long; and between two put in. */
const SHORTEN_EVERY: f64 = 80;
const HURRY_EVERY: f64 = 30;
const LENGTHEN_EVERY: f64 = 60;
/** ms of sound that are left when the next packet is missed, at least; pitch periods put in ahead of one gap. */
const IN_SIGHT: f64 = 15;
const AHEAD_OF_GAP: i32 = 2;
/** After a gap, or a stretch ahead of one, the delay is not shortened for this long, ms. */
const PATIENCE: f64 = 300;
/** Below so many ms too many it is not shortened for so much longer: where there is little to win, a splice less is worth more. */
const LITTLE: f64 = 20;
const PATIENCE_FOR_LITTLE: f64 = 500;

let rate: i32 = 8000;
let budget: f64 = FIRST;
let patience: f64 = 0;
let stretched: f64 = 0;
let inserted: i32 = 0;

export function init(sampleRate: i32): void {
  rate = sampleRate;
  budget = FIRST;
  restart();
}

export function restart(): void {
  patience = 0;
  stretched = 0;
  inserted = 0;
}

/** Whether stretching is still within its share. */
export function mayStretch(): bool {
  return budget > 0;
}

/** `samples` more are played. */
export function earn(samples: i32): void {
  budget = min(SAVED, budget + (<f64>samples * 1000 * SHARE) / rate);
}

/** A gap, or a packet too late, at `now`. */
export function bePatient(now: f64): void {
  patience = now + PATIENCE;
}

/** Books what the bent pace left out or put in since the last call. */
export function bookGlide(): void {
  const samples = abs(signal.glided);
  signal.clearGlided();
  count(Count.resampled, samples);
  spend(samples);
}

/** A packet is decoded at `now`. @param error ms above the target */
export function adjust(error: f64, now: f64): void {
  inserted = 0;
  const mayShorten = now >= patience + (error < LITTLE ? PATIENCE_FOR_LITTLE : 0) && budget > 0;
  if (error > SHORTEN_FROM && mayShorten && now - stretched >= (error > 60 ? HURRY_EVERY : SHORTEN_EVERY)) {
    stretch(signal.accelerate(<i32>((min<f64>(error, 1000) * rate) / 1000), error > 100), Count.accelerated, now);
  } else if (error < -LENGTHEN_FROM && budget > 0 && now - stretched >= LENGTHEN_EVERY) {
    stretch(signal.decelerate(<i32>(((ROUND - error) * rate) / 1000), error < -20), Count.decelerated, now);
  }
}

/**
 * The next packet is not here: slows down before the line ends, a stretch of good sound instead of a gap.
 * @param left ms of sound in the line @param hop ms to the next pull @param overdue ms by which the packet is later than most
 */
export function anticipate(left: f64, hop: f64, overdue: f64, now: f64): void {
  if (overdue < 0 || left > max(2 * hop, IN_SIGHT) || inserted >= AHEAD_OF_GAP || budget <= RESERVE) return;
  if (stretch(signal.decelerate(rate, true), Count.decelerated, stretched)) {
    inserted += 1;
    bePatient(now);
  }
}

function stretch(samples: i32, what: i32, now: f64): bool {
  if (samples <= 0) return false;
  count(what, samples);
  count(Count.stretches, 1);
  spend(samples);
  stretched = now;
  return true;
}

function spend(samples: i32): void {
  budget -= (<f64>samples * 1000) / rate;
}
