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

/**
 * Whether the other side takes an event. @param fmtp `0-11,66` of its telephone-event
 * RFC 4733 §2.5.1.1: without a list it takes 0 to 15.
 */
export function takesEvent(fmtp: string | null, event: number): boolean {
  const list = (fmtp ?? '').replace(/^\s*events\s*=/i, '').trim();
  if (!/^\d{1,3}(?:-\d{1,3})?(?:\s*,\s*\d{1,3}(?:-\d{1,3})?)*$/.test(list)) return event <= 15;
  return list.split(',').some((range) => {
    const [first = '', last = first] = range.trim().split('-');
    return event >= Number(first) && event <= Number(last);
  });
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
  /** Timestamp units from the start of the segment. */
  duration: number;
  readonly gap: number;
  readonly done: () => void;
}

/** Longest duration that one segment of an event can say, timestamp units. */
const SEGMENT = 0xffff;

/** Turns queued tones into packets, one per packet time of the audio it replaces. */
export class TelephoneEventSender {
  readonly #queue: Job[] = [];
  #job: Job | null = null;
  #start = 0;
  #ends = 0;
  #begun = false;

  /** @param duration @param gap timestamp units @param done called after the gap */
  queue(event: number, duration: number, gap: number, done: () => void): void {
    this.#queue.push({ event, duration, gap, done });
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
      this.#begun = false;
    }
    const job = this.#job;
    const packets: EventPacket[] = [];
    let elapsed = (timestamp + span - this.#start) >>> 0;
    if (job.duration > SEGMENT && elapsed >= SEGMENT) {
      // RFC 4733 §2.5.1.3: the segment ends without E bit; the next one begins where it ended.
      packets.push(this.#packet(job.event, false, SEGMENT));
      this.#start = (this.#start + SEGMENT) >>> 0;
      job.duration -= SEGMENT;
      elapsed -= SEGMENT;
      if (elapsed === 0) return packets;
    }
    if (elapsed < job.duration) return [...packets, this.#packet(job.event, false, elapsed)];
    if (this.#ends < 3) {
      // RFC 4733 §2.5.1.4: the last packet is sent three times; on the packet clock, like the others.
      this.#ends += 1;
      return [...packets, this.#packet(job.event, true, job.duration)];
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

  #packet(event: number, end: boolean, duration: number): EventPacket {
    const marker = !this.#begun;
    this.#begun = true;
    return { payload: printTelephoneEvent({ event, end, volume: 10, duration }), timestamp: this.#start, marker };
  }
}

/** Joins received packets to key presses: each press is reported once, when it ends. */
export class TelephoneEventReceiver {
  #event: TelephoneEvent | null = null;
  #timestamp = 0;
  /** Duration of the segments before this one. */
  #before = 0;
  #clockRate = 8000;
  #reported = -1;
  #updated = 0;

  /** @param report gets the duration in ms */
  constructor(private readonly report: (tone: string, duration: number) => void) {}

  /** @param now ms @param clockRate of the timestamps, Hz */
  receive(packetTimestamp: number, payload: Uint8Array, now: number, clockRate = 8000): void {
    const event = parseTelephoneEvent(payload);
    // RFC 4733 §2.3.5: no duration belongs to states, which no tone is.
    if (event === null || event.duration === 0 || toneOf(event.event) === null || packetTimestamp === this.#reported)
      return;
    if (this.#event !== null && this.#timestamp !== packetTimestamp) {
      const step = (packetTimestamp - this.#timestamp) | 0;
      // An older event's packet that came late says nothing new.
      if (step < 0) return;
      // §2.5.1.3: the next segment of a long event begins where the last one ended.
      if (step === SEGMENT && event.event === this.#event.event) {
        this.#before += SEGMENT;
        this.#event = event;
      } else {
        this.#finish();
      }
    }
    this.#event = this.#event !== null && this.#event.duration > event.duration ? this.#event : event;
    this.#timestamp = packetTimestamp;
    this.#clockRate = clockRate;
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
    const duration = ((this.#before + event.duration) * 1000) / this.#clockRate;
    this.#event = null;
    this.#before = 0;
    this.#reported = this.#timestamp;
    const tone = toneOf(event.event);
    if (tone !== null) this.report(tone, Math.round(duration));
  }
}
