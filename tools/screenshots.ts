/**
 * `npm run screenshots`: the pictures of the README, from the gallery's states.
 * `-- NAME...` takes only those; `-- --to FOLDER` puts them elsewhere.
 */
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, ensureChromium } from './chromium.mjs';
import { serveGallery } from './gallery-server.js';

interface Shot {
  readonly name: string;
  /** Gallery state. */
  readonly only: string;
  /** CSS pixels of the element. */
  readonly width: number;
  readonly query?: string;
  /** Height of the window, taken whole: for dialogs, which are not in the element's box. */
  readonly page?: number;
  /** Pressed before the picture is taken. */
  readonly click?: string;
  readonly scheme?: 'light' | 'dark';
}

const SHOTS: readonly Shot[] = [
  { name: 'overview', only: 'ready,ringing-in,active', width: 1160 },
  { name: 'overview-dark', only: 'ready,ringing-in,active', width: 1160, scheme: 'dark' },
  { name: 'ready', only: 'ready', width: 360 },
  { name: 'ready-dark', only: 'ready', width: 360, scheme: 'dark' },
  { name: 'ready-240', only: 'ready', width: 240 },
  { name: 'ready-768', only: 'ready', width: 768 },
  { name: 'ready-1920', only: 'ready', width: 1920 },
  { name: 'incoming', only: 'ringing-in', width: 360 },
  { name: 'active', only: 'active', width: 360 },
  { name: 'active-dark', only: 'active', width: 360, scheme: 'dark' },
  { name: 'active-240', only: 'active', width: 240 },
  { name: 'quality', only: 'active', width: 360, click: '.quality' },
  { name: 'held', only: 'held', width: 360 },
  { name: 'call-waiting', only: 'call-waiting', width: 360 },
  { name: 'busy', only: 'failure-busy', width: 360 },
  { name: 'companion-absent', only: 'failure-companion-absent', width: 360 },
  { name: 'pairing', only: 'failure-companion-unpaired', width: 360, query: 'element=account' },
  { name: 'sign-in', only: 'form', width: 360, query: 'element=account' },
  { name: 'settings', only: 'ready', width: 420, click: '[part~=settings-button]', page: 1120 },
  { name: 'connection', only: 'ready', width: 420, click: '[part~=status]', page: 560 },
  { name: 'account', only: 'ready', width: 360, query: 'element=account', click: 'summary' },
  { name: 'rtl', only: 'active', width: 360, query: 'lang=ar' },
];

const names = process.argv.slice(2);
const to = names.indexOf('--to');
const folder = to < 0 ? 'docs/screenshots' : (names.splice(to, 2)[1] ?? 'build/screenshots');
mkdirSync(folder, { recursive: true });

const gallery = await serveGallery();
const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...CHROMIUM_FLAGS] });
try {
  for (const shot of SHOTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const page = await browser.newPage({
      viewport: { width: shot.width, height: shot.page ?? 200 },
      deviceScaleFactor: shot.width > 1200 ? 1 : 2,
      colorScheme: shot.scheme ?? 'light',
      reducedMotion: 'reduce',
    });
    await page.goto(`${gallery.url}?only=${shot.only}&${shot.query ?? ''}`);
    if (shot.click) await page.locator(shot.click).first().click();
    const options = { path: `${folder}/${shot.name}.png`, animations: 'disabled' } as const;
    await (shot.page === undefined ? page.locator('main').screenshot(options) : page.screenshot(options));
    await page.close();
  }
} finally {
  await browser.close();
  gallery.close();
}
