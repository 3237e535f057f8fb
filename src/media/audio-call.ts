import type { AgreedAudio, PayloadFormat } from '../ims/sdp/index.js';
import { receives, sends } from '../ims/sdp/index.js';
import { MediaError, type MediaSessionEvents } from '../ims/session/media-session.js';
import type { Endpoint } from '../net/network.js';
import type { Timer } from '../platform/clock.js';
import type { Emitter } from '../platform/emitter.js';
import type { PlayoutFormat, PlayoutStream } from './audio/audio-engine.js';
import { CaptureEncoder } from './audio/capture-encoder.js';
import type { CapturePreroll } from './audio/capture-preroll.js';
import type { CodecDescription } from './codec.js';
import { findCodec } from './codec-registry.js';
import { isComfortNoise, PausingEncoder } from './codecs/comfort-noise.js';
import { isOpus, OPUS } from './codecs/opus.js';
import type { DeferredEncoder } from './deferred-codec.js';
import { DeferredPlayout } from './deferred-playout.js';
import { dtmfFrequencies } from './dtmf-frequencies.js';
import { opusWishes } from './payload/opus.js';
import { QualityMeter } from './quality/quality-meter.js';
import type { RtpMediaOptions } from './rtp-media-options.js';
import type { PortPair } from './rtp/port-pair.js';
import { RtpStream } from './rtp/rtp-stream.js';
import type { RtpPacket } from './rtp/rtp-packet.js';
import { eventOf, takesEvent, TelephoneEventReceiver, TelephoneEventSender } from './rtp/telephone-event.js';

/** ms without packets after which the flow counts as stopped. */
const FLOW_TIMEOUT = 5000;
const QUALITY_INTERVAL = 1000;
/** ms of a packet where the other side wishes nothing (RFC 3551 §4.2). */
const PTIME = 20;

export interface AudioCallOptions extends RtpMediaOptions {
  readonly ports: PortPair;
  /** Opened and closed by whoever makes the call. */
  readonly capture: CapturePreroll;
  readonly events: Emitter<MediaSessionEvents>;
}

export interface AudioCallSettings {
  readonly agreed: AgreedAudio;
  readonly rtp: Endpoint | null;
  readonly rtcp: Endpoint | null;
  /** We hold: silence instead of the microphone. */
  readonly held: boolean;
}

/** The running audio of a call: capture → encoder → RTP, RTP → playout, DTMF, quality. */
export class AudioCall {
  #stream: RtpStream | null = null;
  #codec: CodecDescription | null = null;
  #sendType = 0;
  #receiveType = -1;
  /** What we receive: clock rates by payload type, Hz. */
  #clockRates: ReadonlyMap<number, number> = new Map();
  #encoder: CaptureEncoder | null = null;
  #encoderKey = '';
  #playout: PlayoutStream | null = null;
  #playoutKey = '';
  /** What the other side receives events with, beside our codec. */
  #eventFormat: PayloadFormat | null = null;
  #eventTypes: ReadonlySet<number> = new Set();
  #strayTypes: ReadonlyMap<number, number> = new Map();
  /** Payload type of what describes our pauses. */
  #silenceType = 0;
  #sending = false;
  #receiving = false;
  #muted = false;
  #held = false;
  #flow = false;
  #lastPacket = 0;
  #timer: Timer | null = null;
  #meter: QualityMeter | null = null;
  #closed = false;
  readonly #eventSender = new TelephoneEventSender();
  readonly #eventReceiver: TelephoneEventReceiver;

  constructor(private readonly options: AudioCallOptions) {
    this.#eventReceiver = new TelephoneEventReceiver((tone, durationMs) => {
      options.events.emit('dtmf', { tone, durationMs });
    });
  }

  /** Takes what offer and answer agreed on, for the first time or again. */
  async configure({ agreed, rtp, rtcp, held }: AudioCallSettings): Promise<void> {
    const speech = agreed.formats
      .map((f) => ({ format: f, description: this.#describe(f.remote) }))
      .find((c) => c.description !== null);
    if (speech?.description == null) throw new MediaError('not-acceptable', 'no codec');
    const { description, format } = speech;
    await this.#openPlayout(agreed);
    const noise = agreed.formats.find(
      ({ remote }) => isComfortNoise(remote) && remote.clockRate === format.remote.clockRate,
    );
    const pauses = this.options.dtx === true && description.discontinuous !== true && noise !== undefined;
    const encoder = await this.#createEncoder(description, format.remote.fmtp ?? '', agreed, pauses);
    if (this.#closed) {
      encoder?.close();
      return;
    }
    this.#codec = description;
    this.#sendType = format.remote.payloadType;
    this.#silenceType = pauses ? noise.remote.payloadType : this.#sendType;
    this.#receiveType = format.local.payloadType;
    this.#clockRates = new Map(agreed.formats.map(({ local }) => [local.payloadType, local.clockRate]));
    const events = agreed.formats.filter(({ remote }) => remote.name.toLowerCase() === 'telephone-event');
    this.#eventTypes = new Set(events.map(({ local }) => local.payloadType));
    this.#strayTypes = strayTypes(agreed);
    // RFC 4733 §2.1: an event has the clock of the speech that it stands in for.
    this.#eventFormat = events.find(({ remote }) => remote.clockRate === format.remote.clockRate)?.remote ?? null;
    if (encoder !== null) {
      this.#encoder?.close();
      this.#encoder = encoder;
      this.#meter = new QualityMeter(description);
    }
    this.#sending = sends(agreed.direction);
    this.#receiving = receives(agreed.direction);
    this.#held = held;
    this.#updateMute();
    this.#stream ??= new RtpStream({
      ports: this.options.ports,
      clock: this.options.clock,
      random: this.options.random,
      onPacket: (packet) => this.#receive(packet),
    });
    this.#stream.setRemote(rtp, rtcp);
    this.options.capture.connect((frames, rate) => this.#encoder?.push(frames, rate));
    if (this.#timer === null) {
      this.#lastPacket = this.options.clock.now();
      this.#scheduleQuality();
    }
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#updateMute();
  }

  /** @param tones checked before @param duration @param gap ms */
  async sendDtmf(tones: string, duration: number, gap: number): Promise<void> {
    const rate = (this.#codec?.clockRate ?? 8000) / 1000;
    await Promise.all(
      Array.from(
        tones,
        (tone) =>
          new Promise<void>((resolve, reject) => {
            const event = eventOf(tone);
            const pair = dtmfFrequencies(tone);
            if (this.#closed || !this.#sending) reject(new MediaError('wrong-state', 'nothing is being sent'));
            else if (this.#eventFormat !== null && event !== null && takesEvent(this.#eventFormat.fmtp, event))
              this.#eventSender.queue(event, duration * rate, gap * rate, resolve);
            else if (pair !== null && this.#encoder !== null)
              this.#encoder.playTone(pair.low, pair.high, duration, gap, resolve);
            else reject(new MediaError('not-acceptable', 'no way to send tones'));
          }),
      ),
    );
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#playout?.close();
    this.#eventSender.clear();
    this.#encoder?.close();
    if (this.#stream !== null) this.#stream.close();
    else {
      this.options.ports.rtp.close();
      this.options.ports.rtcp.close();
    }
  }

  async #openPlayout(agreed: AgreedAudio): Promise<void> {
    const formats: PlayoutFormat[] = agreed.formats.map(({ local }) => ({
      payloadType: local.payloadType,
      name: local.name,
      clockRate: local.clockRate,
      fmtp: local.fmtp ?? '',
    }));
    const key = JSON.stringify(formats);
    if (key === this.#playoutKey) return;
    const opened = await this.options.audio.openPlayout(formats);
    const opus = formats.filter(isOpus).map(({ payloadType }) => payloadType);
    const playout =
      this.options.opus == null || opus.length === 0 ? opened : new DeferredPlayout(opened, this.options.opus, opus);
    if (this.#closed) {
      playout.close();
      return;
    }
    this.#playout?.close();
    this.#playout = playout;
    this.#playoutKey = key;
  }

  /** @param pauses described by comfort noise @returns null where the one in use is the right one */
  async #createEncoder(
    description: CodecDescription,
    fmtp: string,
    agreed: AgreedAudio,
    pauses: boolean,
  ): Promise<CaptureEncoder | null> {
    const { name, frameMs, clockRate, sampleRate, maxFramesPerPacket } = description;
    const most = Math.min(120, (maxFramesPerPacket ?? 12) * frameMs);
    // RFC 8866 §6.4: what the other side likes to receive, and the most that it takes.
    const wished = Math.max(frameMs, Math.min(agreed.ptime ?? PTIME, agreed.maxptime ?? most, most));
    const key = `${name} ${clockRate} ${fmtp} ${wished} ${pauses}`;
    if (key === this.#encoderKey) return null;
    this.#encoderKey = key;
    const span = clockRate / sampleRate;
    const send = (payload: Uint8Array, samples: number, silent: boolean): void =>
      this.#send(payload, samples * span, silent);
    const entry = findCodec(name, clockRate);
    if (entry !== undefined) {
      const { modules, dtx } = this.options;
      const encoder = entry.instantiate(await modules.get(entry.wasm)).createEncoder(fmtp, wished, dtx);
      const frames = Math.max(1, Math.floor((wished * sampleRate) / 1000 / encoder.frameSamples));
      const packet = frames * encoder.frameSamples;
      const pausing = pauses
        ? new PausingEncoder(await modules.get('comfort-noise'), encoder, sampleRate, packet)
        : encoder;
      return new CaptureEncoder(pausing, sampleRate, packet, send);
    }
    const { opus, dtx } = this.options;
    if (opus == null) throw new MediaError('not-acceptable', 'no Opus here');
    const encoder: DeferredEncoder = opus.createEncoder(opusWishes(fmtp, dtx === true), wished, (payload) =>
      send(payload, encoder.frameSamples, false),
    );
    return new CaptureEncoder(encoder, sampleRate, encoder.frameSamples, send);
  }

  #describe(format: PayloadFormat): CodecDescription | null {
    if (isOpus(format)) return this.options.opus == null ? null : OPUS;
    return findCodec(format.name, format.clockRate)?.description ?? null;
  }

  #updateMute(): void {
    if (this.#encoder !== null) this.#encoder.muted = this.#muted || this.#held;
  }

  /** One packet time of captured sound. */
  #send(payload: Uint8Array, span: number, silent: boolean): void {
    const stream = this.#stream;
    if (stream === null) return;
    if (!this.#sending) {
      stream.skip(span);
      stream.pause();
      return;
    }
    const type = this.#eventFormat?.payloadType;
    const events = type === undefined ? null : this.#eventSender.tick(stream.timestamp, span);
    if (events === null || type === undefined) {
      if (!silent && payload.length > 0) {
        stream.send(this.#sendType, payload, span);
        return;
      }
      // Discontinuous transmission: a description of silence, without the marker (RFC 3389 §4), or nothing at all.
      if (payload.length > 0) stream.sendEvent(this.#silenceType, payload, stream.timestamp, false);
      stream.skip(span);
      stream.pause();
      return;
    }
    for (const event of events) stream.sendEvent(type, event.payload, event.timestamp, event.marker);
    stream.skip(span);
  }

  #receive(received: RtpPacket): void {
    const now = this.options.clock.now();
    const meant = this.#strayTypes.get(received.payloadType);
    const packet = meant === undefined ? received : { ...received, payloadType: meant };
    const { payloadType } = packet;
    const isEvent = this.#eventTypes.has(payloadType);
    const clockRate = this.#clockRates.get(payloadType);
    this.#stream?.reception?.update(packet, now, clockRate, !isEvent);
    this.#lastPacket = now;
    if (!this.#flow) this.#setFlow(true);
    if (payloadType === this.#receiveType) this.#encoder?.receive(packet.payload);
    if (isEvent) this.#eventReceiver.receive(packet.timestamp, packet.payload, now, clockRate);
    if (this.#receiving) this.#playout?.push(packet);
  }

  #scheduleQuality(): void {
    this.#timer = this.options.clock.setTimeout(QUALITY_INTERVAL, () => {
      const now = this.options.clock.now();
      this.#eventReceiver.poll(now);
      if (this.#flow && this.#receiving && now - this.#lastPacket >= FLOW_TIMEOUT) this.#setFlow(false);
      const stream = this.#stream;
      if (stream !== null && this.#meter !== null) {
        this.options.events.emit(
          'quality',
          this.#meter.read(stream, this.#playout?.statistics() ?? null, this.#encoder?.level() ?? 0, this.#receiving),
        );
      }
      if (!this.#closed) this.#scheduleQuality();
    });
  }

  #setFlow(receiving: boolean): void {
    this.#flow = receiving;
    this.options.events.emit('flow', { receiving });
  }
}

/**
 * RFC 3264 §5.1 and §6.1 have the other side send by the numbers that we gave. Some send by those that they gave
 * themselves, in an answer whose numbers differ from the offer's: taken for ours where ours do not say otherwise.
 *
 * @returns payload type of ours by the payload type of theirs
 */
function strayTypes(agreed: AgreedAudio): Map<number, number> {
  const ours = new Set(agreed.formats.map(({ local }) => local.payloadType));
  return new Map(
    agreed.formats.flatMap(({ local, remote }) =>
      ours.has(remote.payloadType) ? [] : [[remote.payloadType, local.payloadType]],
    ),
  );
}
