import { expect } from '@open-wc/testing';
import { remedyAction } from '../../../src/components/problem/remedy-action.js';
import { en } from '../../../src/components/strings/en.js';
import { FAILURE_REASONS, PHONE_STATES } from './fake-states.js';
import { mountPhone } from './mount.js';

const text = (element: Element): string => element.textContent.replace(/\s+/g, ' ').trim();

describe('ImsPhone, when something is wrong,', () => {
  for (const reason of FAILURE_REASONS)
    it(`has a sentence, a remedy and a working button for ${reason}`, async () => {
      const { phone, find, look, client, settle } = await mountPhone(PHONE_STATES[`failure-${reason}`]);
      phone.helpUrl = '/help';
      phone.addEventListener('ims-help-request', (event) => event.preventDefault());
      await settle();
      const advice = en.failures[reason];
      const shown = text(find('.main'));
      expect(shown).to.contain(advice.sentence);
      expect(shown).to.contain(advice.remedy);
      const events: string[] = [];
      for (const type of ['ims-help-request', 'ims-sign-in-request', 'ims-call-request'])
        phone.addEventListener(type, () => events.push(type));
      const before = client.asked.length;
      if (remedyAction(reason) === 'pair') expect(look('.code')).to.not.equal(null);
      else {
        find('[part~=remedy-button]').click();
        await settle();
        expect(client.asked.length + events.length, 'something happens').to.be.greaterThan(before);
      }
    });

  it('pairs with the code that is typed, and says what is wrong with it', async () => {
    const { find, look, client, settle } = await mountPhone(PHONE_STATES['failure-companion-unpaired']);
    client.pairingError = 'wrong-code';
    const code = find('.code') as HTMLInputElement;
    const type = async (value: string): Promise<void> => {
      code.value = value;
      code.dispatchEvent(new InputEvent('input', { bubbles: true }));
      (find('form.pairing') as HTMLFormElement).requestSubmit();
      await settle();
    };
    await type('AB 12');
    expect(text(find('#pairing-error'))).to.equal(en.pairing.errors['wrong-code']);
    client.pairingError = null;
    await type('ABCD');
    expect(client.calls('pair')).to.deep.equal([['AB12'], ['ABCD']]);
    expect(look('.code')).to.equal(null);
  });

  it('counts down to the next try', async () => {
    const { find } = await mountPhone(PHONE_STATES['failure-server-timeout']);
    expect(text(find('div.problem'))).to.contain(en.retryIn(30));
  });

  it('explains the connection in a dialog', async () => {
    const { find, settle } = await mountPhone(PHONE_STATES['failure-credentials-rejected']);
    find('.status').click();
    await settle();
    const dialog = find('dialog') as HTMLDialogElement;
    expect(dialog.open).to.equal(true);
    expect(text(dialog)).to.contain('credentials-rejected · 403 · Authentication failed');
    find('dialog button').click();
    expect(dialog.open).to.equal(false);
  });
});
