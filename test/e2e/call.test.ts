import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { aliceAndBob, connect, type PhoneOnPage } from './phone.js';
import { startStage, type Stage } from './stage.js';

describe('A call from a web page', { timeout: 180_000 }, () => {
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

  async function over(): Promise<void> {
    await alice.idle();
    await bob.idle();
    for (const phone of [alice, bob]) {
      await phone.until((s) => s.calls.length === 0, 'a free line', 15_000);
    }
    assert.equal(stage.core.usage.forwardings, 0);
  }

  it('rings, is answered, is heard in both directions, and ends when the caller hangs up', async () => {
    await connect(alice, bob);
    const heard = await alice.hearing();
    await bob.hearing();
    const quality = heard.calls[0]?.quality;
    assert.ok(quality && quality.lossReceived < 0.05, JSON.stringify(quality));
    assert.match(quality.codec, /^PCM[AU]$/);
    await alice.button('Hang up').click();
    await over();
    const { history } = await alice.snapshot();
    assert.equal(history[0]?.direction, 'out');
  });

  it('ends when the callee hangs up, and closes the microphone', async () => {
    await connect(alice, bob);
    await bob.hearing();
    await bob.button('Hang up').click();
    await over();
  });

  it('is cancelled while it rings', async () => {
    await alice.dial('bob@ims.test');
    await bob.call('ringing-in');
    await alice.button('Cancel').click();
    await over();
    const { history } = await bob.snapshot();
    assert.equal(history[0]?.missed, true);
  });

  it('is declined with a sentence for the caller', async () => {
    await alice.dial('bob@ims.test');
    await bob.call('ringing-in');
    await bob.button('Decline').click();
    const ended = await alice.until((s) => s.calls[0]?.state === 'ended', 'the end');
    assert.equal(ended.calls[0]?.failure?.reason, 'declined');
    await alice.element
      .getByText(/declined/i)
      .first()
      .waitFor();
    await over();
  });

  it('tells that an address is unknown', async () => {
    await alice.dial('nobody@ims.test');
    const ended = await alice.until((s) => s.calls[0]?.state === 'ended', 'the end');
    assert.equal(ended.calls[0]?.failure?.reason, 'not-found');
    await over();
  });

  it('is held and resumed', async () => {
    await connect(alice, bob);
    await alice.hearing();
    await alice.button('Hold').click();
    await alice.until((s) => s.calls[0]?.localHold === true, 'hold');
    await bob.until((s) => s.calls[0]?.remoteHold === true, 'being held');
    await alice.button('Resume').first().click();
    await alice.until((s) => s.calls[0]?.localHold === false, 'resume');
    await bob.until((s) => s.calls[0]?.remoteHold === false, 'being resumed');
    await bob.hearing();
    await alice.button('Hang up').click();
    await over();
  });

  it('is muted: the other side hears silence', async () => {
    await connect(alice, bob);
    await bob.hearing();
    await alice.button('Mute').click();
    await bob.until((s) => (s.calls[0]?.quality?.outputLevel ?? 1) < 0.01, 'silence');
    await alice
      .button(/unmute|mute/i)
      .first()
      .click();
    await bob.hearing();
    await bob.button('Hang up').click();
    await over();
  });

  it('sends digits', async () => {
    await connect(alice, bob);
    await alice.button('Keypad').click();
    for (const digit of ['1', '2', '#']) await alice.element.locator('[part~=key]', { hasText: digit }).first().click();
    const sent = await alice.until((s) => s.calls[0]?.digitsSent === '12#', 'digits');
    assert.equal(sent.calls[0]?.digitsSent, '12#');
    await bob.until((s) => s.calls[0]?.digitsReceived === '12#', 'the digits at the other end');
    await bob.element.getByText('Digits received 12#').waitFor();
    await bob.button('Hang up').click();
    await over();
  });
});
