import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aliceAndBob, connect, PhoneOnPage } from './phone.js';
import { startStage } from './stage.js';

describe('When something is missing', { timeout: 180_000 }, () => {
  it('names a companion that dies in mid-call, and recovers by itself when it is back', async () => {
    const stage = await startStage();
    try {
      const page = await stage.newPage();
      const [alice, bob] = await aliceAndBob(page);
      await connect(alice, bob);
      await alice.hearing();

      await stage.stopCompanion();
      const lost = await alice.until((s) => s.link.failure !== null, 'a named failure');
      assert.match(lost.link.failure?.reason ?? '', /^companion-(lost|absent)$/);
      await alice.element
        .getByText(/companion/i)
        .first()
        .waitFor();
      await alice.until((s) => s.calls.every((call) => call.state === 'ended'), 'the end of the call');

      await stage.restartCompanion();
      const back = await alice.until(
        (s) => s.link.state === 'connected' && s.registration.state === 'registered',
        'registration after the loss',
        20_000,
      );
      assert.equal(back.link.failure, null);
      await bob.registered(20_000);
      await connect(alice, bob);
      await alice.hearing();
      await bob.hearing();
    } finally {
      await stage.close();
    }
  });

  it('says that no companion is there, and starts when one comes', async () => {
    const stage = await startStage();
    try {
      await stage.stopCompanion();
      const page = await stage.newPage();
      const alice = new PhoneOnPage(page, 0);
      const absent = await alice.until((s) => s.link.failure !== null, 'a named failure');
      assert.equal(absent.link.failure?.reason, 'companion-absent');
      await page
        .locator('ims-account')
        .first()
        .getByText(/companion/i)
        .first()
        .waitFor();
      await stage.restartCompanion();
      await alice.registered(20_000);
    } finally {
      await stage.close();
    }
  });

  it('pairs by a code that a person types, once', async () => {
    const stage = await startStage({ trusted: false });
    try {
      let page = await stage.newPage();
      let alice = new PhoneOnPage(page, 0);
      await alice.until((s) => s.link.state === 'unpaired', 'the question for a code');
      const account = page.locator('ims-account').first();
      const input = account.getByRole('textbox');
      await input.fill('wrong-code');
      await input.press('Enter');
      await account.getByText('That is not the code the companion shows.').waitFor();
      const code = stage.companion.pair({ origin: stage.origin, destinations: ['loopback:1-65535'] });
      await input.fill(code);
      await input.press('Enter');
      await alice.registered();

      // The token outlives the page.
      await page.close();
      page = await stage.newPage();
      alice = new PhoneOnPage(page, 0);
      await alice.registered();

      // And is of no use once it is revoked.
      assert.ok(stage.companion.revoke(stage.origin) > 0);
      await alice.until((s) => s.link.state === 'unpaired', 'the end of the pairing');
    } finally {
      await stage.close();
    }
  });

  it('keeps talking in a hidden tab', async () => {
    const stage = await startStage();
    try {
      const page = await stage.newPage();
      const [alice, bob] = await aliceAndBob(page);
      await connect(alice, bob);
      await alice.hearing();
      const other = await stage.context.newPage();
      await other.goto('about:blank');
      await other.bringToFront();
      const start = await alice.snapshot();
      await new Promise((resolve) => setTimeout(resolve, 5000));
      const end = await alice.snapshot();
      const sent = (end.calls[0]?.quality?.packetsSent ?? 0) - (start.calls[0]?.quality?.packetsSent ?? 0);
      const received = (end.calls[0]?.quality?.packetsReceived ?? 0) - (start.calls[0]?.quality?.packetsReceived ?? 0);
      // The figures are up to a second old, and the machine may be busy; a throttled timer would make five packets.
      assert.ok(sent > 150 && received > 150, `sent ${sent}, received ${received} in 5 s`);
    } finally {
      await stage.close();
    }
  });

  it('explains a wrong password', async () => {
    const stage = await startStage();
    try {
      const page = await stage.newPage('/');
      const alice = new PhoneOnPage(page, 0);
      await alice.registered();
      const account = page.locator('ims-account').first();
      await account.getByRole('button', { name: 'Sign out' }).click();
      await alice.until((s) => s.registration.state === 'unregistered', 'signing out');
      await page.evaluate(() => {
        const element = document.querySelector('ims-account');
        if (element?.account) element.account = { ...element.account, password: 'wrong' };
      });
      const failed = await alice.until((s) => s.registration.failure !== null, 'a named failure');
      assert.equal(failed.registration.failure?.reason, 'credentials-rejected');
    } finally {
      await stage.close();
    }
  });
});
