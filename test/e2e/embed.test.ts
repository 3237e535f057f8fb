import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, ensureChromium } from '../../tools/chromium.mjs';
import { PageServer } from '../../tools/demo/page-server.js';
import { snippets } from '../docs/snippets.js';

describe('The embed snippets', { timeout: 60_000 }, () => {
  it('work as they stand in the documents', async () => {
    const site = mkdtempSync(join(tmpdir(), 'ims-embed-'));
    for (const part of ['ims-elements.js', 'workers', 'wasm'])
      cpSync(join('dist', part), join(site, part), { recursive: true });
    const server = await PageServer.start({ directory: site, port: 0, configuration: () => null });
    const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...CHROMIUM_FLAGS] });
    try {
      const blocks = snippets('html').filter(({ text }) => text.includes('<ims-phone'));
      assert.ok(blocks.length >= 2);
      for (const { document, text } of blocks) {
        writeFileSync(
          join(site, 'index.html'),
          `<!doctype html><html lang="en"><head><link rel="icon" href="data:,"></head><body>${text}</body></html>`,
        );
        const page = await browser.newPage();
        const complaints: string[] = [];
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text());
        });
        await page.goto(server.url);
        await page.getByRole('button', { name: 'Sign in' }).waitFor();
        assert.equal(await page.getByRole('textbox', { name: 'Address' }).inputValue(), 'alice@example.com', document);
        await page.locator('ims-phone [part~=entry-input]').waitFor();
        assert.deepEqual(complaints, [], document);
        await page.close();
      }
    } finally {
      await browser.close();
      server.close();
      rmSync(site, { recursive: true, force: true });
    }
  });
});
