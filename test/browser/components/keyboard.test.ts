import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { EMPTY_CLIENT_SNAPSHOT } from '../../../src/client/client-api.js';
import { en } from '../../../src/components/strings/en.js';
import { fakeCall } from './fake-states.js';
import { mountAccount, mountPhone, type MountedPhone } from './mount.js';

/** Presses Tab until `selector` has the focus: what a person without a mouse does. */
async function tabTo(
  mounted: Pick<MountedPhone, 'look' | 'settle'> & { readonly root: ShadowRoot },
  selector: string,
): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    if (mounted.root.activeElement?.matches(selector)) return;
    await sendKeys({ press: 'Tab' });
  }
  throw new Error(`Tab never reaches ${selector}`);
}

describe('with the keyboard alone, real keys', () => {
  it('a person dials, mutes, sends digits and hangs up', async () => {
    const mounted = await mountPhone();
    const { phone, client, find, settle } = mounted;
    const at = { ...mounted, root: phone.shadowRoot! };
    await tabTo(at, '.entry-input');
    await sendKeys({ type: '4711' });
    await sendKeys({ press: 'Enter' });
    await settle();
    expect(client.calls('call')).to.deep.equal([['4711']]);
    client.changeCall('made-1', { state: 'active', answeredAt: Date.now() });
    await settle();
    await tabTo(at, '.control[aria-pressed]');
    await sendKeys({ press: 'Space' });
    await settle();
    expect(client.calls('setMuted')).to.deep.equal([['made-1', true]]);
    await sendKeys({ press: '5' });
    await settle();
    expect(client.calls('sendDtmf')).to.deep.equal([['made-1', '5']]);
    await tabTo(at, '.danger');
    await sendKeys({ press: 'Enter' });
    await settle();
    expect(client.calls('hangup')).to.deep.equal([['made-1']]);
    expect(find('[data-view]').dataset['view']).to.equal('ended');
  });

  it('a person dials on the pad with arrows', async () => {
    const mounted = await mountPhone();
    mounted.phone.style.inlineSize = '22em';
    await tabTo({ ...mounted, root: mounted.phone.shadowRoot! }, '.key');
    for (const key of ['ArrowRight', 'Space', 'ArrowDown', 'Enter']) await sendKeys({ press: key });
    await mounted.settle();
    expect(mounted.find('.entry-input')).to.have.property('value', '25');
    await sendKeys({ press: 'Tab' });
    expect(mounted.phone.shadowRoot!.activeElement?.matches('.recents-toggle')).to.equal(true);
  });

  it('a person answers a call that comes in, one Tab away, and not by the Space meant for something else', async () => {
    const { phone, client, find, settle } = await mountPhone();
    client.showCall(fakeCall({ direction: 'in', state: 'ringing-in' }));
    await settle();
    await sendKeys({ press: 'Space' });
    await settle();
    expect(client.calls('answer').length + client.calls('reject').length).to.equal(0);
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Tab' });
    expect(phone.shadowRoot!.activeElement === find('[part=answer-button]')).to.equal(true);
    await sendKeys({ press: 'Enter' });
    await settle();
    expect(client.calls('answer')).to.deep.equal([['c1']]);
  });

  it('a held-down Enter places one call and hangs nothing up', async () => {
    const mounted = await mountPhone();
    await tabTo({ ...mounted, root: mounted.phone.shadowRoot! }, '.entry-input');
    await sendKeys({ type: '1' });
    for (let i = 0; i < 4; i++) await sendKeys({ down: 'Enter' });
    await sendKeys({ up: 'Enter' });
    await mounted.settle();
    expect(mounted.client.asked.filter(([name]) => name === 'call' || name === 'hangup')).to.have.length(1);
  });

  it('the connection dialog opens, closes by Escape, and gives the focus back', async () => {
    const mounted = await mountPhone();
    await tabTo({ ...mounted, root: mounted.phone.shadowRoot! }, '.status');
    await sendKeys({ press: 'Enter' });
    const dialog = mounted.find('dialog') as HTMLDialogElement;
    expect(dialog.open).to.equal(true);
    await sendKeys({ press: 'Escape' });
    expect(dialog.open).to.equal(false);
    expect(mounted.phone.shadowRoot!.activeElement?.matches('.status')).to.equal(true);
  });

  it('a person orders codecs: picks up, moves, puts back, puts down, and switches', async () => {
    const { phone, client, find, settle } = await mountPhone();
    const root = phone.shadowRoot!;
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) {
        await sendKeys({ press: key });
        await settle();
      }
    };
    const held = (): string | undefined => root.activeElement?.closest<HTMLElement>('.codec')?.dataset['codec'];
    find('[part~=settings-button]').click();
    await settle();
    await settle();
    await tabTo({ look: () => null, settle, root }, '.handle');
    expect(held()).to.equal('PCMA/8000');
    await press('ArrowDown', 'ArrowDown', 'Space', 'ArrowUp', 'Escape');
    expect(client.calls('setCodecs')).to.deep.equal([]);
    expect((find('.settings') as HTMLDialogElement).open, 'Escape puts back first').to.equal(true);
    await press('Home', 'ArrowDown', 'ArrowDown', 'Space', 'ArrowUp', 'ArrowUp');
    expect(held(), 'the focus goes along').to.equal('G722/8000');
    expect(find('[role=status]').textContent).to.equal(
      en.settings.position('G.722 16 kHz', 1, client.snapshot.codecs.length),
    );
    await press('Space');
    expect(client.snapshot.codecs.slice(0, 3).map(({ name }) => name)).to.deep.equal(['G722', 'PCMA', 'PCMU']);
    await press('ArrowRight', 'Space');
    expect(client.snapshot.codecs[0]?.enabled).to.equal(false);
    await press('Escape');
    expect((find('.settings') as HTMLDialogElement).open).to.equal(false);
  });

  it('an open dialog gives way to a call that rings', async () => {
    const { client, find, look, settle } = await mountPhone();
    find('[part~=settings-button]').click();
    await settle();
    await settle();
    client.showCall(fakeCall({ direction: 'in', state: 'ringing-in' }));
    await settle();
    expect((find('.settings') as HTMLDialogElement).open).to.equal(false);
    expect(look('[part~=answer-button]')).to.not.equal(null);
  });

  it('a person signs in', async () => {
    const mounted = await mountAccount(EMPTY_CLIENT_SNAPSHOT);
    const at = { ...mounted, root: mounted.account.shadowRoot! };
    await tabTo(at, '[name=identity]');
    await sendKeys({ type: 'alice@ims.test' });
    await tabTo(at, '[name=password]');
    await sendKeys({ type: 'secret' });
    await sendKeys({ press: 'Enter' });
    await mounted.settle();
    expect(mounted.client.asked.map(([name]) => name)).to.deep.equal(['configure', 'register']);
  });
});
