import { WebSocket } from 'ws';
import { CompanionNetwork } from '../src/net/companion-network.js';
import { SystemClock } from '../src/platform/system-clock.js';
import { BenchChild } from './bench-child.js';
import { median, type BenchResult } from './bench-result.js';
import { BENCH_ORIGIN } from './companion-process.js';

const OCTETS = 172; // RTP header and 20 ms of G.711
const ROUNDS = 3;
const PACED_PACKETS = 75;
const SATURATED_MS = 1500;
const OUTSTANDING = 64;

/** Something that sends octets and gets the same back. */
interface Echo {
  send(data: Uint8Array): void;
  onAnswer: (data: Uint8Array) => void;
}

async function webSocketEcho(url: string): Promise<Echo> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((resolve) => socket.once('open', resolve));
  const echo: Echo = { send: (data) => socket.send(data), onAnswer: () => undefined };
  socket.on('message', (data) => {
    if (data instanceof Buffer) echo.onAnswer(data);
  });
  return echo;
}

/** A UDP socket of the companion that sends to itself: page, companion, kernel, companion, page. */
async function companionEcho(url: string): Promise<Echo & { close(): void }> {
  const network = new CompanionNetwork({
    url,
    trafficClass: 'media',
    clock: new SystemClock(),
    webSocket: (target, protocols) => new WebSocket(target, [...protocols], { origin: BENCH_ORIGIN }),
  });
  const socket = await network.bindUdp({ address: '127.0.0.1' });
  const echo = {
    send: (data: Uint8Array) => socket.send(data, socket.local),
    onAnswer: (_data: Uint8Array): void => undefined,
    close: () => network.close(),
  };
  socket.onMessage = (data) => echo.onAnswer(data);
  return echo;
}

/** @returns round trip times in ms at 50 packets a second */
async function paced(echo: Echo): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < PACED_PACKETS; i++) {
    const start = performance.now();
    await new Promise<void>((resolve) => {
      echo.onAnswer = () => resolve();
      echo.send(new Uint8Array(OCTETS));
    });
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return times;
}

/** @returns round trips per second with 64 always under way */
async function saturated(echo: Echo): Promise<number> {
  let answers = 0;
  const start = performance.now();
  await new Promise<void>((resolve) => {
    echo.onAnswer = () => {
      answers++;
      if (performance.now() - start < SATURATED_MS) echo.send(new Uint8Array(OCTETS));
      else resolve();
    };
    for (let i = 0; i < OUTSTANDING; i++) echo.send(new Uint8Array(OCTETS));
  });
  const seconds = (performance.now() - start) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 50));
  return answers / seconds;
}

/** Companion round trip against a bare `ws` echo, which makes no UDP hop. */
export async function run(): Promise<BenchResult[]> {
  const children = await Promise.all([BenchChild.start('companion'), BenchChild.start('ws')]);
  const ours = await companionEcho(children[0].address);
  const peer = await webSocketEcho(children[1].address);
  const times: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  const rates: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.ours.push(...(await paced(ours)));
    times.peer.push(...(await paced(peer)));
    rates.ours.push(await saturated(ours));
    rates.peer.push(await saturated(peer));
  }
  ours.close();
  for (const child of children) child.stop();
  const time = { ours: median(times.ours), peer: median(times.peer) };
  const rate = { ours: median(rates.ours), peer: median(rates.peer) };
  const name = 'companion round trip';
  const bare = 'bare ws echo';
  return [
    { name: `${name}, 172 B at 50/s`, unit: 'ms', ours: time.ours, peer: bare, peerValue: time.peer, ratio: time.peer / time.ours },
    { name: `${name}, saturated`, unit: 'packets/s', ours: rate.ours, peer: bare, peerValue: rate.peer, ratio: rate.ours / rate.peer },
  ]; // prettier-ignore
}
