import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** One shell in a network namespace that stays: a big process forks slowly under a user-mode kernel, a shell does not. */
export class NamespaceShell {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  #output = '';
  #count = 0;
  #done: (() => void) | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(namespace: string) {
    this.#child = spawn('ip', ['netns', 'exec', namespace, 'sh'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#done?.();
    });
  }

  /** What the commands print. One after the other. */
  run(commands: string): Promise<string> {
    const result = this.#queue.then(() => this.#run(commands));
    this.#queue = result;
    return result;
  }

  close(): void {
    this.#child.stdin.end();
  }

  #run(commands: string): Promise<string> {
    const end = `--- ${++this.#count}\n`;
    this.#output = '';
    return new Promise((resolve) => {
      this.#done = () => {
        if (this.#output.endsWith(end)) resolve(this.#output.slice(0, -end.length));
      };
      this.#child.stdin.write(`${commands}\necho '${end.trim()}'\n`);
    });
  }
}
