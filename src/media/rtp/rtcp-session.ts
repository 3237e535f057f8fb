import { middle, ntpTime } from './ntp.js';
import type { Reception } from './reception.js';
import { parseRtcp, printRtcp, type ReportBlock, type RtcpPacket } from './rtcp-packet.js';

/** What we sent so far. */
export interface SendCounters {
  readonly packets: number;
  readonly octets: number;
  /** RTP timestamp of this instant. */
  readonly timestamp: number;
}

/** RTCP of one call: makes our reports, reads theirs (RFC 3550 §6). */
export class RtcpSession {
  #lastSr = 0;
  #lastSrAt = 0;
  /** ms, of the last report that allowed to tell; null before. */
  roundTrip: number | null = null;
  /** Part of our packets that did not arrive, 0..1, of their last report. */
  lossSent = 0;

  constructor(
    readonly ssrc: number,
    private readonly cname: string,
  ) {}

  /** A compound packet: SR if we sent anything, else RR, and SDES. @param now @param wallTime ms */
  report(sent: SendCounters, reception: Reception | null, now: number, wallTime: number): Uint8Array {
    const reports = reception === null ? [] : [this.#block(reception, now)];
    const head: RtcpPacket =
      sent.packets === 0
        ? { type: 'RR', ssrc: this.ssrc, reports }
        : {
            type: 'SR',
            ssrc: this.ssrc,
            ntp: ntpTime(wallTime),
            rtpTimestamp: sent.timestamp,
            packetCount: sent.packets,
            octetCount: sent.octets,
            reports,
          };
    return printRtcp([head, this.#description()]);
  }

  /** Says goodbye (RFC 3550 §6.6). */
  bye(): Uint8Array {
    return printRtcp([
      { type: 'RR', ssrc: this.ssrc, reports: [] },
      this.#description(),
      { type: 'BYE', ssrcs: [this.ssrc], reason: null },
    ]);
  }

  /** @param remote SSRC whose reports count; null: any @returns false for octets that are no RTCP */
  receive(data: Uint8Array, remote: number | null, now: number, wallTime: number): boolean {
    const packets = parseRtcp(data);
    if (packets === null) return false;
    for (const packet of packets) {
      if ((packet.type !== 'SR' && packet.type !== 'RR') || (remote !== null && packet.ssrc !== remote)) continue;
      if (packet.type === 'SR') {
        this.#lastSr = middle(packet.ntp);
        this.#lastSrAt = now;
      }
      for (const block of packet.reports) if (block.ssrc === this.ssrc) this.#read(block, wallTime);
    }
    return true;
  }

  #block(reception: Reception, now: number): ReportBlock {
    const delay = this.#lastSr === 0 ? 0 : Math.min(0xffffffff, Math.round(((now - this.#lastSrAt) * 65_536) / 1000));
    return reception.report(this.#lastSr, delay);
  }

  #read(block: ReportBlock, wallTime: number): void {
    this.lossSent = block.fractionLost / 256;
    if (block.lastSr === 0) return;
    // RFC 3550 §6.4.1: A - LSR - DLSR, in 1/65536 s, modulo 2^32.
    const elapsed = (middle(ntpTime(wallTime)) - block.lastSr - block.delaySinceLastSr) | 0;
    if (elapsed >= 0 && elapsed < 65_536 * 30) this.roundTrip = (elapsed * 1000) / 65_536;
  }

  #description(): RtcpPacket {
    return { type: 'SDES', chunks: [{ ssrc: this.ssrc, items: [{ kind: 1, text: this.cname }] }] };
  }
}
