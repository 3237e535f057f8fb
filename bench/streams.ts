import { WebSocket } from 'ws';
import { NodeNetwork } from '../companion/native/node-network.js';
import { CompanionNetwork } from '../src/net/companion-network.js';
import type { Network, UdpSocket } from '../src/net/network.js';
import { SystemClock } from '../src/platform/system-clock.js';
import { BenchChild } from './bench-child.js';
import { median, type BenchResult } from './bench-result.js';
import { BENCH_ORIGIN } from './companion-process.js';

const OCTETS = 172; // RTP header and 20 ms of G.711
const FRAME_MS = 20;
const RUN_MS = 3000;
const ROUNDS = 3;

interface Load {
  /** CPU time used, as a share of one core in percent. */
  readonly cpu: number;
  /** Datagrams that came back, of those sent. */
  readonly delivered: number;
}

/** Runs `count` streams of 50 packets a second each way, from an echo that is not counted. */
async function load(network: Network, echoPort: number, count: number, cpu: () => Promise<number>): Promise<Load> {
  const sockets: UdpSocket[] = [];
  let received = 0;
  let sent = 0;
  for (let i = 0; i < count; i++) {
    const socket = await network.bindUdp({ address: '127.0.0.1' });
    socket.onMessage = () => received++;
    sockets.push(socket);
  }
  const to = { address: '127.0.0.1', port: echoPort };
  const packet = new Uint8Array(OCTETS);
  const before = await cpu();
  const start = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - start;
      // By elapsed time, not by ticks: a late timer sends what is due.
      while (sent < (Math.min(elapsed, RUN_MS) / FRAME_MS) * count) {
        for (const socket of sockets) socket.send(packet, to);
        sent += count;
      }
      if (elapsed < RUN_MS) return;
      clearInterval(timer);
      setTimeout(resolve, 100);
    }, FRAME_MS);
  });
  const used = (await cpu()) - before;
  const elapsed = performance.now() - start;
  for (const socket of sockets) socket.close();
  return { cpu: (100 * used) / elapsed, delivered: received / sent };
}

function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** CPU of 1, 10 and 50 RTP streams: page end and companion together, against one process with raw dgram. */
export async function run(): Promise<BenchResult[]> {
  const [companion, echo] = await Promise.all([BenchChild.start('companion'), BenchChild.start('udp')]);
  const echoPort = Number(echo.address);
  const through = new CompanionNetwork({
    url: companion.address,
    trafficClass: 'media',
    clock: new SystemClock(),
    webSocket: (url, protocols) => new WebSocket(url, [...protocols], { origin: BENCH_ORIGIN }),
  });
  const raw = new NodeNetwork();
  const results: BenchResult[] = [];
  for (const count of [1, 10, 50]) {
    const ours: Load[] = [];
    const peer: Load[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await load(through, echoPort, count, async () => ownCpu() + (await companion.cpu())));
      peer.push(await load(raw, echoPort, count, () => Promise.resolve(ownCpu())));
    }
    const value = median(ours.map(({ cpu }) => cpu));
    const peerValue = median(peer.map(({ cpu }) => cpu));
    const least = Math.min(...ours.map(({ delivered }) => delivered));
    results.push({
      name: `${count} RTP stream${count > 1 ? 's' : ''} both ways, page end and companion (${(100 * least).toFixed(1)} % delivered)`,
      unit: '% of a core',
      ours: value,
      peer: 'raw dgram, one process',
      peerValue,
      ratio: peerValue / value,
    });
  }
  through.close();
  raw.close();
  companion.stop();
  echo.stop();
  return results;
}
