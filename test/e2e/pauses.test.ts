import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { aliceAndBob, connect, type PhoneOnPage } from './phone.js';
import { startStage, type Stage } from './stage.js';

const RATE = 48_000;
/** s of voice, and of nothing behind it. */
const VOICE = 1;
const PAUSE = 4;
/** s that packets are counted for: two rounds. */
const COUNTED = 2 * (VOICE + PAUSE);
const PACKETS_PER_SECOND = 50;

/** A WAV file with a voice-like sound, then silence. */
function talkative(): Buffer {
  const samples = new Int16Array(RATE * (VOICE + PAUSE));
  for (let i = 0; i < RATE * VOICE; i += 1) {
    const t = i / RATE;
    const voice = [1, 2, 3, 4, 5].reduce((sum, h) => sum + Math.sin(2 * Math.PI * 140 * h * t) / h, 0);
    samples[i] = 6000 * Math.abs(Math.sin(9 * t)) * voice;
  }
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(2 * RATE, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}

describe('<ims-account dtx>', { timeout: 120_000 }, () => {
  let folder: string;
  let stage: Stage;
  let page: Page;
  let alice: PhoneOnPage;
  let bob: PhoneOnPage;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ims-pauses-'));
    const microphone = join(folder, 'voice.wav');
    writeFileSync(microphone, talkative());
    stage = await startStage({ microphone });
    page = await stage.newPage();
    await aliceAndBob(page);
    // Alice's account again, by attributes.
    await page.evaluate(() => {
      const seat = document.querySelector('ims-account');
      const { account } = seat ?? {};
      if (!seat || !account) throw new Error('no account');
      seat.setAttribute('dtx', '');
      seat.setAttribute('auto-register', '');
      seat.setAttribute('identity', account.publicIdentity);
      seat.setAttribute('proxy', account.proxy ?? '');
      seat.credentials = { password: account.password ?? '' };
      seat.account = null;
    });
    [alice, bob] = await aliceAndBob(page);
    // What both microphones give is to stay as it is.
    for (const phone of [alice, bob]) {
      await phone.button('Settings').click();
      for (const name of ['Noise suppression', 'Automatic gain']) await phone.element.getByLabel(name).click();
      await page.keyboard.press('Escape');
    }
  });
  after(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const received = async (phone: PhoneOnPage): Promise<number> =>
    (await phone.snapshot()).calls[0]?.quality?.packetsReceived ?? 0;

  for (const codec of ['PCMA/8000', 'AMR/8000'])
    it(`describes pauses instead of sending them: ${codec}`, async () => {
      const [name] = codec.split('/');
      await alice.button('Settings').click();
      await alice.element.locator(`[data-codec="${codec}"] .handle`).press('Space');
      await page.keyboard.press('Home');
      await page.keyboard.press('Space');
      await page.keyboard.press('Escape');
      await connect(alice, bob);
      await bob.until(
        (s) => s.calls[0]?.quality?.codec === name && (s.calls[0]?.quality?.packetsReceived ?? 0) > 20,
        'sound',
      );
      const [fromAlice, fromBob] = [await received(bob), await received(alice)];
      await new Promise((resolve) => setTimeout(resolve, COUNTED * 1000));
      const all = COUNTED * PACKETS_PER_SECOND;
      const [heardOfAlice, heardOfBob] = [(await received(bob)) - fromAlice, (await received(alice)) - fromBob];
      // Bob's account has no dtx: of him everything comes. Alice sends her voice, what a codec needs to see that it ended, and descriptions.
      assert.ok(heardOfBob > 0.9 * all, `${heardOfBob} of ${all} packets of Bob`);
      assert.ok(heardOfAlice > 0.1 * all && heardOfAlice < 0.6 * all, `${heardOfAlice} of ${all} packets of Alice`);
      await alice.button('Hang up').click();
      for (const phone of [alice, bob]) await phone.until((s) => s.calls.length === 0, 'a free line', 15_000);
    });
});
