import { html, nothing, type TemplateResult } from 'lit';
import { selectBox } from '../../fields/select-box.js';
import { addressOf } from '../../format/party.js';
import type { PhoneScope } from '../phone-scope.js';

/** Which of one's own addresses the call leaves from: only where there is a choice. */
export function identityPicker({ t, phone, snapshot, fixedIdentity }: PhoneScope): TemplateResult | typeof nothing {
  // A wildcarded identity (TS 23.003 §13.5) stands for many and is none to call from.
  const usable = snapshot?.registration.identities.filter(({ uri, state }) => state === 'active' && !/!.*!/.test(uri));
  if (!usable || usable.length < 2 || fixedIdentity) return nothing;
  const chosen = snapshot?.callIdentity ?? usable.find(({ isDefault }) => isDefault)?.uri ?? usable[0]?.uri;
  return html`<label class="call-as" part="call-as">
    <span class="when">${t.dial.callAs}</span>
    ${selectBox(
      html`<select
        class="plain-select"
        part="select"
        @change=${(event: Event) => {
          if (!(event.target instanceof HTMLSelectElement)) return;
          const uri = event.target.value;
          phone.client?.chooseIdentity(usable.find((own) => own.uri === uri)?.isDefault === true ? null : uri);
        }}
      >
        ${usable.map(({ uri }) => html`<option value=${uri} ?selected=${uri === chosen}>${addressOf(uri)}</option>`)}
      </select>`,
      'ltr',
    )}
  </label>`;
}
