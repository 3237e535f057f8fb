import { expect, fixture, fixtureCleanup } from '@open-wc/testing';
import { html } from 'lit';
import { EMPTY_CLIENT_SNAPSHOT, type ClientOptions } from '../../../src/client/client-api.js';
import { ImsAccount } from '../../../src/components/account/ims-account.js';
import type { ImsSignInRequestEvent } from '../../../src/components/events.js';
import { en } from '../../../src/components/strings/en.js';
import { FakeClient } from './fake-client.js';
import { PHONE_STATES, readySnapshot } from './fake-states.js';
import { mountAccount, type MountedAccount } from './mount.js';

const text = (element: Element): string => element.textContent.replace(/\s+/g, ' ').trim();

async function fill({ find, settle }: MountedAccount, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) (find(`input[name=${name}]`) as HTMLInputElement).value = value;
  (find('form') as HTMLFormElement).requestSubmit();
  await settle();
}

describe('ImsAccount', () => {
  it('signs in with what the form says', async () => {
    const mounted = await mountAccount(EMPTY_CLIENT_SNAPSHOT);
    await fill(mounted, { identity: 'alice@ims.test', password: 'secret', server: '127.0.0.10:5060' });
    expect(mounted.client.asked).to.deep.equal([
      ['configure', { publicIdentity: 'sip:alice@ims.test', password: 'secret', proxy: '127.0.0.10:5060' }],
      ['register'],
    ]);
    expect(text(mounted.find('.state'))).to.equal(en.status.registered);
    expect(mounted.account.outerHTML).to.not.contain('secret');
    expect(mounted.account.matches(':state(registered)')).to.equal(true);
  });

  it('takes from attributes what the form does not ask', async () => {
    const mounted = await mountAccount(EMPTY_CLIENT_SNAPSHOT);
    mounted.account.setAttribute('dtx', '');
    mounted.account.setAttribute('display-name', 'Alice');
    await fill(mounted, { identity: 'alice@ims.test', password: 'secret' });
    expect(mounted.client.asked[0]).to.deep.equal([
      'configure',
      { publicIdentity: 'sip:alice@ims.test', password: 'secret', displayName: 'Alice', dtx: true },
    ]);
  });

  it('says what is missing, and goes there', async () => {
    const mounted = await mountAccount(EMPTY_CLIENT_SNAPSHOT);
    await fill(mounted, { identity: 'nobody', password: '' });
    expect(text(mounted.find('#identity-error'))).to.equal(en.account.identityInvalid);
    expect(text(mounted.find('#password-error'))).to.equal(en.account.passwordMissing);
    expect(mounted.account.shadowRoot!.activeElement === mounted.find('[name=identity]')).to.equal(true);
    expect(mounted.client.asked).to.deep.equal([]);
  });

  it('leaves a prevented sign-in to the page', async () => {
    const mounted = await mountAccount(EMPTY_CLIENT_SNAPSHOT);
    let seen: ImsSignInRequestEvent | null = null;
    const stop = (event: ImsSignInRequestEvent): void => {
      seen = event;
      event.preventDefault();
    };
    document.body.addEventListener('ims-sign-in-request', stop);
    await fill(mounted, { identity: 'alice@ims.test', password: 'secret' });
    document.body.removeEventListener('ims-sign-in-request', stop);
    expect(seen!).to.have.nested.property('account.publicIdentity', 'sip:alice@ims.test');
    expect(mounted.client.asked).to.deep.equal([]);
  });

  it('shows pairing, and goes on by itself once paired', async () => {
    const { find, look, client, settle } = await mountAccount(PHONE_STATES['failure-companion-unpaired']);
    const code = find('.code') as HTMLInputElement;
    code.value = '1234';
    code.dispatchEvent(new InputEvent('input', { bubbles: true }));
    (find('form.pairing') as HTMLFormElement).requestSubmit();
    await settle();
    expect(client.calls('pair')).to.deep.equal([['1234']]);
    expect(look('.code')).to.equal(null);
  });

  it('offers the form again when the password was wrong', async () => {
    const { account, find, settle } = await mountAccount(PHONE_STATES['failure-credentials-rejected']);
    expect(text(find('div.problem'))).to.contain(en.failures['credentials-rejected'].sentence);
    find('[part~=remedy-button]').click();
    await settle();
    expect(account.shadowRoot!.activeElement === find('[name=identity]')).to.equal(true);
  });

  it('signs out and in again', async () => {
    const mounted = await mountAccount(readySnapshot);
    mounted.account.account = { publicIdentity: 'sip:alice@ims.test', password: 'x' };
    await mounted.settle();
    mounted.find('.button').click();
    await mounted.settle();
    expect(text(mounted.find('.state'))).to.equal(en.status.unregistered);
    mounted.find('.button').click();
    await mounted.settle();
    expect(mounted.client.asked.map(([name]) => name)).to.deep.equal(['configure', 'unregister', 'register']);
  });

  describe('with a client of its own', () => {
    const made: { client: FakeClient; options: ClientOptions }[] = [];
    const before_ = ImsAccount.createClient;
    beforeEach(() => {
      made.length = 0;
      fixtureCleanup();
      ImsAccount.createClient = (options) => {
        const client = new FakeClient();
        made.push({ client, options });
        return client;
      };
    });
    after(() => {
      ImsAccount.createClient = before_;
    });

    it('makes it once identity and credentials are known, and registers if told to', async () => {
      const account = await fixture<ImsAccount>(
        html`<ims-account
          identity="alice@ims.test"
          proxy="127.0.0.10"
          transport="tcp"
          companion-url="http://127.0.0.1:9"
          auto-register
        ></ims-account>`,
      );
      expect(made).to.have.length(0);
      account.credentials = { password: 'secret' };
      await account.updateComplete;
      await new Promise((resolve) => setTimeout(resolve));
      expect(made).to.have.length(1);
      expect(made[0]?.options).to.deep.equal({ companionUrl: 'http://127.0.0.1:9' });
      expect(made[0]?.client.asked).to.deep.equal([
        [
          'configure',
          { publicIdentity: 'sip:alice@ims.test', password: 'secret', proxy: '127.0.0.10', transport: 'tcp' },
        ],
        ['register'],
      ]);
    });

    it('keeps it while it is moved and closes it after it is gone', async function () {
      this.timeout(12_000);
      const place = await fixture<HTMLElement>(
        html`<div>
          <p></p>
          <ims-account></ims-account><ims-phone></ims-phone>
        </div>`,
      );
      const account = place.querySelector('ims-account')!;
      account.account = { publicIdentity: 'sip:alice@ims.test', password: 'x' };
      await account.updateComplete;
      const client = made[0]!.client;
      place.querySelector('p')!.append(account);
      await account.updateComplete;
      await new Promise((resolve) => setTimeout(resolve, 3300));
      expect(client.closed).to.equal(false);
      expect(client.listeners, 'account and phone').to.equal(2);
      account.remove();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(client.closed).to.equal(false);
      await new Promise((resolve) => setTimeout(resolve, 1800));
      expect(client.closed).to.equal(true);
    });
  });

  describe('and the phones that use it', () => {
    it('are found by id, around, or as the only one, in whatever order they come', async () => {
      fixtureCleanup();
      const place = await fixture<HTMLElement>(
        html`<div>
          <ims-phone id="far" for="b"></ims-phone>
          <ims-phone id="any"></ims-phone>
          <ims-account id="a"><ims-phone id="inside"></ims-phone></ims-account>
          <ims-account id="b"></ims-account>
        </div>`,
      );
      const [a, b] = [new FakeClient(), new FakeClient()];
      place.querySelector<ImsAccount>('#a')!.client = a;
      place.querySelector<ImsAccount>('#b')!.client = b;
      for (const [id, client] of [
        ['far', b],
        ['any', a],
        ['inside', a],
      ] as const) {
        const phone = place.querySelector<HTMLElementTagNameMap['ims-phone']>(`#${id}`)!;
        phone.call('1');
        await new Promise((resolve) => setTimeout(resolve));
        expect(client.calls('call'), id).to.have.length(1);
        client.asked.length = 0;
      }
    });

    it('send people to its form', async () => {
      fixtureCleanup();
      const place = await fixture<HTMLElement>(html`<div><ims-account></ims-account><ims-phone></ims-phone></div>`);
      const account = place.querySelector('ims-account')!;
      account.client = new FakeClient(PHONE_STATES['failure-credentials-missing']);
      const phone = place.querySelector('ims-phone')!;
      await phone.updateComplete;
      phone.renderRoot.querySelector<HTMLElement>('[part~=remedy-button]')!.click();
      await new Promise((resolve) => setTimeout(resolve));
      expect(account.shadowRoot!.activeElement).to.have.property('name', 'identity');
    });
  });
});
