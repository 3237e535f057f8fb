import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Suite } from '../suite.js';
import { account, identityOf, kernelCounts, PCSCF, start, variable } from './guest.js';
import type { PageAnswer, PageOrder } from './page-process.js';
import { kindsOfRegistration } from './registrations.js';
import { LIMIT, NOTHING, registered, type Stage } from './stage.js';

const LOADS = 7;

/** The page of page-process.ts in a namespace. */
class PageProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  constructor(namespace: string) {
    this.#child = spawn('ip', ['netns', 'exec', namespace, process.execPath, variable('ESP_PAGE')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @returns ms, if a page was opened @throws Error what the page says */
  async tell(order: PageOrder): Promise<number> {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    return this.answer();
  }

  async answer(): Promise<number> {
    const line = await this.#answers.next();
    if (line.done) throw new Error('the page’s process is gone');
    const { took, error } = JSON.parse(line.value) as PageAnswer;
    if (error !== null) throw new Error(error);
    return took;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    await ended;
  }
}

/** Chromium in the guest: from the load of a page to its registration, and a call from it. */
export async function onPage(suite: Suite, stage: Stage): Promise<void> {
  const times = 'ESP page: from page load to registered by digest, by AKA, and by AKA with IPsec';
  const called =
    'ESP page: registered by ipsec-3gpp through its companion, a call that both hear, nothing but ESP on the wire';
  if (!suite.wants(times) && !suite.wants(called)) return;
  execFileSync(variable('ESP_RESET'), { stdio: 'ignore' });
  const page = new PageProcess('ue1');
  await page.answer();
  await suite.check(
    times,
    async () => {
      const told: string[] = [];
      for (const [name, of] of kindsOfRegistration()) {
        const took: number[] = [];
        for (let i = 0; i < LOADS; i++) {
          took.push(await page.tell({ do: 'open', account: of }));
          await page.tell({ do: 'unregister' });
        }
        took.sort((a, b) => a - b);
        told.push(`${name} ${(took[LOADS >> 1] ?? 0).toFixed(0)} ms (${took.map((ms) => ms.toFixed(0)).join(', ')})`);
      }
      return told.join('; ');
    },
    LIMIT * 2,
  );
  await suite.check(
    called,
    async () => {
      const [, bob] = stage.agents;
      await start(bob, account(2, 'udp'));
      await registered(bob);
      const begin = Date.now();
      await page.tell({ do: 'open', account: account(1, 'udp') });
      const answered = bob
        .until('ringing call', ({ calls }) => calls.find(({ state }) => state === 'ringing-in'), 120)
        .then(({ id }) => bob.tell({ do: 'answer', id }));
      await page.tell({ do: 'call', target: identityOf(2) });
      await answered;
      await page.tell({ do: 'hear' });
      await bob.until('tone of the page', ({ calls }) =>
        calls.some(({ quality }) => (quality?.outputLevel ?? 0) > 0.1),
      );
      await page.tell({ do: 'hangup' });
      await bob.until('end of the call', ({ calls }) => calls.every(({ state }) => state === 'ended'));
      const left = Date.now();
      await page.tell({ do: 'unregister' });
      await bob.tell({ do: 'unregister' });
      await bob.tell({ do: 'stop' });
      const { esp, clear, challenge } = await stage.captures[0].since(begin, PCSCF, left);
      assert.ok(challenge, 'no first 401 in clear');
      assert.deepEqual(clear, []);
      return `${esp} packets of ESP`;
    },
    LIMIT,
  );
  await page.end();
  for (const shell of stage.shells) assert.deepEqual(await kernelCounts(shell), NOTHING);
}
