/** One packet of a recorded arrival trace. */
export interface TracePacket {
  /** Counts packets of one stream; need not begin at 0, may have gaps, repeat and be out of order. */
  readonly sequence: number;
  /** ms */
  readonly arrival: number;
}

export type TraceReading =
  | { readonly ok: true; readonly packets: TracePacket[] }
  | { readonly ok: false; readonly line: number; readonly reason: 'no-number' | 'no-arrival' | 'too-long' | 'empty' };

const MOST_PACKETS = 10_000_000;
/** A day in ms: what a trace may last. */
const LONGEST = 86_400_000;
/** A packet that never came may be written down or left out. */
const LOST = /^(lost|nan|[+-]?inf(inity)?|-)$/i;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

/**
 * Reads lines of `packet-number arrival-ms`, parted by blanks, tabs, a comma or a semicolon; what stands behind is left out,
 * as are empty lines, comments (`#`, `//`, `;`), one line of headings and packets whose arrival is `lost`, `nan`, `inf` or `-`.
 * Any line end. Sorted by arrival; numbers that begin again after 65,535 are counted on.
 */
export function readTrace(text: string): TraceReading {
  const packets: TracePacket[] = [];
  let headings = true;
  let number = 0;
  for (const raw of lines(text)) {
    number += 1;
    const line = raw.trim();
    if (line === '' || /^(#|\/\/|;)/.test(line)) continue;
    const [first = '', second = ''] = line.split(/[\s,;]+/, 2);
    if (!/^\d{1,10}$/.test(first)) {
      if (headings && /^[a-z_"]/i.test(line)) {
        headings = false;
        continue;
      }
      return { ok: false, line: number, reason: 'no-number' };
    }
    headings = false;
    if (LOST.test(second)) continue;
    const arrival = DECIMAL.test(second) ? Number(second) : NaN;
    if (!(Math.abs(arrival) < 1e13)) return { ok: false, line: number, reason: 'no-arrival' };
    if (packets.length === MOST_PACKETS) return { ok: false, line: number, reason: 'too-long' };
    packets.push({ sequence: Number(first), arrival });
  }
  packets.sort((a, b) => a.arrival - b.arrival);
  const [begin, end] = [packets[0], packets[packets.length - 1]];
  if (begin === undefined || end === undefined) return { ok: false, line: number, reason: 'empty' };
  if (end.arrival - begin.arrival > LONGEST) return { ok: false, line: number, reason: 'too-long' };
  return { ok: true, packets: unwrap(packets) };
}

/** RFC 3550 §5.1: sequence numbers have 16 bits. A trace of them goes on from 65,535 to 0. */
function unwrap(packets: TracePacket[]): TracePacket[] {
  let newest = packets[0]?.sequence ?? 0;
  let wraps = false;
  for (const { sequence } of packets) {
    if (sequence > 65_535) return packets;
    if (newest - sequence > 32_768) wraps = true;
    newest = sequence;
  }
  if (!wraps) return packets;
  newest = packets[0]?.sequence ?? 0;
  return packets.map(({ sequence, arrival }) => {
    const extended = newest + (((sequence - newest) << 16) >> 16);
    newest = Math.max(newest, extended);
    return { sequence: Math.max(0, extended), arrival };
  });
}

/** Line by line, without an array of all. */
function* lines(text: string): Generator<string> {
  const end = /\r\n|\n|\r/g;
  let from = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let match = end.exec(text); match !== null; match = end.exec(text)) {
    yield text.slice(from, match.index);
    from = end.lastIndex;
  }
  if (from < text.length) yield text.slice(from);
}
