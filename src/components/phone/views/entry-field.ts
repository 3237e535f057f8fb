import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { PhoneScope } from '../phone-scope.js';

/** The number or address, with earlier parties as an ARIA 1.2 combobox list. */
export function entryField(scope: PhoneScope): TemplateResult {
  const { t, phone, snapshot } = scope;
  const { entry } = phone;
  const suggestions = entry.suggestions(snapshot?.history ?? []);
  const shown = suggestions.length > 0;
  return html`<div class="entry" part="entry">
    <input
      class="entry-input"
      part="entry-input"
      name="address"
      type="text"
      role="combobox"
      dir="ltr"
      aria-label=${t.dial.entry}
      aria-autocomplete="list"
      aria-expanded=${shown ? 'true' : 'false'}
      aria-controls="suggestions"
      aria-activedescendant=${shown && entry.active >= 0 ? `suggestion-${entry.active}` : nothing}
      placeholder=${t.dial.placeholder}
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      enterkeyhint="go"
      .value=${live(entry.text)}
      @input=${(event: InputEvent) => {
        if (!(event.target instanceof HTMLInputElement)) return;
        entry.type(event.target.value);
        phone.setTyping(entry.text !== '');
      }}
      @focus=${() => phone.setTyping(entry.text !== '')}
      @blur=${() => {
        phone.setTyping(false);
        entry.close();
      }}
      @keydown=${(event: KeyboardEvent) => keydown(event, scope)}
    />
    <ul
      class="suggestions"
      part="suggestions"
      id="suggestions"
      role="listbox"
      aria-label=${t.dial.suggestions}
      ?hidden=${!shown}
    >
      ${suggestions.map(
        (suggestion, index) =>
          html`<li
            class="suggestion"
            id="suggestion-${index}"
            role="option"
            aria-selected=${index === entry.active ? 'true' : 'false'}
            @pointerdown=${(event: Event) => event.preventDefault()}
            @click=${() => entry.choose(suggestion)}
          >
            <bdi class="name">${suggestion.name}</bdi>
            ${suggestion.name === suggestion.address ? nothing : html`<bdi class="address" dir="ltr">${suggestion.address}</bdi>`}
          </li>`,
      )}
    </ul>
  </div>`;
}

function keydown(event: KeyboardEvent, { phone, snapshot, intents }: PhoneScope): void {
  const { entry } = phone;
  const history = snapshot?.history ?? [];
  const chosen = entry.suggestions(history)[entry.active];
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      entry.move(event.key === 'ArrowDown' ? 1 : -1, history);
      break;
    case 'Escape':
      if (entry.open) entry.close();
      else entry.clear();
      break;
    case 'Enter':
      if (event.isComposing || event.repeat) return;
      if (chosen) entry.choose(chosen);
      else if (entry.text) intents.call(entry.text);
      else entry.recall(history);
      break;
    default:
      return;
  }
  event.preventDefault();
}
