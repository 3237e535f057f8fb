import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { CallSnapshot, RegistrationSnapshot } from '../../../src/ims/snapshot.js';
import { readEvent, type AgentCommand, type AgentEvent } from './agent-protocol.js';

type Trace = Extract<AgentEvent, { event: 'trace' }>;
interface Seen {
  readonly registration: RegistrationSnapshot;
  readonly calls: readonly CallSnapshot[];
}

/** An agent in a network namespace. */
export class AgentProcess {
  readonly traces: Trace[] = [];
  /** That came, as `URI text`. */
  readonly messages: string[] = [];
  last: Seen | null = null;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (error: string | null) => void>();
  readonly #watchers = new Set<() => void>();
  #next = 1;

  /** @param bundle the built agent.ts @param prefix a program that starts it, with its arguments */
  constructor(
    readonly namespace: string,
    bundle: string,
    prefix: readonly string[],
  ) {
    const child = spawn('ip', ['netns', 'exec', namespace, ...prefix, process.execPath, bundle], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.#on(readEvent(line)));
    child.on('exit', () => {
      for (const done of this.#waiting.values()) done('the agent is gone');
      this.#waiting.clear();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Settles when the agent has done it. */
  tell(command: AgentCommand): Promise<void> {
    const id = this.#next++;
    // Another life: what was seen is of the one before.
    if (command.do === 'start') {
      this.last = null;
      this.traces.length = this.messages.length = 0;
    }
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (error) => (error === null ? resolve() : reject(new Error(error))));
      this.#child.stdin?.write(`${JSON.stringify({ id, command })}\n`);
    });
  }

  /** The first thing seen that `pick` finds. @throws Error after `seconds` */
  until<T>(what: string, pick: (seen: Seen) => T | null | undefined | false, seconds = 60): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.last && pick(this.last);
        if (found === null || found === undefined || found === false) return;
        finish();
        resolve(found);
      };
      const timer = setTimeout(() => {
        finish();
        const { registration, calls } = this.last ?? {};
        reject(new Error(`${this.namespace}: no ${what}: ${JSON.stringify({ registration, calls })}`));
      }, seconds * 1000);
      const finish = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  kill(signal: NodeJS.Signals): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.kill(signal);
    });
  }

  async quit(): Promise<void> {
    this.#child.stdin?.end(`${JSON.stringify({ id: 0, command: { do: 'quit' } })}\n`);
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      await new Promise((resolve) => this.#child.once('exit', resolve));
  }

  #on(event: AgentEvent): void {
    if (event.event === 'trace') this.traces.push(event);
    else if (event.event === 'message') this.messages.push(`${event.from} ${event.text}`);
    else if (event.event === 'done') {
      this.#waiting.get(event.id)?.(event.error);
      this.#waiting.delete(event.id);
    } else {
      this.last = event;
      for (const look of [...this.#watchers]) look();
    }
  }
}
