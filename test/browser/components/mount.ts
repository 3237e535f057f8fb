import { fixture, fixtureCleanup } from '@open-wc/testing';
import { html } from 'lit';
import '../../../src/components/account/define.js';
import '../../../src/components/phone/define.js';
import type { ImsAccount } from '../../../src/components/account/ims-account.js';
import type { ImsPhone } from '../../../src/components/phone/ims-phone.js';
import type { ClientSnapshot } from '../../../src/client/client-api.js';
import { FakeClient } from './fake-client.js';
import { readySnapshot } from './fake-states.js';

export interface MountedPhone {
  readonly phone: ImsPhone;
  readonly client: FakeClient;
  /** In the phone's shadow tree; throws when nothing matches. */
  readonly find: (selector: string) => HTMLElement;
  /** The same, or null. */
  readonly look: (selector: string) => HTMLElement | null;
  readonly settle: () => Promise<void>;
}

export async function mountPhone(snapshot: ClientSnapshot = readySnapshot, lang = 'en'): Promise<MountedPhone> {
  fixtureCleanup();
  const client = new FakeClient(snapshot);
  const phone = await fixture<ImsPhone>(html`<ims-phone lang=${lang} .client=${client}></ims-phone>`);
  return { phone, client, ...within(phone) };
}

export interface MountedAccount {
  readonly account: ImsAccount;
  readonly client: FakeClient;
  readonly find: (selector: string) => HTMLElement;
  readonly look: (selector: string) => HTMLElement | null;
  readonly settle: () => Promise<void>;
}

export async function mountAccount(snapshot: ClientSnapshot = readySnapshot): Promise<MountedAccount> {
  fixtureCleanup();
  const client = new FakeClient(snapshot);
  const account = await fixture<ImsAccount>(html`<ims-account .client=${client}></ims-account>`);
  return { account, client, ...within(account) };
}

function within(element: ImsPhone | ImsAccount): Pick<MountedPhone, 'find' | 'look' | 'settle'> {
  const look = (selector: string): HTMLElement | null => element.renderRoot.querySelector<HTMLElement>(selector);
  return {
    look,
    find(selector) {
      const found = look(selector);
      if (!found) throw new Error(`nothing matches ${selector}`);
      return found;
    },
    // The fake client answers in microtasks; a task is enough for all of them and the rendering.
    async settle() {
      await new Promise((resolve) => setTimeout(resolve));
      await element.updateComplete;
    },
  };
}

/** A key press as the element sees it, from wherever the focus is. */
export function pressKey(target: EventTarget, key: string): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}
