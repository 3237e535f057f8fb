import type { Locator, Page } from 'playwright-core';
import type { ClientSnapshot } from '../../src/client/client-api.js';

/** One phone of the demo page, as a person sees it, with a look behind the scenes. */
export class PhoneOnPage {
  readonly element: Locator;

  /** @param index 0 alice, 1 bob */
  constructor(
    private readonly page: Page,
    private readonly index: number,
  ) {
    this.element = page.locator('ims-phone').nth(index);
  }

  button(name: string | RegExp): Locator {
    return this.element.getByRole('button', { name });
  }

  /** Types an address and presses Enter, after what was left on the screen by the last call. */
  async dial(target: string): Promise<void> {
    const done = this.button('Done');
    if (await done.isVisible()) await done.click();
    const entry = this.element.locator('[part~=entry-input]');
    await entry.fill(target);
    await entry.press('Enter');
  }

  snapshot(): Promise<ClientSnapshot> {
    return this.page.evaluate((index) => {
      const account = document.querySelectorAll('ims-account')[index];
      const snapshot = account?.client?.snapshot;
      if (!snapshot) throw new Error('no client yet');
      return snapshot;
    }, this.index);
  }

  /** Waits until the snapshot is as wanted. @returns it */
  async until(wanted: (snapshot: ClientSnapshot) => boolean, what: string, timeout = 30_000): Promise<ClientSnapshot> {
    const end = Date.now() + timeout;
    let last: ClientSnapshot | null = null;
    while (Date.now() < end) {
      last = await this.snapshot().catch(() => null);
      if (last && wanted(last)) return last;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`${what} did not come within ${timeout} ms: ${JSON.stringify(last)}`);
  }

  /** ms from the load of the page to its registration. */
  async registrationTime(): Promise<number> {
    const { registration } = await this.registered();
    return registration.since - (await this.page.evaluate(() => performance.timeOrigin));
  }

  async registerAgain(): Promise<void> {
    await this.page.evaluate((i) => document.querySelectorAll('ims-account')[i]?.client?.register(), this.index);
  }

  async unregister(): Promise<void> {
    await this.page.evaluate((i) => document.querySelectorAll('ims-account')[i]?.client?.unregister(), this.index);
  }

  registered(timeout?: number): Promise<ClientSnapshot> {
    return this.until((s) => s.registration.state === 'registered', 'registration', timeout);
  }

  call(state: string, timeout?: number): Promise<ClientSnapshot> {
    return this.until((s) => s.calls.some((call) => call.state === state), `a call that is ${state}`, timeout);
  }

  /** Sound arrives. */
  hearing(timeout?: number): Promise<ClientSnapshot> {
    return this.until(
      (s) =>
        s.calls.some((call) => (call.quality?.packetsReceived ?? 0) > 20 && (call.quality?.outputLevel ?? 0) > 0.05),
      'sound',
      timeout,
    );
  }

  idle(timeout?: number): Promise<ClientSnapshot> {
    return this.until((s) => s.calls.every((call) => call.state === 'ended'), 'the end of all calls', timeout);
  }
}

/** Alice and Bob of the demo page, both registered. */
export async function aliceAndBob(page: Page): Promise<readonly [PhoneOnPage, PhoneOnPage]> {
  const phones = [new PhoneOnPage(page, 0), new PhoneOnPage(page, 1)] as const;
  for (const phone of phones) await phone.registered();
  return phones;
}

/** Alice calls Bob, who answers; both ends are up. */
export async function connect(alice: PhoneOnPage, bob: PhoneOnPage): Promise<void> {
  await alice.dial('bob@ims.test');
  await alice.call('ringing-out');
  await bob.call('ringing-in');
  await bob.button('Answer').click();
  await alice.call('active');
  await bob.call('active');
}
