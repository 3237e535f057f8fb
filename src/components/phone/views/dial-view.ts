import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../icons/icon.js';
import type { PhoneScope } from '../phone-scope.js';
import { entryField } from './entry-field.js';
import { keyPad } from './key-pad.js';
import { recentCalls } from './recent-calls.js';

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
    ${canCall ? nothing : html`<p class="note">${t.phone.noAccount}</p>`} ${entryField(scope)}
    <div class="dial-body ${phone.recents ? 'show-recents' : ''}">
      ${keyPad(t, t.dial.keypad, (tone) => phone.press(tone), true)} ${phone.recents ? recentCalls(scope) : nothing}
    </div>
    <div class="dial-actions">
      <button
        class="round plain recents-toggle"
        part="recents-toggle"
        type="button"
        aria-label=${t.dial.recents}
        aria-pressed=${phone.recents ? 'true' : 'false'}
        @click=${() => phone.setRecents(!phone.recents)}
      >
        ${icon('clock')}
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
        @click=${() => entry.erase()}
      >
        ${icon('erase')}
      </button>
    </div>
  </div>`;
}
