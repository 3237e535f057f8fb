import { findCodec } from '../codec-registry.js';
import { emptyJitterStatistics, JitterBuffer, type JitterOptions } from './jitter-buffer.js';

/** One packet of a recorded arrival trace. */
export interface TracePacket {
  readonly sequence: number;
  /** ms */
  readonly arrival: number;
}

/** What a trace did to the sound. Delays run from the arrival of the fastest packet within 10 s to playout, ms. */
export interface TraceResult {
  readonly packets: number;
  readonly meanDelay: number;
  /** From the packet's own arrival to its playout. */
  readonly meanWait: number;
  readonly p50Delay: number;
  readonly p95Delay: number;
  readonly p99Delay: number;
  /** Per cent of the samples played between the first and the last packet. */
  readonly concealed: number;
  readonly stretched: number;
  readonly late: number;
  readonly lost: number;
  /** Concealed stretches of 150 ms and more. */
  readonly interruptions: number;
  /** µs of CPU per 10 ms of sound, decoding included. */
  readonly cpu: number;
}

/** Reads lines of `packet-number arrival-ms`; others are left out. At most 10 million. */
export function parseTrace(text: string): TracePacket[] {
  const packets: TracePacket[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*(\d{1,9})\s+(\d+(?:\.\d+)?)\s*$/.exec(line);
    if (match !== null && packets.length < 1e7) packets.push({ sequence: Number(match[1]), arrival: Number(match[2]) });
  }
  return packets.sort((a, b) => a.arrival - b.arrival);
}

/**
 * Plays a trace of G.711 packets through the buffer, pulled every 10 ms.
 * @param voice the speech that is sent, 8 kHz, -1..1; repeats
 */
export function runTrace(
  packets: readonly TracePacket[],
  modules: { readonly g711: WebAssembly.Module; readonly jitter: WebAssembly.Module },
  voice: Float32Array,
  options: Partial<JitterOptions> & { readonly ptime?: number } = {},
  cpuNow: () => number = () => 0,
): TraceResult {
  const { ptime = 20 } = options;
  const samples = ptime * 8;
  const codec = findCodec('PCMA', 8000)?.instantiate(modules.g711);
  if (codec === undefined) throw new Error('no G.711');
  const buffer = new JitterBuffer(modules.jitter, { sampleRate: 8000, clockRate: 8000, ...options });
  const encoder = codec.createEncoder('');
  const decoders = [];
  decoders[8] = codec.createDecoder('');
  const payload = new Uint8Array(samples);
  const out = new Float32Array(80);
  const first = packets[0]?.sequence ?? 0;
  const { earliest, arrivals } = describeArrivals(packets, ptime);
  const last = packets[packets.length - 1]?.arrival ?? 0;
  const delays: number[] = [];
  let waits = 0;
  const statistics = emptyJitterStatistics();
  let next = 0;
  let busy = 0;
  let silentAtStart = 0;
  for (let now = packets[0]?.arrival ?? 0; now <= last; now += 10) {
    const begun = cpuNow();
    for (let p = packets[next]; p !== undefined && p.arrival <= now; p = packets[(next += 1)]) {
      encode(p.sequence);
      buffer.insert(p.sequence & 0xffff, (p.sequence * samples) >>> 0, 8, payload, p.arrival);
    }
    const before = buffer.position;
    buffer.pull(out, 80, decoders, now);
    const after = buffer.position;
    busy += cpuNow() - begun;
    if (delays.length === 0 && after === 0) silentAtStart += 80;
    // Packets whose first sample was decoded in this pull.
    for (let sample = before; sample < after; sample += samples) {
      const sequence = first + Math.floor(sample / samples);
      const sent = sequence * ptime;
      delays.push(now - sent - (earliest[Math.floor(sent / 10_000)] ?? 0));
      waits += now - (arrivals.get(sequence) ?? now);
    }
  }
  buffer.read(statistics);
  const played = Math.max(1, statistics.samplesPlayed - silentAtStart);
  const sorted = delays.toSorted((a, b) => a - b);
  const quantile = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  return {
    packets: packets.length,
    meanDelay: delays.reduce((sum, d) => sum + d, 0) / Math.max(1, delays.length),
    meanWait: waits / Math.max(1, delays.length),
    p50Delay: quantile(0.5),
    p95Delay: quantile(0.95),
    p99Delay: quantile(0.99),
    concealed: (100 * statistics.samplesConcealed) / played,
    stretched: (100 * (statistics.samplesAccelerated + statistics.samplesDecelerated)) / played,
    late: statistics.packetsLate,
    lost: statistics.packetsLost,
    interruptions: statistics.interruptions,
    cpu: (busy * 1000) / (played / 80),
  };

  function encode(sequence: number): void {
    for (let i = 0; i < samples; i += encoder.frameSamples) {
      for (let k = 0; k < encoder.frameSamples; k += 1) {
        encoder.input[k] = Math.round((voice[(sequence * samples + i + k) % voice.length] ?? 0) * 32767);
      }
      const octets = encoder.encode();
      payload.set(encoder.output.subarray(0, octets), i);
    }
  }
}

/** The least transit time within each 10 s of sending, and when each packet came. */
function describeArrivals(
  packets: readonly TracePacket[],
  ptime: number,
): { earliest: number[]; arrivals: Map<number, number> } {
  const earliest: number[] = [];
  const arrivals = new Map<number, number>();
  for (const { sequence, arrival } of packets) {
    const sent = sequence * ptime;
    const window = Math.floor(sent / 10_000);
    earliest[window] = Math.min(earliest[window] ?? Infinity, arrival - sent);
    if (!arrivals.has(sequence)) arrivals.set(sequence, arrival);
  }
  return { earliest, arrivals };
}
