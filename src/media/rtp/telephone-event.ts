/** One telephone-event payload (RFC 4733 §2.3). */
export interface TelephoneEvent {
  /** 0-9, 10 `*`, 11 `#`, 12-15 A-D */
  readonly event: number;
  readonly end: boolean;
  /** -dBm0, 0..63 */
  readonly volume: number;
  /** RTP timestamp units, 0..65535 */
  readonly duration: number;
}

const TONES = '0123456789*#ABCD';

/** @returns the event code of a DTMF tone, or null */
export function eventOf(tone: string): number | null {
  const code = tone.length === 1 ? TONES.indexOf(tone.toUpperCase()) : -1;
  return code < 0 ? null : code;
}

export function toneOf(event: number): string | null {
  return TONES[event] ?? null;
}

/** Reads the first event of a payload; null if it is none. */
export function parseTelephoneEvent(payload: Uint8Array): TelephoneEvent | null {
  const [event, flags, high, low] = payload;
  if (event === undefined || flags === undefined || high === undefined || low === undefined) return null;
  return { event, end: (flags & 0x80) !== 0, volume: flags & 0x3f, duration: (high << 8) | low };
}

export function printTelephoneEvent(event: TelephoneEvent): Uint8Array {
  return Uint8Array.of(
    event.event,
    (event.end ? 0x80 : 0) | (event.volume & 0x3f),
    event.duration >> 8,
    event.duration & 0xff,
  );
}

/** A packet of an event that is being sent. */
export interface EventPacket {
  readonly payload: Uint8Array;
  /** Constant over the whole event (RFC 4733 §2.2.1). */
  readonly timestamp: number;
  readonly marker: boolean;
}

interface Job {
  readonly event: number;
  /** Timestamp units. */
  readonly duration: number;
  readonly gap: number;
  readonly done: () => void;
}

/** Turns queued tones into packets, one per packet time of the audio it replaces. */
export class TelephoneEventSender {
  readonly #queue: Job[] = [];
  #job: Job | null = null;
  #start = 0;
  #ends = 0;

  /** @param duration @param gap timestamp units @param done called after the gap */
  queue(event: number, duration: number, gap: number, done: () => void): void {
    this.#queue.push({ event, duration: Math.min(duration, 0xffff), gap, done });
  }

  /** Tones that are not wholly sent. */
  get pending(): number {
    return this.#queue.length + (this.#job === null ? 0 : 1);
  }

  /**
   * Called once per packet time. @param timestamp of the audio that this packet would carry @param span its length
   * @returns packets to send instead of the audio; null: send the audio
   */
  tick(timestamp: number, span: number): EventPacket[] | null {
    if (this.#job === null) {
      const next = this.#queue.shift();
      if (next === undefined) return null;
      this.#job = next;
      this.#start = timestamp;
      this.#ends = 0;
    }
    const job = this.#job;
    const elapsed = (timestamp + span - this.#start) >>> 0;
    if (elapsed < job.duration) return [this.#packet(job.event, false, elapsed, elapsed <= span)];
    if (this.#ends < 3) {
      // RFC 4733 §2.5.1.4: the last packet is sent three times; on the packet clock, like the others.
      this.#ends += 1;
      return [this.#packet(job.event, true, job.duration, elapsed <= span)];
    }
    if (elapsed < job.duration + job.gap + 3 * span) return null;
    this.#job = null;
    job.done();
    return this.#queue.length > 0 ? this.tick(timestamp, span) : null;
  }

  /** Forgets what is queued; every `done` is called. */
  clear(): void {
    const jobs = this.#job === null ? this.#queue.splice(0) : [this.#job, ...this.#queue.splice(0)];
    this.#job = null;
    for (const job of jobs) job.done();
  }

  #packet(event: number, end: boolean, duration: number, marker: boolean): EventPacket {
    return { payload: printTelephoneEvent({ event, end, volume: 10, duration }), timestamp: this.#start, marker };
  }
}

/** Joins received packets to key presses: each press is reported once, when it ends. */
export class TelephoneEventReceiver {
  #event: TelephoneEvent | null = null;
  #timestamp = 0;
  #reported = -1;
  #updated = 0;

  constructor(private readonly report: (tone: string, duration: number) => void) {}

  /** @param now ms */
  receive(packetTimestamp: number, payload: Uint8Array, now: number): void {
    const event = parseTelephoneEvent(payload);
    if (event === null || toneOf(event.event) === null || packetTimestamp === this.#reported) return;
    if (this.#event !== null && this.#timestamp !== packetTimestamp) {
      // An older event's packet that came late says nothing new.
      if (((packetTimestamp - this.#timestamp) | 0) < 0) return;
      this.#finish();
    }
    this.#event = this.#event !== null && this.#event.duration > event.duration ? this.#event : event;
    this.#timestamp = packetTimestamp;
    this.#updated = now;
    if (event.end) this.#finish();
  }

  /** Ends an event whose end packets were all lost. RFC 4733 §2.5.1.5: no packet for three packet times. */
  poll(now: number): void {
    if (this.#event !== null && now - this.#updated > 200) this.#finish();
  }

  #finish(): void {
    const event = this.#event;
    if (event === null) return;
    this.#event = null;
    this.#reported = this.#timestamp;
    const tone = toneOf(event.event);
    if (tone !== null) this.report(tone, event.duration);
  }
}
