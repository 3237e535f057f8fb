/** The shop window: two live phones, fed from `/config.json`. */
import '../../src/components/account/define.js';
import '../../src/components/phone/define.js';
import type { ImsAccount } from '../../src/components/account/ims-account.js';
import { companionLine } from './companion-line.js';
import { loadConfiguration } from './demo-configuration.js';

const SNIPPET = `<script type="module"
        src="ims-elements.js"></script>

<ims-account id="me"></ims-account>
<ims-phone for="me"></ims-phone>`;

const byId = (id: string): HTMLElement | null => document.getElementById(id);

function showSnippet(): void {
  const code = byId('code');
  for (const part of SNIPPET.split(/(<\/?[\w-]+|>)/)) {
    const span = document.createElement('span');
    if (/^<\/?[\w-]+$|^>$/.test(part)) span.className = 'tag';
    span.textContent = part;
    code?.append(span);
  }
  byId('copy')?.addEventListener('click', () => {
    void navigator.clipboard.writeText(SNIPPET).then(
      () => say('Copied'),
      () => say('Select the code and copy it by hand'),
    );
  });
}

/** Said to screen readers, and shown on the button for a moment. */
function say(text: string): void {
  const status = byId('copied');
  const button = byId('copy');
  if (status) status.textContent = text;
  if (!button) return;
  button.textContent = text;
  setTimeout(() => (button.textContent = 'Copy'), 2000);
}

function switchScheme(): void {
  const button = byId('scheme');
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const set = (on: boolean): void => {
    button?.setAttribute('aria-pressed', String(on));
    document.documentElement.style.colorScheme = on ? 'dark' : 'light';
  };
  set(dark);
  button?.addEventListener('click', () => set(button.getAttribute('aria-pressed') !== 'true'));
}

async function startPhones(): Promise<void> {
  const configuration = await loadConfiguration();
  const seats = [...document.querySelectorAll('ims-account')];
  seats.forEach((seat, index) => {
    const account = configuration?.accounts[index];
    if (!configuration || !account) return;
    seat.companionUrl = configuration.companionUrl;
    seat.account = account;
  });
  const first = seats[0];
  if (first) await followCompanion(first);
}

async function followCompanion(seat: ImsAccount): Promise<void> {
  await seat.updateComplete;
  const show = ({ tone, text }: ReturnType<typeof companionLine>): void => {
    const line = byId('companion');
    const words = byId('companion-text');
    if (line) line.dataset['tone'] = tone;
    if (words && words.textContent !== text) words.textContent = text;
  };
  show(companionLine(null));
  seat.client?.subscribe((snapshot) => show(companionLine(snapshot)));
}

function offerShortcuts(): void {
  for (const button of document.querySelectorAll<HTMLElement>('[data-call]'))
    button.addEventListener('click', () => {
      const target = button.dataset['call'];
      if (target) document.querySelector('ims-phone')?.call(target);
    });
}

showSnippet();
switchScheme();
offerShortcuts();
void startPhones();
