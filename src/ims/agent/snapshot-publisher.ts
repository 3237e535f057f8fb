import type { Clock, Timer } from '../../platform/clock.js';
import type { ImsSnapshot } from '../snapshot.js';

/** Builds the snapshot when it is asked for, and announces changes at most once per turn of the event loop. */
export class SnapshotPublisher {
  #current: ImsSnapshot | null = null;
  #scheduled: Timer | null = null;
  #closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly build: () => ImsSnapshot,
    private readonly publish: (snapshot: ImsSnapshot) => void,
  ) {}

  get current(): ImsSnapshot {
    this.#current ??= Object.freeze(this.build());
    return this.#current;
  }

  readonly changed = (): void => {
    this.#current = null;
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = this.clock.setTimeout(0, () => {
      this.#scheduled = null;
      this.publish(this.current);
    });
  };

  /** The last change is announced at once; later ones are not. */
  close(): void {
    this.#closed = true;
    this.flush();
  }

  /** What changed is announced now: the next change would hide it. */
  flush(): void {
    if (!this.#scheduled) return;
    this.#scheduled.cancel();
    this.#scheduled = null;
    this.publish(this.current);
  }
}
