import { existsSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { NodeNetwork } from '../companion/native/node-network.js';
import { UserAgent } from '../src/ims/index.js';
import { PacedAudio } from '../src/media/audio/paced-audio.js';
import { RtpMediaFactory } from '../src/media/rtp-media-factory.js';
import type { UdpOptions, UdpSocket } from '../src/net/network.js';
import { SystemClock } from '../src/platform/system-clock.js';
import { SystemRandom } from '../src/platform/system-random.js';
import { buildAll } from '../tools/build.js';
import { CHROMIUM_FLAGS, FAKE_MICROPHONE_FLAGS, findChromium } from '../tools/chromium.mjs';
import { startDemo } from '../tools/demo/start-demo.js';
import { WasmFromDisk } from '../tools/wasm-from-disk.js';
import { median, type BenchResult } from './bench-result.js';

const CALLS = 15;
const FLAGS = [...CHROMIUM_FLAGS, ...FAKE_MICROPHONE_FLAGS];
const now = (): number => performance.timeOrigin + performance.now();

/** Node's network with an ear on its UDP sockets: tells when RTP arrives. */
class ListeningNetwork extends NodeNetwork {
  firstRtp: number | null = null;

  async untilRtp(): Promise<number> {
    while (this.firstRtp === null) await new Promise((resolve) => setTimeout(resolve, 2));
    return this.firstRtp;
  }

  override async bindUdp(options: UdpOptions): ReturnType<NodeNetwork['bindUdp']> {
    const socket = await super.bindUdp(options);
    return new Proxy(socket, {
      set: (target, key, value: unknown) => {
        if (key !== 'onMessage' || typeof value !== 'function') return Reflect.set(target, key, value);
        target.onMessage = (data, from) => {
          // RFC 3550 §5.1: version 2, and none of RTCP's packet types (RFC 5761 §4).
          const isRtp = (data[0] ?? 0) >> 6 === 2 && ((data[1] ?? 0) & 127) < 64;
          if (isRtp) this.firstRtp ??= now();
          (value as NonNullable<UdpSocket['onMessage']>)(data, from);
        };
        return true;
      },
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? (value as (...rest: unknown[]) => unknown).bind(target) : value;
      },
    });
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
  const network = new ListeningNetwork();
  const [clock, random] = [new SystemClock(), new SystemRandom()];
  const modules = new WasmFromDisk('dist/wasm');
  const media = new RtpMediaFactory({ network, clock, random, modules, audio: new PacedAudio({ clock, modules }) });
  const account = demo.accounts[2];
  if (!account) throw new Error('the demo has no third account');
  const callee = new UserAgent({ account, network, clock, random, media });
  try {
    await callee.start();
    let invited = 0;
    let answered = 0;
    callee.events.on('trace', ({ direction, text }) => {
      if (direction === 'in' && text.startsWith('INVITE ')) invited = now();
      if (direction === 'out' && /^SIP\/2\.0 200 [^]*^CSeq: \d+ INVITE/im.test(text)) answered = now();
    });
    callee.events.on('snapshot', ({ calls }) => {
      for (const call of calls) if (call.state === 'ringing-in') callee.answer(call.id).catch(() => undefined);
    });

    const page = await browser.newPage();
    const registered: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      await page.goto(demo.url);
      registered.push(await page.evaluate(untilRegistered));
    }
    const total: number[] = [];
    const peer: number[] = [];
    for (let i = 0; i < CALLS; i += 1) {
      network.firstRtp = null;
      const clicked = await clickCall(page, 'carol@ims.test');
      total.push((await network.untilRtp()) - clicked);
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
    await callee.stop();
    network.close();
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
