import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { aliceAndBob, connect, type PhoneOnPage } from './phone.js';
import { startStage, type Stage } from './stage.js';

describe('What a person chooses', { timeout: 180_000 }, () => {
  let stage: Stage;
  let page: Page;
  let alice: PhoneOnPage;
  let bob: PhoneOnPage;

  before(async () => {
    stage = await startStage();
    page = await stage.newPage();
    [alice, bob] = await aliceAndBob(page);
  });
  after(() => stage.close());

  async function hangUp(): Promise<void> {
    await alice.button('Hang up').click();
    for (const phone of [alice, bob]) await phone.until((s) => s.calls.length === 0, 'a free line', 15_000);
  }

  async function codecOf(phone: PhoneOnPage): Promise<string | undefined> {
    const heard = await phone.until((s) => (s.calls[0]?.quality?.packetsReceived ?? 0) > 20, 'sound');
    return heard.calls[0]?.quality?.codec;
  }

  it('orders codecs by keyboard: the next call talks by the first one, after a reload too', async () => {
    await connect(alice, bob);
    assert.equal(await codecOf(alice), 'PCMA');
    await hangUp();

    await alice.button('Settings').click();
    await alice.element.locator('[data-codec="G722/8000"] .handle').press('Space');
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    assert.equal((await alice.snapshot()).codecs[0]?.name, 'G722');
    await page.keyboard.press('Escape');

    await connect(alice, bob);
    assert.deepEqual([await codecOf(alice), await codecOf(bob)], ['G722', 'G722']);
    await hangUp();

    await page.reload();
    await aliceAndBob(page);
    assert.equal((await alice.snapshot()).codecs[0]?.name, 'G722');
    await bob.dial('alice@ims.test');
    await alice.call('ringing-in');
    await alice.button('Answer').click();
    await alice.call('active');
    // Answering, Alice goes by her order as well.
    assert.equal(await codecOf(alice), 'G722');
    await hangUp();
  });

  it('orders codecs by dragging', async () => {
    await alice.button('Settings').click();
    const first = alice.element.locator('.codec').first();
    const third = alice.element.locator('.codec').nth(2);
    const wanted = await third.getAttribute('data-codec');
    const [from, to] = [await third.locator('.handle').boundingBox(), await first.boundingBox()];
    assert.ok(from && to);
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + 20, to.y + to.height / 2, { steps: 6 });
    await page.mouse.up();
    assert.equal(await first.getAttribute('data-codec'), wanted);
    const [top] = (await alice.snapshot()).codecs;
    assert.equal(`${top?.name ?? ''}/${top?.clockRate ?? 0}`, wanted);
    await alice.button('Default order').click();
    assert.equal((await alice.snapshot()).codecs[0]?.name, 'PCMA');
    await page.keyboard.press('Escape');
  });

  it('switches echo cancellation, noise suppression and gain in a call, and keeps that', async () => {
    await connect(alice, bob);
    // The browser's own word on the track in use, of which there is only the newest.
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (constraints) => {
        const stream = await open(constraints);
        Object.assign(window, { settings: stream.getAudioTracks()[0]?.getSettings() });
        return stream;
      };
    });
    await alice.button('Settings').click();
    const settings: unknown[] = [];
    for (const name of ['Echo cancellation', 'Noise suppression', 'Automatic gain']) {
      await alice.element.getByLabel(name).click();
      await page.waitForFunction(() => 'settings' in window);
      settings.push(
        await page.evaluate(() => {
          const { settings } = window as { settings?: MediaTrackSettings };
          delete (window as { settings?: MediaTrackSettings }).settings;
          return [settings?.echoCancellation, settings?.noiseSuppression, settings?.autoGainControl];
        }),
      );
    }
    assert.deepEqual(settings, [
      [false, true, true],
      [false, false, true],
      [false, false, false],
    ]);
    await page.keyboard.press('Escape');
    const { calls } = await bob.snapshot();
    const before = calls[0]?.quality?.packetsReceived ?? 0;
    await bob.until((s) => (s.calls[0]?.quality?.packetsReceived ?? 0) > before + 50, 'sound after the change');
    await hangUp();
    await page.reload();
    await aliceAndBob(page);
    assert.deepEqual((await alice.snapshot()).audio.processing, {
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    });
  });

  it('calls from the identity that was chosen, and is seen with it', async () => {
    const { registration } = await alice.snapshot();
    assert.deepEqual(
      registration.identities.map(({ uri }) => uri),
      ['sip:alice@ims.test', 'tel:+15550101'],
    );
    await alice.element.getByLabel('Call as').selectOption('tel:+15550101');
    await connect(alice, bob);
    const [own] = (await alice.snapshot()).calls;
    assert.match(own?.local ?? '', /^tel:\+15550101/);
    // The core asserts what P-Preferred-Identity asked for, if it is one of Alice's.
    const [seen] = (await bob.snapshot()).calls;
    assert.match(seen?.remote.uri ?? '', /^tel:\+15550101/);
    await hangUp();
  });

  it('lets the page choose the identity: nobody is asked', async () => {
    await page.evaluate(() => document.querySelector('ims-phone')?.setAttribute('identity', 'alice@ims.test'));
    await alice.element.getByLabel('Call as').waitFor({ state: 'detached' });
    await connect(alice, bob);
    const [seen] = (await bob.snapshot()).calls;
    assert.match(seen?.remote.uri ?? '', /^sip:alice@ims\.test/);
    await hangUp();
  });
});
