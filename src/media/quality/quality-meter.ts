import type { CallQuality } from '../../ims/snapshot.js';
import type { PlayoutStatistics } from '../audio/audio-engine.js';
import type { CodecDescription } from '../codec.js';
import type { RtpStream } from '../rtp/rtp-stream.js';
import { meanOpinionScore } from './e-model.js';

/** Delay outside of network and jitter buffer: packet time, resampling, sound card, ms. */
const TERMINAL_DELAY = 40;

/** Turns counters into the figures of the last interval. */
export class QualityMeter {
  #expected = 0;
  #received = 0;
  #played = 0;
  #concealed = 0;
  #ssrc: number | null = null;
  #wasReceiving = false;

  constructor(private readonly codec: CodecDescription) {}

  /**
   * @param inputLevel peak since the last call, 0..1
   * @param receiving what is missing while nothing should come (hold), or before it comes again, is no loss
   */
  read(stream: RtpStream, playout: PlayoutStatistics | null, inputLevel: number, receiving: boolean): CallQuality {
    const counts = receiving && this.#wasReceiving;
    this.#wasReceiving = receiving;
    const { reception, rtcp } = stream;
    if (reception !== null && reception.ssrc !== this.#ssrc) {
      this.#ssrc = reception.ssrc;
      this.#expected = 0;
      this.#received = 0;
    }
    const expected = (reception?.expected ?? 0) - this.#expected;
    const received = (reception?.received ?? 0) - this.#received;
    this.#expected += expected;
    this.#received += received;
    const lossReceived = counts && expected > 0 ? Math.max(0, Math.min(1, 1 - received / expected)) : 0;
    const played = (playout?.samplesPlayed ?? 0) - this.#played;
    const concealed = (playout?.samplesConcealed ?? 0) - this.#concealed;
    this.#played += played;
    this.#concealed += concealed;
    const concealedRatio = counts && played > 0 ? Math.max(0, Math.min(1, concealed / played)) : 0;
    const playoutDelayMs = Math.max(0, playout?.currentDelay ?? 0);
    const delay = (rtcp.roundTrip ?? 0) / 2 + playoutDelayMs + TERMINAL_DELAY;
    return {
      codec: this.codec.name,
      clockRate: this.codec.clockRate,
      packetsSent: stream.packetsSent,
      packetsReceived: reception?.received ?? 0,
      lossReceived,
      lossSent: rtcp.lossSent,
      jitterMs: reception?.jitter ?? 0,
      roundTripMs: rtcp.roundTrip,
      playoutDelayMs,
      concealedRatio,
      mos: meanOpinionScore({
        delay,
        loss: Math.max(lossReceived, concealedRatio),
        ie: this.codec.ie,
        bpl: this.codec.bpl,
        wideband: this.codec.sampleRate >= 16_000,
      }),
      inputLevel,
      outputLevel: Math.min(1, playout?.level ?? 0),
    };
  }
}
