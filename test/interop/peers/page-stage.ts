import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { startCompanion, type Companion } from '../../../companion/server/companion.js';
import type { Account } from '../../../src/ims/account.js';
import { CHROMIUM_FLAGS, ensureChromium, FAKE_MICROPHONE_FLAGS } from '../../../tools/chromium.mjs';
import { PageServer } from '../../../tools/demo/page-server.js';
import { PhoneOnPage } from '../../e2e/phone.js';
import { resample } from '../../sound/resample.js';
import type { Sound } from '../../sound/wav-file.js';

/** A page with one phone of ours in Chromium, and the companion that gives it sockets. */
export class PageStage {
  #context: BrowserContext | null = null;
  #page: Page | null = null;

  private constructor(
    private readonly browser: Browser,
    private readonly server: PageServer,
    private readonly companion: Companion,
    private readonly account: { current: unknown },
  ) {}

  /** @param microphone WAV file that the fake microphone plays, again and again */
  static async start(folder: string, microphone: string): Promise<PageStage> {
    if (!existsSync('dist/ims-elements.js')) throw new Error('dist/ is missing: npm run build');
    const site = join(folder, 'site');
    cpSync('test/interop/page/index.html', join(site, 'index.html'));
    for (const part of ['ims-elements.js', 'workers', 'wasm'])
      cpSync(join('dist', part), join(site, part), { recursive: true });
    const configuration = { current: null as unknown };
    const server = await PageServer.start({ directory: site, port: 0, configuration: () => configuration.current });
    const companion = await startCompanion({
      port: 0,
      trustedOrigins: server.origins,
      stateDirectory: join(folder, 'companion'),
    });
    const browser = await chromium.launch({
      executablePath: ensureChromium(),
      headless: true,
      // In a guest kernel it takes its time.
      timeout: 120_000,
      args: [...CHROMIUM_FLAGS, ...FAKE_MICROPHONE_FLAGS, `--use-file-for-fake-audio-capture=${microphone}`],
    });
    return new PageStage(browser, server, companion, configuration);
  }

  /** Opens the page for an account and waits until it is registered, or connected where it does not register. */
  async open(account: Account): Promise<PhoneOnPage> {
    const phone = await this.show(account);
    await (account.register === false
      ? phone.until(({ link }) => link.state === 'connected', 'the companion')
      : phone.registered());
    return phone;
  }

  /** Opens the page for an account, whatever becomes of it. */
  async show(account: Account): Promise<PhoneOnPage> {
    await this.#context?.close();
    this.account.current = { account, companionUrl: `http://127.0.0.1:${this.companion.port}` };
    this.#context = await this.browser.newContext();
    await this.#context.addInitScript({ path: 'test/interop/page/ear.js' });
    this.#page = await this.#context.newPage();
    await this.#page.goto(this.server.url);
    return new PhoneOnPage(this.#page, 0);
  }

  /** Loads the same page again, as a person does. */
  async reload(): Promise<void> {
    await this.#page?.reload();
  }

  /** Closes the page as a person closes a tab. */
  async leave(): Promise<void> {
    await this.#page?.close();
  }

  /** The account element of the page that is open. */
  get accountElement(): Locator {
    if (!this.#page) throw new Error('no page is open');
    return this.#page.locator('ims-account');
  }

  /** Forgets what was heard so far. */
  async startHearing(): Promise<void> {
    await this.#page?.evaluate('startHearing()');
  }

  /** What went to the loudspeaker, at 8 kHz. */
  async heard(): Promise<Sound> {
    const raw: unknown = await this.#page?.evaluate('heard()');
    if (!isRaw(raw)) throw new Error('the page has no ear');
    const octets = Buffer.from(raw.base64, 'base64');
    const samples = new Int16Array(octets.length / 2);
    samples.forEach((_, i) => (samples[i] = octets.readInt16LE(2 * i)));
    return resample({ sampleRate: raw.sampleRate, samples }, 8000);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.companion.close();
    this.server.close();
  }
}

function isRaw(value: unknown): value is { readonly sampleRate: number; readonly base64: string } {
  return typeof value === 'object' && value !== null && 'sampleRate' in value && 'base64' in value;
}
