import { WebSocket } from 'ws';
import type { WebSocketFactory } from '../../src/net/companion-network.js';
import { ORIGIN } from './companion-fixture.js';

/** WebSockets of a page that may die: as when the browser is killed, nothing is said any more. */
export class CutOff {
  readonly #sockets: WebSocket[] = [];
  /** None is made any more: the page is gone. */
  #dead = false;

  constructor(private readonly origin = ORIGIN) {}

  readonly webSocket: WebSocketFactory = (target, protocols) => {
    if (this.#dead) throw new Error('the page is gone');
    const socket = new WebSocket(target, [...protocols], { origin: this.origin, perMessageDeflate: false });
    this.#sockets.push(socket);
    return socket;
  };

  kill(): void {
    this.#dead = true;
    for (const socket of this.#sockets) socket.terminate();
  }
}
