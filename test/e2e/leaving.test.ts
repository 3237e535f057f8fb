import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { FarPhone } from './far-phone.js';
import { aliceAndBob, connect } from './phone.js';
import { startStage, type Stage } from './stage.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** ms until the core has no contact of a user any more. */
async function gone(stage: Stage, user: string, limit = 2000): Promise<number> {
  const start = performance.now();
  while (stage.core.location.of(user).length > 0) {
    const waited = performance.now() - start;
    assert.ok(waited < limit, `${user} is still registered after ${waited.toFixed(0)} ms`);
    await pause(10);
  }
  return performance.now() - start;
}

for (const transport of ['udp', 'tcp'] as const) {
  describe(`A page that goes (${transport})`, { timeout: 120_000 }, () => {
    let stage: Stage;
    before(async () => (stage = await startStage({ transport })));
    after(() => stage.close());

    it('is not registered any more when its tab was closed', async () => {
      const page = await stage.newPage();
      await aliceAndBob(page);
      assert.equal(stage.core.location.size, 2);
      await page.close();
      await gone(stage, 'alice');
      await gone(stage, 'bob');
    });

    it('nor when its tab has crashed', async () => {
      const page = await stage.newPage();
      await aliceAndBob(page);
      await page.goto('chrome://crash').catch(() => undefined);
      await gone(stage, 'alice');
      await gone(stage, 'bob');
      await page.close();
    });

    it('nor when the person went to another page', async () => {
      const page = await stage.newPage();
      await aliceAndBob(page);
      await page.goto('about:blank');
      await gone(stage, 'alice');
      await gone(stage, 'bob');
      await page.close();
    });

    it('stays registered when it is loaded again, and can be called', async () => {
      const page = await stage.newPage();
      await aliceAndBob(page);
      for (let i = 0; i < 3; i++) {
        await page.reload();
        await aliceAndBob(page);
      }
      const [alice, bob] = await aliceAndBob(page);
      await pause(1500);
      for (const user of ['alice', 'bob']) assert.equal(stage.core.location.of(user).length, 1, user);
      await connect(alice, bob);
      await page.close();
      await gone(stage, 'alice');
    });

    describe('in a call', () => {
      let page: Page;
      let carol: FarPhone;
      beforeEach(async () => {
        page = await stage.newPage();
        carol = await FarPhone.start(stage.core.proxyUri(transport));
      });
      afterEach(async () => {
        await page.close();
        await carol.stop();
        await gone(stage, 'alice');
      });

      const ways: Readonly<Record<string, () => Promise<unknown>>> = {
        'its tab was closed': () => page.close(),
        'its tab has crashed': () => page.goto('chrome://crash').catch(() => undefined),
        'it was loaded again': () => page.reload(),
      };
      for (const [how, leave] of Object.entries(ways)) {
        it(`ends the call when ${how}`, async () => {
          const [alice] = await aliceAndBob(page);
          await alice.dial('carol@ims.test');
          await carol.answer();
          await alice.call('active');
          await carol.until('active');
          await pause(300);
          await leave();
          const { endedBy, failure } = await carol.until('ended', 2000);
          assert.deepEqual({ endedBy, failure }, { endedBy: 'remote', failure: null });
        });
      }

      it('ends a call that it has answered, after a hold', async () => {
        const [alice] = await aliceAndBob(page);
        carol.call('alice@ims.test');
        await alice.call('ringing-in');
        await alice.button('Answer').click();
        await alice.call('active');
        await alice.button('Hold').click();
        await alice.until(({ calls }) => calls.some(({ localHold }) => localHold), 'hold');
        await pause(300);
        await page.close();
        assert.equal((await carol.until('ended', 2000)).endedBy, 'remote');
      });

      it('cancels a call that rings there', async () => {
        const [alice] = await aliceAndBob(page);
        await alice.dial('carol@ims.test');
        await carol.until('ringing-in');
        await alice.call('ringing-out');
        await pause(300);
        await page.close();
        assert.equal((await carol.until('ended', 2000)).endedBy, 'remote');
      });

      it('refuses a call that rings here', async () => {
        const [alice] = await aliceAndBob(page);
        carol.call('alice@ims.test');
        await alice.call('ringing-in');
        await pause(300);
        await page.close();
        const { failure } = await carol.until('ended', 2000);
        assert.equal(failure?.status, 480);
      });
    });
  });
}
