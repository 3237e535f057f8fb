import { spawn, type ChildProcess } from 'node:child_process';

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Keeps standard input open for {@link Child.write}. */
  readonly input?: boolean;
}

const running = new Set<Child>();

/** A process of ours: its output is kept, can be waited for, and it never outlives the run. */
export class Child {
  /** Both outputs in order of arrival, without colours. */
  output = '';
  readonly exited: Promise<number>;
  readonly #process: ChildProcess;
  readonly #watchers = new Set<() => void>();
  #code: number | null = null;

  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    options: ChildOptions = {},
  ) {
    this.#process = spawn(command, [...args], {
      stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    running.add(this);
    const collect = (data: Buffer): void => {
      // eslint-disable-next-line no-control-regex -- terminal colours start with ESC
      this.output += data.toString().replace(/\u001b\[[0-9;]*m/g, '');
      this.#wake();
    };
    this.#process.stdout?.on('data', collect);
    this.#process.stderr?.on('data', collect);
    this.exited = new Promise((resolve) => {
      this.#process.on('error', (error) => {
        this.output += `${error.message}\n`;
        this.#ended(127);
        resolve(127);
      });
      this.#process.on('close', (code) => {
        this.#ended(code ?? 128);
        resolve(code ?? 128);
      });
    });
  }

  /** Exit code once it ended. */
  get code(): number | null {
    return this.#code;
  }

  write(text: string): void {
    this.#process.stdin?.write(text);
  }

  /** Waits until `find` returns something, over all output so far. @throws Error on the end of the process or the deadline */
  async waitFor<T>(what: string, find: (output: string) => T | null | undefined, timeout = 20_000): Promise<T> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const found = find(this.output);
      if (found !== null && found !== undefined) return found;
      if (this.#code !== null) throw new Error(`${this.name} ended (${this.#code}) before ${what}:\n${this.tail()}`);
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${this.name}: no ${what} within ${timeout} ms:\n${this.tail()}`);
      await this.#change(left);
    }
  }

  waitForText(pattern: RegExp, timeout?: number): Promise<RegExpExecArray> {
    return this.waitFor(String(pattern), (output) => pattern.exec(output), timeout);
  }

  /** Last lines, for a failure's report. */
  tail(lines = 25): string {
    return this.output.split('\n').slice(-lines).join('\n');
  }

  /** Asks it to end, and makes it end after `patience` ms. */
  async stop(patience = 3000): Promise<void> {
    if (this.#code !== null) return;
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), patience);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    if (this.#code === null) this.#process.kill('SIGKILL');
  }

  #ended(code: number): void {
    this.#code = code;
    running.delete(this);
    this.#wake();
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #change(timeout: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeout);
      this.#watchers.add(done);
    });
  }
}

/** Ends whatever a failed test left behind. */
export async function stopAllChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()));
}

process.on('exit', () => {
  for (const child of running) child.kill();
});
