import { createSocket } from 'node:dgram';
import { createServer, isIPv6 } from 'node:net';

/** Below the ports that the system gives to whoever asks for any, above those of the lab's servers. */
const FIRST = 11_000;
const LAST = 29_000;

/** Handed out by this process: a peer that has not bound its port yet must not lose it to the next one. */
const given = new Set<number>();

/** @returns a port that is free for UDP and TCP, with the rest of `span` free too; never the same one twice */
export async function freePort(address = '127.0.0.1', span = 1): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    // Even: RTP's neighbour is RTCP (RFC 3550 §11).
    const port = FIRST + 2 * Math.floor((Math.random() * (LAST - FIRST)) / 2);
    const row = Array.from({ length: span }, (_, i) => port + i);
    if (row.some((candidate) => given.has(candidate))) continue;
    for (const candidate of row) given.add(candidate);
    if ((await Promise.all(row.map((candidate) => isFree(candidate, address)))).every(Boolean)) return port;
  }
  throw new Error(`no ${span} free ports in a row on ${address}`);
}

async function isFree(port: number, address: string): Promise<boolean> {
  return (await tcpIsFree(port, address)) && (await udpIsFree(port, address));
}

function tcpIsFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}

function udpIsFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, address, () => socket.close(() => resolve(true)));
  });
}
