import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { ipFamily } from '../../../src/net/ip-address.js';

/** RFC 4303: protocol number of ESP; ICMPv6 finds neighbours, which no policy of ours is about. */
const ESP = 50;
const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;
/** RFC 8200 §4.5: fragment header. */
const FRAGMENT = 44;

export interface CapturedPacket {
  /** ms since 1970 */
  readonly time: number;
  readonly protocol: number;
  readonly from: string;
  readonly to: string;
  /** 0 with what has none: ESP, and the later fragments of a datagram. */
  readonly fromPort: number;
  readonly toPort: number;
  /** Of UDP and TCP: what they carry. Of others: all of it. */
  readonly payload: Uint8Array;
}

/** What passed between a UE and its peer within some time. */
export interface Passed {
  /** Packets of ESP. */
  readonly esp: number;
  /** First 401 in clear, or null. */
  readonly challenge: CapturedPacket | null;
  /** What carried something in clear after that; from the start if there was none. */
  readonly clear: readonly string[];
}

/** Everything on a wire, in a file that grows. */
export class Capture {
  readonly #file: string;
  readonly #child: ChildProcess;

  private constructor(namespace: string, device: string) {
    this.#file = `/tmp/${namespace}-${Date.now()}.pcap`;
    const args = ['-U', '--immediate-mode', '-Z', 'root', '-n', '-i', device, '-w', this.#file, 'ip or ip6'];
    this.#child = spawn('ip', ['netns', 'exec', namespace, 'tcpdump', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  /** @param device by default the one that is called like its namespace */
  static async start(namespace: string, device = namespace): Promise<Capture> {
    const capture = new Capture(namespace, device);
    await new Promise<void>((resolve, reject) => {
      capture.#child.stderr?.on('data', (text: Buffer) => text.toString().includes('listening') && resolve());
      capture.#child.once('exit', () => reject(new Error('tcpdump did not start')));
    });
    return capture;
  }

  /**
   * What passed between a UE and `peer`. Times are ms since 1970.
   *
   * @param left when the UE sent its last REGISTER: what the peer sends in clear after that, to a port that is closed
   * soon, and what the kernel says to it, are the peer's doing
   * @param ports of the UE in this life: what the peer still sends to those of an earlier one is its doing too
   */
  async since(start: number, peer: string, left = Infinity, ports: ReadonlySet<number> | null = null): Promise<Passed> {
    const packets = (await this.all(start)).filter(({ from, to }) => from === peer || to === peer);
    const first = packets.findIndex(({ payload }) => text(payload).startsWith('SIP/2.0 401'));
    const clear = packets.slice(first + 1).filter(({ time, protocol, from, toPort, payload }) => {
      if (time > left && (from === peer || protocol === ICMP)) return false;
      if (ports && (from === peer ? !ports.has(toPort) : protocol === ICMP)) return false;
      // A bare acknowledgement or end of the first TCP connection carries nothing.
      return protocol !== ESP && protocol !== ICMPV6 && payload.length > 0;
    });
    return {
      esp: packets.filter(({ protocol }) => protocol === ESP).length,
      challenge: packets[first] ?? null,
      clear: clear.map(
        (p) => `${p.protocol} ${p.from}:${p.fromPort} ${p.to}:${p.toPort} ${text(p.payload).slice(0, 60)}`,
      ),
    };
  }

  /** Everything that passed since then, on every way. */
  async all(start: number): Promise<readonly CapturedPacket[]> {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return readPcap(this.#read()).filter(({ time }) => time >= start);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGINT');
    await ended;
  }

  #read(): Uint8Array {
    const chunks: Buffer[] = [];
    const file = openSync(this.#file, 'r');
    for (;;) {
      const chunk = Buffer.alloc(1 << 20);
      const length = readSync(file, chunk);
      if (length === 0) break;
      chunks.push(chunk.subarray(0, length));
    }
    closeSync(file);
    return Buffer.concat(chunks);
  }
}

function text(octets: Uint8Array): string {
  return Buffer.from(octets.subarray(0, 200)).toString('latin1');
}

/** IPv4 and IPv6 on Ethernet, in the classic format with microseconds, little endian; a packet that is half written is left out. */
function readPcap(octets: Uint8Array): CapturedPacket[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const packets: CapturedPacket[] = [];
  for (let at = 24; at + 16 <= octets.length;) {
    const time = view.getUint32(at, true) * 1000 + view.getUint32(at + 4, true) / 1000;
    const start = at + 16;
    at = start + view.getUint32(at + 8, true);
    if (at > octets.length) break;
    const packet = readFrame(octets.subarray(start, at), time);
    if (packet) packets.push(packet);
  }
  return packets;
}

function readFrame(frame: Uint8Array, time: number): CapturedPacket | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const ip = 14;
  const isV4 = view.getUint16(12) === 0x0800;
  const next = view.getUint8(ip + (isV4 ? 9 : 6));
  const isFragment = !isV4 && next === FRAGMENT;
  const head = isV4 ? (view.getUint8(ip) & 15) * 4 : isFragment ? 48 : 40;
  const end = ip + (isV4 ? view.getUint16(ip + 2) : 40 + view.getUint16(ip + 4));
  const protocol = isFragment ? view.getUint8(ip + 40) : next;
  const [source, size] = isV4 ? [ip + 12, 4] : [ip + 8, 16];
  const body = frame.subarray(ip + head, end);
  const common = {
    time,
    protocol,
    from: addressOf(frame.subarray(source, source + size)),
    to: addressOf(frame.subarray(source + size, source + 2 * size)),
  };
  const offset = isV4 ? view.getUint16(ip + 6) & 0x1fff : isFragment ? view.getUint16(ip + 42) >> 3 : 0;
  const isFirst = offset === 0;
  if (!isFirst || (protocol !== UDP && protocol !== TCP)) return { ...common, fromPort: 0, toPort: 0, payload: body };
  const skip = protocol === UDP ? 8 : ((body[12] ?? 0) >> 4) * 4;
  const ports = { fromPort: view.getUint16(ip + head), toPort: view.getUint16(ip + head + 2) };
  return { ...common, ...ports, payload: body.subarray(skip) };
}

function addressOf(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((octets[2 * i] ?? 0) << 8) | (octets[2 * i + 1] ?? 0)).toString(16),
  );
  const long = groups.join(':');
  if (ipFamily(long) !== 6) throw new Error(`no address: ${long}`);
  return new URL(`http://[${long}]`).hostname.slice(1, -1);
}
