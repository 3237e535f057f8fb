import { findCodec } from '../codec-registry.js';
import { emptyJitterStatistics, JitterBuffer, type JitterOptions } from './jitter-buffer.js';
import type { TracePacket } from './trace.js';

/** Sound was made up for this long at a stretch. */
export interface Interruption {
  /** ms on the trace's clock. */
  readonly startMs: number;
  readonly durationMs: number;
}

/** What a trace did to the sound. */
export interface TraceResult {
  readonly packets: number;
  /** Numbers between the least and the greatest that never came. */
  readonly neverArrived: number;
  /** Given up by the buffer: never arrived, or too late. */
  readonly lost: number;
  readonly late: number;
  readonly duplicates: number;
  readonly resets: number;
  /** From sending (number times packet time) to playout, less the way of the fastest packet of the first 10 s. */
  readonly meanDelayMs: number;
  readonly p50DelayMs: number;
  readonly p95DelayMs: number;
  readonly p99DelayMs: number;
  readonly maxDelayMs: number;
  /** The same, less the way of the fastest packet of the 10 s around: what clock drift and new routes add is left out. */
  readonly meanDelayAboveFastestMs: number;
  /** From a packet's arrival to its playout. */
  readonly meanWaitMs: number;
  /** Per cent of what was played between the first and the last arrival. */
  readonly concealedPercent: number;
  /** Pauses of the sender. */
  readonly silentPercent: number;
  /** Sound taken out and put in: by pitch periods and by resampling. */
  readonly stretchPercent: number;
  readonly acceleratedPercent: number;
  readonly deceleratedPercent: number;
  readonly resampledPercent: number;
  /** Made-up sound of 150 ms and more. */
  readonly interruptionCount: number;
  readonly interruptions: readonly Interruption[];
  /** CPU, decoding of G.711 included. */
  readonly cpuMicrosecondsPer10ms: number;
}

export interface TraceOptions extends Partial<JitterOptions> {
  /** ms of sound in a packet. Default 20. */
  readonly ptime?: number;
  /** Gets each 10 ms of what is heard. */
  readonly onSound?: (block: Float32Array) => void;
}

/** ms between pulls, and their samples at 8 kHz. */
const PULL = 10;
const BLOCK = 80;
const RATE = 8000;
const WINDOW = 10_000;

/**
 * Plays a trace of G.711 packets through the buffer, pulled every 10 ms.
 * @param packets by arrival
 * @param voice the speech that is sent, 8 kHz, -1..1; repeats
 */
export function playTrace(
  packets: readonly TracePacket[],
  modules: { readonly g711: WebAssembly.Module; readonly jitter: WebAssembly.Module },
  voice: Float32Array,
  options: TraceOptions = {},
  cpuNow: () => number = () => 0,
): TraceResult {
  const { ptime = 20, onSound } = options;
  const samples = ptime * 8;
  const codec = findCodec('PCMA', RATE)?.instantiate(modules.g711);
  if (codec === undefined) throw new Error('no G.711');
  const buffer = new JitterBuffer(modules.jitter, { sampleRate: RATE, clockRate: RATE, ...options });
  const decoders = [];
  decoders[8] = codec.createDecoder('');
  const speech = encode(voice);
  const payload = new Uint8Array(samples);
  const out = new Float32Array(BLOCK);
  const ways = new Ways(packets, ptime);
  const delays: number[] = [];
  let aboveFastest = 0;
  let waits = 0;
  let waited = 0;
  const interruptions: Interruption[] = [];
  const statistics = emptyJitterStatistics();
  let before = 0;
  let next = 0;
  let newest = 0;
  let lastPlayed = -1;
  let busy = 0;
  const first = packets[0]?.arrival ?? 0;
  const last = packets[packets.length - 1]?.arrival ?? 0;
  for (let now = Math.ceil(first / PULL) * PULL; now <= last; now += PULL) {
    const begun = cpuNow();
    for (let p = packets[next]; p !== undefined && p.arrival <= now; p = packets[(next += 1)]) {
      const from = (p.sequence * samples) % speech.length;
      for (let i = 0; i < samples; i += 1) payload[i] = speech[(from + i) % speech.length] ?? 0;
      newest = p.sequence;
      buffer.insert(p.sequence % 65_536, ((p.sequence * samples) % 2 ** 32) | 0, 8, payload, p.arrival);
    }
    buffer.pull(out, BLOCK, decoders, now);
    busy += cpuNow() - begun;
    onSound?.(out);
    buffer.read(statistics);
    const made = statistics.samplesConcealed - before;
    before = statistics.samplesConcealed;
    if (statistics.interruptions > interruptions.length) {
      interruptions.push({ startMs: now - buffer.interruption, durationMs: buffer.interruption });
    }
    if (made > 0 || !buffer.playing) continue;
    // ms of sending time of the sample that will be heard when this block ends
    const position = (newest * samples + ((buffer.playoutTimestamp - ((newest * samples) % 2 ** 32)) | 0)) / 8;
    const delay = now + PULL - position;
    delays.push(delay - ways.first);
    aboveFastest += delay - ways.around(position);
    const packet = Math.floor(position / ptime);
    if (packet !== lastPlayed) {
      lastPlayed = packet;
      const arrival = ways.arrivals.get(packet);
      if (arrival !== undefined) {
        waits += packet * ptime + delay - arrival;
        waited += 1;
      }
    }
  }
  const played = Math.max(1, statistics.samplesPlayed);
  const percent = (count: number): number => (100 * count) / played;
  const sorted = Float64Array.from(delays).sort();
  const quantile = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  const { samplesAccelerated, samplesDecelerated, samplesResampled } = statistics;
  return {
    packets: packets.length,
    neverArrived: ways.missing,
    lost: statistics.packetsLost,
    late: statistics.packetsLate,
    duplicates: statistics.packetsDuplicate,
    resets: statistics.resets,
    meanDelayMs: delays.reduce((sum, d) => sum + d, 0) / Math.max(1, delays.length),
    p50DelayMs: quantile(0.5),
    p95DelayMs: quantile(0.95),
    p99DelayMs: quantile(0.99),
    maxDelayMs: quantile(1),
    meanDelayAboveFastestMs: aboveFastest / Math.max(1, delays.length),
    meanWaitMs: waits / Math.max(1, waited),
    concealedPercent: percent(statistics.samplesConcealed),
    silentPercent: percent(statistics.samplesSilent),
    stretchPercent: percent(samplesAccelerated + samplesDecelerated + samplesResampled),
    acceleratedPercent: percent(samplesAccelerated),
    deceleratedPercent: percent(samplesDecelerated),
    resampledPercent: percent(samplesResampled),
    interruptionCount: interruptions.length,
    interruptions,
    cpuMicrosecondsPer10ms: (busy * 1000) / (played / BLOCK),
  };

  /** The whole voice in A-law, so that encoding costs nothing while the buffer is timed. */
  function encode(pcm: Float32Array): Uint8Array {
    const encoder = codec?.createEncoder('');
    if (encoder === undefined) return new Uint8Array(1);
    const octets = new Uint8Array(Math.max(1, Math.floor(pcm.length / encoder.frameSamples)) * encoder.frameSamples);
    for (let at = 0; at < octets.length; at += encoder.frameSamples) {
      for (let i = 0; i < encoder.frameSamples; i += 1) encoder.input[i] = Math.round((pcm[at + i] ?? 0) * 32_767);
      octets.set(encoder.output.subarray(0, encoder.encode()), at);
    }
    return octets;
  }
}

/** How long the packets of a trace were under way, ms on the trace's scale. */
class Ways {
  /** First arrival by number. */
  readonly arrivals = new Map<number, number>();
  /** Least way of the first 10 s. */
  readonly first: number;
  readonly missing: number;
  readonly #fastest: number[] = [];

  constructor(packets: readonly TracePacket[], ptime: number) {
    let least = Infinity;
    let greatest = -Infinity;
    for (const { sequence, arrival } of packets) {
      least = Math.min(least, sequence);
      greatest = Math.max(greatest, sequence);
      const sent = sequence * ptime;
      const window = Math.floor(sent / WINDOW);
      this.#fastest[window] = Math.min(this.#fastest[window] ?? Infinity, arrival - sent);
      if (!this.arrivals.has(sequence)) this.arrivals.set(sequence, arrival);
    }
    let first = Infinity;
    for (const { sequence, arrival } of packets)
      if (sequence * ptime < least * ptime + WINDOW) first = Math.min(first, arrival - sequence * ptime);
    this.first = first;
    this.missing = packets.length === 0 ? 0 : greatest - least + 1 - this.arrivals.size;
  }

  /** Least way within the 10 s of `sent`; of the first 10 s where nothing came. */
  around(sent: number): number {
    return this.#fastest[Math.floor(sent / WINDOW)] ?? this.first;
  }
}
