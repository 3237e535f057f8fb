import { connect, type Socket } from 'node:net';
import { NetworkError } from '../../../src/net/network.js';
import type { ViciSection } from './vici-message.js';
import { parseViciAnswer, printViciPacket, ViciSegments, type ViciAnswer } from './vici-packet.js';

/** ms for what the daemon does by itself, without its peer. */
const TIMEOUT = 10_000;

interface Waiting {
  resolve(answer: ViciAnswer): void;
  reject(error: NetworkError): void;
}

/** One connection to the IKE daemon: one command at a time, as the protocol has it. */
export class ViciClient {
  readonly #segments = new ViciSegments();
  #waiting: Waiting | null = null;
  #onEvent: ((name: string, message: ViciSection) => void) | null = null;
  #gone: NetworkError | null = null;

  private constructor(
    private readonly socket: Socket,
    private readonly path: string,
  ) {
    socket.on('data', (data: Buffer) => this.#onData(data));
    socket.on('error', (error) => this.#end(errorOf(error, path)));
    socket.on('close', () => this.#end(new NetworkError('ipsec-tool', `IPsec: the IKE daemon at ${path} hung up`)));
  }

  /** @param path of its socket @throws NetworkError `ipsec-tool` (there is none), `ipsec-denied` (we may not speak to it) */
  static connect(path: string): Promise<ViciClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ path });
      const fail = (error: Error): void => reject(errorOf(error, path));
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.off('error', fail);
        resolve(new ViciClient(socket, path));
      });
    });
  }

  /**
   * Runs a command.
   *
   * @param timeout ms
   * @throws NetworkError `ipsec-tool`: the daemon is gone, knows no such command or sends nonsense; `timeout`
   */
  async request(command: string, message?: ViciSection, timeout = TIMEOUT): Promise<ViciSection> {
    const answer = await this.#exchange(printViciPacket('request', command, message), timeout);
    if (answer.type === 'response') return answer.message;
    throw this.#broken(`knows no ${command}`);
  }

  /** Hears the events of a name from now on. @throws NetworkError as `request` */
  async listen(event: string, onEvent: (message: ViciSection) => void): Promise<void> {
    this.#onEvent = (name, message) => {
      if (name === event) onEvent(message);
    };
    const answer = await this.#exchange(printViciPacket('register', event), TIMEOUT);
    if (answer.type !== 'confirm') throw this.#broken(`knows no ${event}`);
  }

  close(): void {
    this.#end(new NetworkError('closed', 'The connection to the IKE daemon is closed'));
  }

  #exchange(packet: Uint8Array, timeout: number): Promise<ViciAnswer> {
    if (this.#gone) return Promise.reject(this.#gone);
    return new Promise((resolve, reject) => {
      if (this.#waiting) return reject(new NetworkError('internal', 'IPsec: one command at a time'));
      const timer = setTimeout(() => {
        this.#end(new NetworkError('timeout', `IPsec: the IKE daemon at ${this.path} does not answer`));
      }, timeout);
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiting = null;
      };
      this.#waiting = {
        resolve: (answer) => {
          settle();
          resolve(answer);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.socket.write(packet);
    });
  }

  #onData(data: Uint8Array): void {
    const segments = this.#segments.push(data);
    for (const segment of segments ?? []) {
      const answer = parseViciAnswer(segment);
      if (!answer) return this.#end(this.#broken('sends what is no answer'));
      if (answer.type === 'event') this.#onEvent?.(answer.name, answer.message);
      else if (this.#waiting) this.#waiting.resolve(answer);
      else return this.#end(this.#broken('answers what was not asked'));
    }
    if (!segments) this.#end(this.#broken('sends too much at once'));
  }

  #end(error: NetworkError): void {
    if (this.#gone) return;
    this.#gone = error;
    this.socket.destroy();
    this.#waiting?.reject(error);
  }

  #broken(what: string): NetworkError {
    return new NetworkError('ipsec-tool', `IPsec: the IKE daemon at ${this.path} ${what}`);
  }
}

function errorOf(error: Error & { readonly code?: string }, path: string): NetworkError {
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return new NetworkError('ipsec-denied', `IPsec: no right to speak to the IKE daemon at ${path}`, error);
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ENOTSOCK')
    return new NetworkError('ipsec-tool', `IPsec: no IKE daemon at ${path} (strongSwan with its plugin vici)`, error);
  return new NetworkError('ipsec-tool', `IPsec: the IKE daemon at ${path}: ${error.message}`, error);
}
