import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { aliceAndBob } from './phone.js';
import { startStage, type Stage } from './stage.js';

describe('Messages between two clients on a page', { timeout: 120_000 }, () => {
  let stage: Stage;
  let page: Page;

  before(async () => {
    stage = await startStage();
    page = await stage.newPage();
    await aliceAndBob(page);
  });
  after(() => stage.close());

  /** Alice writes to Bob. */
  function write(text: string): Promise<string> {
    return page.evaluate(async (body) => {
      const outcome = await document.querySelectorAll('ims-account')[0]?.client?.sendMessage('bob@ims.test', body);
      return outcome?.state === 'failed' ? outcome.failure.reason : `${outcome?.state}`;
    }, text);
  }

  it('are taken while somebody listens, as text', async () => {
    assert.equal(await write('nobody reads this'), 'message-unsupported');
    const reading = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const got: string[] = [];
          const off = document.querySelectorAll('ims-account')[1]?.client?.onMessage(({ from, text }) => {
            got.push(from.uri, text);
            if (got.length < 4) return;
            off?.();
            resolve(got);
          });
        }),
    );
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    const long = '<img src=x onerror=alert(1)> '.repeat(100);
    assert.deepEqual([await write('Grüße 👋'), await write(long)], ['delivered', 'delivered']);
    assert.deepEqual(await reading, ['sip:alice@ims.test', 'Grüße 👋', 'sip:alice@ims.test', long]);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    assert.equal(await write('nor this'), 'message-unsupported');
  });
});
