/**
 * Every state of every element, with a client that does nothing but show it. For looking, for
 * screenshots (`?only=STATE,...&width=PX&dir=rtl&lang=ar&scheme=dark`), and for designers' first visit.
 */
import '../../src/components/account/define.js';
import '../../src/components/phone/define.js';
import { EMPTY_CLIENT_SNAPSHOT } from '../../src/client/client-api.js';
import { registerStrings } from '../../src/components/strings/registry.js';
import { ar } from '../../src/components/strings/ar.js';
import { fr } from '../../src/components/strings/fr.js';
import { FakeClient } from '../../test/browser/components/fake-client.js';
import { PHONE_STATES } from '../../test/browser/components/fake-states.js';

registerStrings(ar);
registerStrings(fr);

const wish = new URLSearchParams(location.search);
const root = document.documentElement;
root.lang = wish.get('lang') ?? 'en';
root.dir = root.lang === 'ar' ? 'rtl' : 'ltr';
root.style.colorScheme = wish.get('scheme') ?? 'light dark';
root.style.fontSize = wish.has('zoom') ? `${wish.get('zoom') ?? '100'}%` : '';

const main = document.querySelector('main');
const only = wish.get('only')?.split(',') ?? null;
const element = wish.get('element') ?? 'phone';
const width = wish.get('width');
if (only) document.body.classList.add(only.length > 1 ? 'several' : 'single');

for (const [name, snapshot] of Object.entries(PHONE_STATES)) {
  if (only && !only.includes(name)) continue;
  const client = new FakeClient(snapshot);
  const face = element === 'account' ? document.createElement('ims-account') : document.createElement('ims-phone');
  face.client = client;
  add(name, face);
}
if (element === 'account' && (!only || only.includes('form'))) {
  const form = document.createElement('ims-account');
  form.client = new FakeClient(EMPTY_CLIENT_SNAPSHOT);
  add('form', form);
}

function add(name: string, face: HTMLElement): void {
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = name;
  if (width) figure.style.inlineSize = `${width}px`;
  figure.append(...(only ? [] : [caption]), face);
  main?.append(figure);
}
