import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../icons/icon.js';
import type { PhoneScope } from '../phone-scope.js';
import { entryField } from './entry-field.js';
import { identityPicker } from './identity-picker.js';
import { keyPad } from './key-pad.js';
import { recentCalls } from './recent-calls.js';

/** A press this long on the eraser clears the entry, ms. */
const LONG_PRESS_MS = 500;

// One finger, one long press: kept outside the template, which may be rendered anew while it lasts.
let erasing: ReturnType<typeof setTimeout> | undefined;

/** Entry, pad or recents, and the big button. */
export function dialView(scope: PhoneScope): TemplateResult {
  const { t, phone, intents, snapshot } = scope;
  const { entry } = phone;
  const canCall = phone.client !== null;
  const call = (): void => {
    if (!canCall) return;
    if (entry.text) intents.call(entry.text);
    else entry.recall(snapshot?.history ?? []);
  };
  return html`<div
    class="view dial"
    part="dial"
    data-view="dial"
    role="group"
    aria-label=${t.dial.keypad}
    tabindex="-1"
  >
    ${
      phone.dialling
        ? html`<button class="button small back" part="button" type="button" @click=${() => phone.setDialling(false)}>
            ${icon('call')}${t.dial.backToCall}
          </button>`
        : nothing
    }
    ${canCall ? nothing : html`<p class="note">${t.phone.noAccount}</p>`} ${entryField(scope)} ${identityPicker(scope)}
    <div class="dial-body ${phone.recents ? 'show-recents' : ''}">
      ${keyPad(t, t.dial.keypad, (tone) => phone.press(tone), true)} ${phone.recents ? recentCalls(scope) : nothing}
    </div>
    <div class="dial-actions">
      <button
        class="round plain recents-toggle"
        part="recents-toggle"
        type="button"
        aria-label=${phone.newMissed > 0 ? `${t.dial.recents}, ${phone.newMissed} ${t.dial.newMissed}` : t.dial.recents}
        aria-pressed=${phone.recents ? 'true' : 'false'}
        @click=${() => phone.setRecents(!phone.recents)}
      >
        ${icon('clock')}${phone.newMissed > 0 ? html`<span class="count" aria-hidden="true">${Math.min(99, phone.newMissed)}</span>` : nothing}
      </button>
      <button
        class="round call-button"
        part="call-button"
        type="button"
        aria-label=${entry.text ? t.dial.call : t.dial.redial}
        aria-disabled=${canCall ? 'false' : 'true'}
        @click=${call}
      >
        ${icon('call')}
      </button>
      <button
        class="round plain erase"
        part="erase-button"
        type="button"
        aria-label=${t.dial.erase}
        ?hidden=${entry.text === ''}
        @pointerdown=${() => (erasing = setTimeout(() => entry.clear(), LONG_PRESS_MS))}
        @pointerup=${() => clearTimeout(erasing)}
        @pointerleave=${() => clearTimeout(erasing)}
        @contextmenu=${(event: Event) => event.preventDefault()}
        @click=${() => entry.erase()}
      >
        ${icon('erase')}
      </button>
    </div>
  </div>`;
}
