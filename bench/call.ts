import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import type { Account } from '../src/ims/index.js';
import { buildAll } from '../tools/build.js';
import { CHROMIUM_FLAGS, FAKE_MICROPHONE_FLAGS, findChromium } from '../tools/chromium.mjs';
import { startDemo } from '../tools/demo/start-demo.js';
import { nextMessage } from './bench-child.js';
import { median, type BenchResult } from './bench-result.js';
import type { CalleeTimes } from './callee-process.js';

const CALLS = 15;
const FLAGS = [...CHROMIUM_FLAGS, ...FAKE_MICROPHONE_FLAGS];
/** The other end, in a process of its own. */
class Callee {
  private constructor(private readonly child: ChildProcess) {}

  static async start(account: Account): Promise<Callee> {
    const child = fork(fileURLToPath(new URL('callee-process.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
    child.send(account);
    await nextMessage<'ready'>(child);
    return new Callee(child);
  }

  /** Times of the call that comes next. */
  called(): Promise<CalleeTimes> {
    return nextMessage(this.child);
  }

  stop(): void {
    this.child.disconnect();
  }
}

/**
 * From page load to registered, and from the click on Call to the first RTP packet at a callee that answers at once. What
 * the callee takes is the peer's figure; "ours" is the rest: page, workers, companion and the embedded core.
 */
export async function run(): Promise<BenchResult[]> {
  if (!existsSync('dist/demo/index.html')) await buildAll();
  const stateDirectory = mkdtempSync(join(tmpdir(), 'ims-bench-'));
  const demo = await startDemo({ directory: 'dist/demo', wasm: 'dist/wasm', port: 0, stateDirectory });
  const browser = await chromium.launch({ executablePath: findChromium() ?? 'chromium', args: FLAGS });
  const account = demo.accounts[2];
  if (!account) throw new Error('the demo has no third account');
  const callee = await Callee.start(account);
  try {
    const page = await browser.newPage();
    const registered: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      await page.goto(demo.url);
      registered.push(await page.evaluate(untilRegistered));
    }
    const total: number[] = [];
    const peer: number[] = [];
    for (let i = 0; i < CALLS; i += 1) {
      const called = callee.called();
      const clicked = await clickCall(page, 'carol@ims.test');
      const { invited, answered, firstRtp } = await called;
      total.push(firstRtp - clicked);
      peer.push(answered - invited);
      await page.locator('ims-phone').first().getByRole('button', { name: 'Hang up' }).click();
      await page.waitForFunction(() => document.querySelector('ims-account')?.client?.snapshot.calls.length === 0);
    }
    const own = total.map((ms, i) => ms - (peer[i] ?? 0));
    const line = (name: string, ours: number, peerName: string, peerValue: number): BenchResult => ({
      name,
      unit: 'ms',
      ours,
      peer: peerName,
      peerValue,
      ratio: peerValue / ours,
    });
    return [
      line('page load to registered', median(registered), 'the limit', 1000),
      line('click on Call to first RTP packet at the callee', median(total), 'the limit', 150),
      line('of which ours (without the callee)', median(own), 'the limit', 50),
    ];
  } finally {
    callee.stop();
    await browser.close();
    await demo.close();
    rmSync(stateDirectory, { recursive: true, force: true });
  }
}

/** In the page. @returns ms from navigation start */
async function untilRegistered(): Promise<number> {
  for (;;) {
    const snapshot = document.querySelector('ims-account')?.client?.snapshot;
    if (snapshot?.registration.state === 'registered') return performance.now();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** @returns when the click reached the page, in ms since 1970 */
async function clickCall(page: Page, target: string): Promise<number> {
  const phone = page.locator('ims-phone').first();
  await phone.locator('[part~=entry-input]').fill(target);
  await page.evaluate(() => {
    const seen = window as { clickedAt?: number };
    addEventListener('click', () => (seen.clickedAt = performance.timeOrigin + performance.now()), {
      once: true,
      capture: true,
    });
  });
  await phone.locator('[part~=call-button]').click();
  return page.evaluate(() => (window as { clickedAt?: number }).clickedAt ?? 0);
}
