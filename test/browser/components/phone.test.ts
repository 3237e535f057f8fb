import { expect, fixture, fixtureCleanup } from '@open-wc/testing';
import { html } from 'lit';
import type { ImsCallRequestEvent } from '../../../src/components/events.js';
import { registerStrings } from '../../../src/components/strings/registry.js';
import { ar } from '../../../src/components/strings/ar.js';
import { en } from '../../../src/components/strings/en.js';
import { FakeClient } from './fake-client.js';
import { active, fakeCall, PHONE_STATES, readySnapshot } from './fake-states.js';
import { mountPhone, pressKey } from './mount.js';

const ringing = fakeCall({ direction: 'in', state: 'ringing-in' });
const text = (element: Element): string => element.textContent.replace(/\s+/g, ' ').trim();

describe('ImsPhone', () => {
  describe('dialling', () => {
    it('takes digits from the pad, sounds them, and calls', async () => {
      const { find, client, settle } = await mountPhone();
      for (const tone of ['1', '2', '#']) find(`.key[data-tone="${tone}"]`).click();
      await settle();
      expect(find('.entry-input')).to.have.property('value', '12#');
      expect(client.calls('playKeyTone')).to.deep.equal([['1'], ['2'], ['#']]);
      find('.call-button').click();
      await settle();
      expect(client.calls('call')).to.deep.equal([['12#']]);
      expect(find('[data-view]').dataset['view']).to.equal('outgoing');
    });

    it('takes digits from the keyboard while the focus is on anything but a field', async () => {
      const { phone, find, settle } = await mountPhone();
      find('.key').focus();
      for (const key of ['4', '2', '+', 'Backspace', '7']) pressKey(find('.key'), key);
      await settle();
      expect(find('.entry-input')).to.have.property('value', '427');
      pressKey(document.body, '9');
      await phone.updateComplete;
      expect(find('.entry-input')).to.have.property('value', '427');
    });

    it('gives a long press on 0 the plus sign', async () => {
      const { find, settle } = await mountPhone();
      const zero = find('.key[data-tone="0"]');
      zero.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 560));
      zero.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
      zero.click();
      await settle();
      expect(find('.entry-input')).to.have.property('value', '+');
    });

    it('moves through the pad by arrows with one tab stop', async () => {
      const { phone, find } = await mountPhone();
      find('.key[data-tone="1"]').focus();
      for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowLeft'])
        pressKey(phone.shadowRoot!.activeElement!, key);
      expect(phone.shadowRoot!.activeElement === find('.key[data-tone="7"]')).to.equal(true);
      expect(phone.renderRoot.querySelectorAll('.key[tabindex="0"]')).to.have.length(1);
    });

    it('offers earlier parties as a combobox', async () => {
      const { find, look, client, settle } = await mountPhone();
      const input = find('.entry-input') as HTMLInputElement;
      input.focus();
      input.value = 'mei';
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await settle();
      expect(input.getAttribute('aria-expanded')).to.equal('true');
      pressKey(input, 'ArrowDown');
      await settle();
      const id = input.getAttribute('aria-activedescendant');
      expect(look(`#${id ?? ''}`)?.getAttribute('aria-selected')).to.equal('true');
      pressKey(input, 'Enter');
      await settle();
      expect(input.value).to.equal('mei@ims.test');
      expect(client.calls('call')).to.deep.equal([]);
      pressKey(input, 'Enter');
      await settle();
      expect(client.calls('call')).to.deep.equal([['mei@ims.test']]);
    });

    it('brings the last number back on an empty call, and then calls it', async () => {
      const { find, client, settle } = await mountPhone();
      find('.call-button').click();
      await settle();
      expect(find('.entry-input')).to.have.property('value', 'echo@ims.test');
      find('.call-button').click();
      await settle();
      expect(client.calls('call')).to.deep.equal([['echo@ims.test']]);
    });

    it('completes a bare name with the own domain', async () => {
      const { phone, client, settle } = await mountPhone();
      phone.call('bob');
      await settle();
      expect(client.calls('call')).to.deep.equal([['bob@ims.test']]);
    });

    it('shows and explains a call that could not be placed', async () => {
      const { phone, client, find, look, settle } = await mountPhone();
      client.error = new Error('scripted');
      phone.call('1');
      await settle();
      expect(text(find('div.problem'))).to.contain(en.failures['call-failed'].sentence);
      find('div.problem .quiet').click();
      await settle();
      expect(look('div.problem')).to.equal(null);
    });
  });

  describe('in a call', () => {
    it('mutes, holds, resumes, sends digits and hangs up', async () => {
      const { find, client, settle } = await mountPhone({ ...readySnapshot, calls: [active] });
      const control = (position: number): HTMLElement => find(`.control:nth-child(${position})`);
      control(1).click();
      await settle();
      expect(control(1).getAttribute('aria-pressed')).to.equal('true');
      control(2).click();
      await settle();
      expect(text(find('.state-word'))).to.equal(en.call.heldByYou);
      expect(text(control(2))).to.equal(en.call.resume);
      control(2).click();
      await settle();
      control(3).click();
      await settle();
      find('.panel .key[data-tone="5"]').click();
      pressKey(find('.panel .key'), '#');
      await settle();
      expect(text(find('.digits'))).to.equal('5#');
      find('.danger').click();
      await settle();
      expect(find('[data-view]').dataset['view']).to.equal('ended');
      expect(client.asked.map(([name]) => name)).to.deep.equal([
        'setMuted',
        'hold',
        'resume',
        'playKeyTone',
        'sendDtmf',
        'playKeyTone',
        'sendDtmf',
        'hangup',
      ]);
    });

    it('shows the newest digits of the other side, and says them', async () => {
      const digitsReceived = '12345678901234567890#';
      const { find } = await mountPhone({ ...readySnapshot, calls: [{ ...active, digitsReceived }] });
      const shown = find('output.state-line');
      expect(text(shown)).to.equal(`${en.call.digitsReceived} 678901234567890#`);
    });

    it('chooses devices and volume', async () => {
      const { find, client, settle } = await mountPhone({ ...readySnapshot, calls: [active] });
      find('.control:nth-child(4)').click();
      await settle();
      const select = find('select') as HTMLSelectElement;
      expect(select.value).to.equal('mic-2');
      select.value = '';
      select.dispatchEvent(new Event('change'));
      const slider = find('.slider') as HTMLInputElement;
      slider.value = '50';
      slider.dispatchEvent(new InputEvent('input'));
      await settle();
      expect(client.calls('setInputDevice')).to.deep.equal([[null]]);
      expect(client.calls('setVolume')).to.deep.equal([[0.5]]);
    });

    it('counts the seconds', async () => {
      const { find } = await mountPhone({ ...readySnapshot, calls: [{ ...active, answeredAt: Date.now() - 59_500 }] });
      expect(text(find('.duration'))).to.equal('0:59');
      await new Promise((resolve) => setTimeout(resolve, 1300));
      expect(text(find('.duration'))).to.match(/^1:0[01]$/);
    });

    it('answers a waiting call with the first on hold, and switches back', async () => {
      const waiting = { ...ringing, id: 'c2', remote: { uri: 'sip:mei@ims.test', displayName: 'Mei' } };
      const { find, client, settle } = await mountPhone({ ...readySnapshot, calls: [active, waiting] });
      find('.waiting .primary').click();
      await settle();
      expect(client.calls('hold')).to.deep.equal([['c1']]);
      expect(client.calls('answer')).to.deep.equal([['c2']]);
      expect(text(find('.party-name'))).to.equal('Mei');
      find('.other .plain').click();
      await settle();
      expect(client.calls('hold')).to.deep.equal([['c1'], ['c2']]);
      expect(client.calls('resume')).to.deep.equal([['c1']]);
      expect(text(find('.party-name'))).to.equal('Bob Ekström');
    });

    it('shows what the network sent as text, not as markup, and without bidi tricks', async () => {
      const { phone, find } = await mountPhone({
        ...readySnapshot,
        calls: [
          { ...active, remote: { uri: 'sip:<img src=x onerror=alert(1)>@ims.test', displayName: '<b>\u202eBob</b>' } },
        ],
      });
      expect(text(find('.party-name'))).to.equal('<b>Bob</b>');
      expect(phone.renderRoot.querySelector('img, .party-name b')).to.equal(null);
    });
  });

  describe('focus', () => {
    it('goes to an incoming call when nobody types', async () => {
      const { phone, client, find, settle } = await mountPhone();
      client.showCall(ringing);
      await settle();
      expect(phone.shadowRoot!.activeElement === find('[role=alertdialog]')).to.equal(true);
    });

    it('stays where someone types, on the page or in the phone', async () => {
      const { phone, client, find, settle } = await mountPhone();
      const field = document.createElement('textarea');
      document.body.append(field);
      field.focus();
      client.showCall(ringing);
      await settle();
      expect(document.activeElement === field).to.equal(true);
      expect(find('[data-view]').dataset['view']).to.equal('incoming');
      field.remove();
      client.show({ calls: [] });
      await settle();
      const input = find('.entry-input') as HTMLInputElement;
      input.focus();
      input.value = '12';
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      client.showCall(ringing);
      await settle();
      expect(phone.shadowRoot!.activeElement === input).to.equal(true);
      expect(text(find('.waiting[role=alertdialog]'))).to.contain('Bob');
    });

    it('follows from face to face', async () => {
      const { phone, client, find, settle } = await mountPhone({ ...readySnapshot, calls: [active] });
      find('.danger').focus();
      find('.danger').click();
      await settle();
      expect(phone.shadowRoot!.activeElement === find('[data-view=ended]')).to.equal(true);
      client.show({ calls: [] });
      await settle();
      expect(phone.shadowRoot!.activeElement === find('[data-view=dial]')).to.equal(true);
    });
  });

  describe('events', () => {
    it('asks before it calls, through every shadow root, and can be stopped', async () => {
      const { phone, client, settle } = await mountPhone();
      const seen: string[] = [];
      const stop = (event: ImsCallRequestEvent): void => {
        seen.push(event.address);
        event.preventDefault();
      };
      document.body.addEventListener('ims-call-request', stop);
      phone.call('bob@ims.test');
      await settle();
      document.body.removeEventListener('ims-call-request', stop);
      expect(seen).to.deep.equal(['bob@ims.test']);
      expect(client.calls('call')).to.deep.equal([]);
    });

    it('tells facts on itself only', async () => {
      const { phone, client, settle } = await mountPhone();
      const here: string[] = [];
      const above: string[] = [];
      const types = ['ims-call-started', 'ims-call-ended', 'ims-registration-changed'] as const;
      for (const type of types) {
        phone.addEventListener(type, (event) =>
          here.push('call' in event ? `${event.type} ${event.call.state}` : event.type),
        );
        document.body.addEventListener(type, () => above.push(type));
      }
      client.showCall(ringing);
      client.changeCall('c1', { state: 'ended', endedBy: 'remote', endedAt: 1 });
      client.showRegistration({ state: 'unregistered' });
      await settle();
      expect(here).to.deep.equal(['ims-call-started ringing-in', 'ims-call-ended ended', 'ims-registration-changed']);
      expect(above).to.deep.equal([]);
    });

    it('shows its state to style sheets', async () => {
      const { phone, client, settle } = await mountPhone();
      expect(phone.matches(':state(registered)')).to.equal(true);
      client.showCall(ringing);
      await settle();
      expect(phone.matches(':state(ringing)')).to.equal(true);
      client.changeCall('c1', { state: 'active', answeredAt: 1, localHold: true });
      await settle();
      expect(phone.matches(':state(held):state(in-call):not(:state(ringing))')).to.equal(true);
    });
  });

  it('speaks through live regions in the document', async () => {
    const { client, settle } = await mountPhone();
    client.showCall(ringing);
    await settle();
    expect(text(document.querySelector('[role=alert][data-ims-announcer]')!)).to.equal(
      en.announce.incoming('Bob Ekström'),
    );
    client.changeCall('c1', { state: 'active', answeredAt: 1 });
    client.changeCall('c1', { muted: true });
    await settle();
    expect(text(document.querySelector('[role=status][data-ims-announcer]')!)).to.equal(en.announce.muted);
  });

  it('keeps its call when it is moved', async () => {
    fixtureCleanup();
    const client = new FakeClient({ ...readySnapshot, calls: [active] });
    const place = await fixture<HTMLElement>(
      html`<div>
        <p></p>
        <ims-phone .client=${client}></ims-phone>
      </div>`,
    );
    const phone = place.querySelector('ims-phone')!;
    let started = 0;
    phone.addEventListener('ims-call-started', () => started++);
    place.querySelector('p')!.append(phone);
    await phone.updateComplete;
    expect(client.listeners).to.equal(1);
    expect(client.closed).to.equal(false);
    expect(started).to.equal(0);
    expect(phone.renderRoot.querySelector('[data-view=call]')).to.not.equal(null);
    phone.remove();
    expect(client.listeners).to.equal(0);
  });

  it('speaks the language around it, and turns right to left with it', async () => {
    registerStrings(ar);
    const { phone, find } = await mountPhone({ ...readySnapshot, calls: [active] }, 'ar-EG');
    expect(text(find('.danger'))).to.equal(ar.call.hangUp);
    expect(getComputedStyle(find('.root')).direction).to.equal('rtl');
    phone.lang = 'en-GB';
    await new Promise((resolve) => setTimeout(resolve));
    await phone.updateComplete;
    expect(text(find('.danger'))).to.equal(en.call.hangUp);
    phone.strings = { ...en, call: { ...en.call, hangUp: 'Goodbye' } };
    await phone.updateComplete;
    expect(text(find('.danger'))).to.equal('Goodbye');
  });

  for (const width of [240, 360, 768, 1920])
    it(`fits into ${width} px, with targets of at least 24 px`, async () => {
      for (const [name, snapshot] of Object.entries(PHONE_STATES)) {
        const { phone } = await mountPhone(snapshot);
        phone.style.inlineSize = `${width}px`;
        const root = phone.shadowRoot!.querySelector('.root')!;
        const box = root.getBoundingClientRect();
        for (const button of root.querySelectorAll('button, input, select')) {
          const { width: w, height: h, left, right } = button.getBoundingClientRect();
          if (w === 0) continue;
          expect(Math.min(w, h), `${name}: ${button.className}`).to.be.at.least(24);
          expect(left >= box.left - 1 && right <= box.right + 1, `${name}: ${button.className} inside`).to.equal(true);
        }
        expect(root.scrollWidth, name).to.be.at.most(root.clientWidth);
      }
    });
});
