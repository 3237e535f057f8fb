import type { Endpoint } from '../../net/network.js';
import type { Clock, Timer } from '../../platform/clock.js';
import { randomToken, randomUint32, type Random } from '../../platform/random.js';
import type { PortPair } from './port-pair.js';
import { Reception } from './reception.js';
import { RtcpSession } from './rtcp-session.js';
import { looksLikeRtcp, parseRtp, printRtp, type RtpPacket } from './rtp-packet.js';
import { SourceLatch } from './source-latch.js';

/** Mean RTCP interval, ms (RFC 3550 §6.2). */
const RTCP_INTERVAL = 5000;
const NO_CSRCS: readonly number[] = [];

export interface RtpStreamOptions {
  readonly ports: PortPair;
  readonly clock: Clock;
  readonly random: Random;
  /** A packet of the call's source. */
  readonly onPacket: (packet: RtpPacket) => void;
}

/** The RTP session of one call: sockets, sequence numbers, timestamps, source checks, RTCP. */
export class RtpStream {
  readonly latch = new SourceLatch();
  readonly rtcp: RtcpSession;
  reception: Reception | null = null;
  packetsSent = 0;
  /** Datagrams that were no RTP or RTCP of the call. */
  dropped = 0;
  readonly #ssrc: number;
  #sequence: number;
  #timestamp: number;
  #octetsSent = 0;
  #talking = false;
  #rtcpTo: Endpoint | null = null;
  #timer: Timer | null = null;
  #closed = false;

  constructor(private readonly options: RtpStreamOptions) {
    const { ports, random } = options;
    this.#ssrc = randomUint32(random);
    this.#sequence = randomUint32(random) & 0xffff;
    this.#timestamp = randomUint32(random);
    this.rtcp = new RtcpSession(this.#ssrc, randomToken(random, 16));
    ports.rtp.onMessage = (data, from) =>
      looksLikeRtcp(data) ? this.#receiveRtcp(data, from) : this.#receiveRtp(data, from);
    ports.rtcp.onMessage = (data, from) => this.#receiveRtcp(data, from);
  }

  /** Where the other end receives; null: nowhere (hold of RFC 2543). */
  setRemote(rtp: Endpoint | null, rtcp: Endpoint | null): void {
    this.latch.expect(rtp);
    this.#rtcpTo = rtcp;
    if (this.#timer === null && !this.#closed) this.#scheduleReport(0.5);
  }

  /** RTP timestamp of the next packet. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /** Sends a payload; the timeline moves on by `span`. */
  send(payloadType: number, payload: Uint8Array, span: number): void {
    this.#transmit(payloadType, payload, this.#timestamp, !this.#talking);
    this.skip(span);
    this.#talking = true;
  }

  /** Sends a telephone-event, or a description of silence, beside the timeline. */
  sendEvent(payloadType: number, payload: Uint8Array, timestamp: number, marker: boolean): void {
    this.#transmit(payloadType, payload, timestamp, marker);
  }

  /** Time passes without a packet. */
  skip(span: number): void {
    this.#timestamp = (this.#timestamp + span) >>> 0;
  }

  /** Nothing is sent for a while: the next packet begins a talkspurt (RFC 3551 §4.1). */
  pause(): void {
    this.#talking = false;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    if (this.packetsSent > 0 || this.reception !== null) this.#sendRtcp(this.rtcp.bye());
    this.options.ports.rtp.close();
    this.options.ports.rtcp.close();
  }

  #transmit(payloadType: number, payload: Uint8Array, timestamp: number, marker: boolean): void {
    const to = this.latch.destination;
    if (to === null || this.#closed) return;
    const packet = printRtp({
      marker,
      payloadType,
      sequenceNumber: this.#sequence,
      timestamp,
      ssrc: this.#ssrc,
      csrcs: NO_CSRCS,
      extension: null,
      payload,
    });
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.packetsSent += 1;
    this.#octetsSent += payload.length;
    this.options.ports.rtp.send(packet, to);
  }

  #receiveRtp(data: Uint8Array, from: Endpoint): void {
    const { clock } = this.options;
    const packet = parseRtp(data);
    // RFC 3550 §8.2: our own SSRC coming back is a loop.
    if (
      this.#closed ||
      packet === null ||
      packet.ssrc === this.#ssrc ||
      !this.latch.admit(from, packet.ssrc, packet.sequenceNumber, clock.now())
    ) {
      this.dropped += 1;
      return;
    }
    if (this.reception?.ssrc !== packet.ssrc) this.reception = new Reception(packet.ssrc, packet.sequenceNumber);
    this.options.onPacket(packet);
  }

  #receiveRtcp(data: Uint8Array, from: Endpoint): void {
    const { clock } = this.options;
    const known = from.address === this.latch.destination?.address || from.address === this.#rtcpTo?.address;
    if (this.#closed || !known || !this.rtcp.receive(data, this.latch.ssrc, clock.now(), clock.wallTime()))
      this.dropped += 1;
  }

  #scheduleReport(factor: number): void {
    const { clock, random } = this.options;
    // RFC 3550 §6.2: 0.5 to 1.5 of the interval, so that reports do not march in step.
    const wait = RTCP_INTERVAL * factor * (0.5 + randomUint32(random) / 2 ** 32);
    this.#timer = clock.setTimeout(wait, () => {
      const sent = { packets: this.packetsSent, octets: this.#octetsSent, timestamp: this.#timestamp };
      this.#sendRtcp(this.rtcp.report(sent, this.reception, clock.now(), clock.wallTime()));
      this.#scheduleReport(1);
    });
  }

  #sendRtcp(data: Uint8Array): void {
    if (this.#rtcpTo !== null) this.options.ports.rtcp.send(data, this.#rtcpTo);
  }
}
