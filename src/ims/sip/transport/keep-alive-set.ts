import type { Clock } from '../../../platform/clock.js';
import type { Flow } from './flow.js';
import { KeepAlive, type KeepAliveOptions } from './keep-alive.js';
import { StreamFlow } from './stream-flow.js';
import { answerBinding, parseBinding } from './stun.js';

/** The flows that are kept alive, and what comes back on them. */
export class KeepAliveSet {
  readonly #keepers = new Set<KeepAlive>();

  constructor(private readonly clock: Clock) {}

  /** Keeps a flow alive until {@link release}, or until it fails: a connection is closed then. */
  add(options: Omit<KeepAliveOptions, 'clock'>): KeepAlive {
    const { flow, user } = options;
    const keeper: KeepAlive = new KeepAlive({
      ...options,
      clock: this.clock,
      user: {
        onAlive: (mapped) => user.onAlive(mapped),
        onFailed: (why) => {
          this.release(keeper);
          if (flow instanceof StreamFlow) flow.close();
          user.onFailed(why);
        },
      },
    });
    this.#keepers.add(keeper);
    return keeper;
  }

  release(keeper: KeepAlive): void {
    keeper.stop();
    this.#keepers.delete(keeper);
  }

  /** A single CRLF came. */
  ponged(flow: Flow): void {
    for (const keeper of this.#keepers) if (keeper.flow === flow) keeper.ponged();
  }

  closed(flow: Flow): void {
    for (const keeper of this.#keepers) if (keeper.flow === flow) this.release(keeper);
  }

  /** RFC 5626 §8: who takes SIP on a UDP port answers Binding requests there. */
  receiveStun(octets: Uint8Array, flow: Flow): void {
    const binding = parseBinding(octets);
    if (binding?.kind === 'request') {
      const answer = answerBinding(binding, flow.remote);
      if (answer) flow.keep(answer);
    } else if (binding) {
      for (const keeper of this.#keepers) {
        const { address, port } = keeper.flow.remote;
        if (address === flow.remote.address && port === flow.remote.port) keeper.receive(binding);
      }
    }
  }

  close(): void {
    for (const keeper of [...this.#keepers]) this.release(keeper);
  }
}
