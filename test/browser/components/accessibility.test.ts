import { expect } from '@open-wc/testing';
import { registerStrings } from '../../../src/components/strings/registry.js';
import { ar } from '../../../src/components/strings/ar.js';
import { PHONE_STATES, active, readySnapshot } from './fake-states.js';
import { mountAccount, mountPhone } from './mount.js';
import { EMPTY_CLIENT_SNAPSHOT } from '../../../src/client/client-api.js';

/** Resting colours: axe measures contrast, and a breathing label is at any moment something else. */
function rest(element: Element): void {
  for (const animation of element.getAnimations({ subtree: true })) animation.cancel();
  for (const inner of element.shadowRoot?.querySelectorAll('*') ?? [])
    for (const animation of inner.getAnimations()) animation.cancel();
}

describe('axe finds nothing', function () {
  this.timeout(60_000);

  for (const scheme of ['light', 'dark'] as const) {
    describe(scheme, () => {
      before(() => {
        document.documentElement.style.colorScheme = scheme;
        document.body.style.background = scheme === 'dark' ? '#000' : '#fff';
      });
      after(() => {
        document.documentElement.style.colorScheme = '';
        document.body.style.background = '';
      });

      for (const [name, snapshot] of Object.entries(PHONE_STATES)) {
        it(`in ims-phone ${name}`, async () => {
          const { phone } = await mountPhone(snapshot);
          rest(phone);
          await expect(phone).to.be.accessible();
        });
        it(`in ims-account ${name}`, async () => {
          const { account } = await mountAccount(snapshot);
          rest(account);
          await expect(account).to.be.accessible();
        });
      }
    });
  }

  it('in the sign-in form with errors', async () => {
    const { account, find, settle } = await mountAccount(EMPTY_CLIENT_SNAPSHOT);
    find('button[type=submit]').click();
    await settle();
    expect(find('#identity-error').textContent).to.contain('address');
    await expect(account).to.be.accessible();
  });

  for (const panel of ['.quality', '.control:nth-child(3)', '.control:nth-child(4)']) {
    it(`with the panel of ${panel} open`, async () => {
      const { phone, find, settle } = await mountPhone({ ...readySnapshot, calls: [active] });
      find(panel).click();
      await settle();
      expect(find('.panel').hidden).to.equal(false);
      await expect(phone).to.be.accessible();
    });
  }

  it('with recents, suggestions, and the connection dialog open', async () => {
    const { phone, find, settle } = await mountPhone();
    find('.recents-toggle').click();
    await settle();
    await expect(phone).to.be.accessible();
    find('.entry-input').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }),
    );
    await settle();
    expect(find('.suggestions').hidden).to.equal(false);
    await expect(phone).to.be.accessible();
    find('.status').click();
    await settle();
    await expect(phone).to.be.accessible();
  });

  for (const scheme of ['light', 'dark'] as const)
    it(`with the settings open, a codec picked up, ${scheme}`, async () => {
      const { phone, find, settle } = await mountPhone();
      phone.style.colorScheme = scheme;
      find('[part~=settings-button]').click();
      await settle();
      await settle();
      expect((find('.settings') as HTMLDialogElement).open).to.equal(true);
      find('.handle').click();
      await settle();
      expect(find('.codec.held')).to.not.equal(null);
      rest(phone);
      await expect(phone).to.be.accessible();
    });

  it('in the sign-in form for the keys of a SIM, with errors', async () => {
    const { account, find, settle } = await mountAccount(EMPTY_CLIENT_SNAPSHOT);
    (find('details.more') as HTMLDetailsElement).open = true;
    const secret = find('[name=secret]') as HTMLSelectElement;
    secret.value = 'aka';
    secret.dispatchEvent(new Event('change', { bubbles: true }));
    await settle();
    find('button[type=submit]').click();
    await settle();
    expect(find('#key-error').textContent).to.contain('32');
    await expect(account).to.be.accessible();
  });

  it('in the details of an account', async () => {
    const { account, find, settle } = await mountAccount();
    (find('details.more') as HTMLDetailsElement).open = true;
    await settle();
    expect(find('.identities').children).to.have.length(2);
    await expect(account).to.be.accessible();
  });

  it('in Arabic, right to left', async () => {
    registerStrings(ar);
    const { phone } = await mountPhone({ ...readySnapshot, calls: [active] }, 'ar');
    rest(phone);
    await expect(phone).to.be.accessible();
  });
});
