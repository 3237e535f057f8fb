import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
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
  });
}
