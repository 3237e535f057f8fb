/**
 * A long call in a real page: memory must not grow, delay must not drift.
 *
 *   node --import tsx test/e2e/soak.ts [--minutes 10]
 *
 * Prints a line a minute and ends with what grew; exits 1 if that is too much.
 */
import type { CDPSession, Page } from 'playwright-core';
import { aliceAndBob, connect } from './phone.js';
import { startStage } from './stage.js';

const MEGABYTE = 1024 * 1024;
/** What a garbage-collected heap may differ between two looks, MB. */
const ALLOWED_GROWTH = 2;
/** ms */
const ALLOWED_DRIFT = 20;

interface Look {
  /** Page and workers together, MB after garbage collection. */
  readonly heap: number;
  /** Playout delay, ms, of the two phones. */
  readonly delay: readonly number[];
}

/** Heaps of the page and of its workers, through the debugger. */
class HeapMeter {
  readonly #workers = new Set<string>();
  #next = 1;
  readonly #waiting = new Map<number, (result: { usedSize?: number }) => void>();

  private constructor(private readonly session: CDPSession) {}

  static async attach(page: Page): Promise<HeapMeter> {
    const session = await page.context().newCDPSession(page);
    const meter = new HeapMeter(session);
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') meter.#workers.add(sessionId);
    });
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result } = JSON.parse(message) as { id?: number; result?: { usedSize?: number } };
      if (id !== undefined) meter.#waiting.get(id)?.(result ?? {});
    });
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return meter;
  }

  async megabytes(): Promise<number> {
    await this.session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.session.send('Runtime.getHeapUsage');
    let total = usedSize;
    for (const worker of this.#workers) {
      await this.#ask(worker, 'HeapProfiler.collectGarbage');
      total += (await this.#ask(worker, 'Runtime.getHeapUsage')).usedSize ?? 0;
    }
    return total / MEGABYTE;
  }

  #ask(sessionId: string, method: string): Promise<{ usedSize?: number }> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      void this.session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    });
  }
}

const at = process.argv.indexOf('--minutes');
const minutes = Number(at > 0 ? process.argv[at + 1] : 10);
const stage = await startStage();
let failed = false;
try {
  const page = await stage.newPage('/mark.svg');
  const heaps = await HeapMeter.attach(page);
  await page.goto(stage.origin);
  const phones = await aliceAndBob(page);
  await connect(...phones);
  for (const phone of phones) await phone.hearing();

  const look = async (): Promise<Look> => {
    const heap = await heaps.megabytes();
    const delay: number[] = [];
    for (const phone of phones) {
      let sum = 0;
      for (let i = 0; i < 10; i += 1) {
        sum += (await phone.snapshot()).calls[0]?.quality?.playoutDelayMs ?? NaN;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      delay.push(sum / 10);
    }
    return { heap, delay };
  };
  const looks: Look[] = [];
  for (let minute = 0; minute <= minutes; minute += 1) {
    const seen = await look();
    looks.push(seen);
    console.log(
      `${minute} min: heap ${seen.heap.toFixed(2)} MB, delay ${seen.delay.map((d) => d.toFixed(1)).join(' and ')} ms`,
    );
    if (minute < minutes) await new Promise((resolve) => setTimeout(resolve, 50_000));
  }
  // The first minute fills caches and compiles code.
  const [first, last] = [looks[1] ?? looks[0], looks[looks.length - 1]];
  if (!first || !last) throw new Error('no look was taken');
  const growth = last.heap - first.heap;
  const drift = Math.max(...last.delay.map((delay, i) => Math.abs(delay - (first.delay[i] ?? NaN))));
  const { calls } = await phones[0].snapshot();
  failed = !(growth < ALLOWED_GROWTH && drift < ALLOWED_DRIFT && calls[0]?.state === 'active');
  console.log(
    `heap grew by ${growth.toFixed(2)} MB, delay drifted by ${drift.toFixed(1)} ms: ${failed ? 'TOO MUCH' : 'ok'}`,
  );
} finally {
  await stage.close();
}
process.exit(failed ? 1 : 0);
