/** A child process of the benches: `companion`, a bare `ws` echo, or a bare UDP echo. Tells its address and its CPU time. */
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { startCompanion } from '../companion/server/companion.js';

export const BENCH_ORIGIN = 'https://bench.example.test';

/** What the child sends to its parent. */
export interface BenchProcessMessage {
  /** WebSocket URL, or UDP port. */
  readonly address?: string;
  /** CPU time of the child so far, in ms; the answer to any message of the parent. */
  readonly cpu?: number;
}

async function companion(): Promise<string> {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'ims-bench-'));
  process.on('exit', () => rmSync(stateDirectory, { recursive: true, force: true }));
  return (await startCompanion({ port: 0, stateDirectory, trustedOrigins: [BENCH_ORIGIN] })).url;
}

function webSocketEcho(): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket) =>
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  );
  return new Promise((resolve) => {
    server.on('listening', () => {
      const address = server.address();
      resolve(`ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    });
  });
}

function udpEcho(): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (data, from) => socket.send(data, from.port, from.address));
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(String(socket.address().port))));
}

const role = process.env['IMS_BENCH_ROLE'];
if (role !== undefined && process.send) {
  const tell = (message: BenchProcessMessage): void => void process.send?.(message);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    tell({ cpu: (user + system) / 1000 });
  });
  process.on('disconnect', () => process.exit(0));
  tell({ address: await (role === 'companion' ? companion() : role === 'ws' ? webSocketEcho() : udpEcho()) });
}
