import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchProcessMessage } from './companion-process.js';

/** One child process of the companion benches. */
export class BenchChild {
  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
  ) {}

  static async start(role: 'companion' | 'ws' | 'udp'): Promise<BenchChild> {
    const child = fork(fileURLToPath(new URL('companion-process.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, IMS_BENCH_ROLE: role },
    });
    const { address = '' } = await nextMessage<BenchProcessMessage>(child);
    return new BenchChild(child, address);
  }

  /** CPU time used so far, in ms. */
  async cpu(): Promise<number> {
    const next = nextMessage<BenchProcessMessage>(this.child);
    this.child.send('cpu');
    return (await next).cpu ?? NaN;
  }

  stop(): void {
    this.child.disconnect();
  }
}

/** @throws Error when the child ends before it says anything */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('The child process of the bench ended'));
    child.once('exit', onExit);
    child.once('message', (message: T) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}
