import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  parseViciMessage,
  printViciMessage,
  viciSection,
  type ViciSection,
  type ViciTree,
} from '../../../../companion/native/ike/vici-message.js';
import { ViciSegments } from '../../../../companion/native/ike/vici-packet.js';

/** What it answers a command with: a message, raw octets, or nothing. */
type Answer = ViciTree | Uint8Array | null;

/** The daemon's end of vici, for what a real one cannot be made to do (test/interop/esp has the real one). */
export class ScriptedDaemon {
  readonly asked: { readonly command: string; readonly message: ViciSection }[] = [];
  readonly answers = new Map<string, Answer | ((message: ViciSection) => Answer)>();
  /** Lines that it logs while it negotiates. */
  log: readonly string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'vici-'));
  readonly #sockets = new Set<Socket>();
  readonly path = join(this.#folder, 'vici');
  readonly #server: Server = createServer((socket) => this.#serve(socket));

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.path, resolve));
  }

  get commands(): string[] {
    return this.asked.map(({ command }) => command);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #serve(socket: Socket): void {
    const segments = new ViciSegments();
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      for (const segment of segments.push(data) ?? []) this.#onSegment(socket, segment);
    });
  }

  #onSegment(socket: Socket, segment: Uint8Array): void {
    const end = 2 + (segment[1] ?? 0);
    const command = new TextDecoder().decode(segment.subarray(2, end));
    if (segment[0] === 3) return send(socket, Uint8Array.of(5));
    const message = parseViciMessage(segment.subarray(end)) ?? new Map();
    this.asked.push({ command, message });
    if (command === 'initiate')
      for (const msg of this.log)
        send(
          socket,
          Uint8Array.from([7, 11, ...Buffer.from('control-log'), ...printViciMessage(viciSection({ msg }))]),
        );
    const found = this.answers.get(command);
    const answer = typeof found === 'function' ? found(message) : found;
    if (answer === null) return;
    if (answer instanceof Uint8Array) return void socket.write(answer);
    send(socket, Uint8Array.from([1, ...printViciMessage(viciSection(answer ?? { success: 'yes' }))]));
  }
}

function send(socket: Socket, segment: Uint8Array): void {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, segment.length);
  socket.write(Buffer.concat([length, segment]));
}
