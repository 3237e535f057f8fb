import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ClientApi } from '../../client/client-api.js';
import type { Strings } from '../strings/strings.js';
import type { PairingController } from './pairing-controller.js';

/** The code field and its errors. The lead says where the code comes from. */
export function pairingForm(t: Strings, pairing: PairingController, client: ClientApi): TemplateResult {
  const submit = (event: Event): void => {
    event.preventDefault();
    void pairing.submit(client);
  };
  const error = pairing.error ? t.pairing.errors[pairing.error] : null;
  return html`<form class="pairing" part="pairing" @submit=${submit} novalidate>
    <label class="field">
      <span class="label">${t.pairing.code}</span>
      <input
        class="code"
        name="code"
        dir="ltr"
        inputmode="text"
        autocomplete="one-time-code"
        autocapitalize="characters"
        spellcheck="false"
        maxlength="32"
        aria-invalid=${error ? 'true' : 'false'}
        aria-describedby="pairing-error"
        .value=${live(pairing.code)}
        @input=${(event: InputEvent) => event.target instanceof HTMLInputElement && pairing.type(event.target.value)}
      />
    </label>
    <p class="error" id="pairing-error" role="alert">${error ?? nothing}</p>
    <button
      class="button primary"
      part="button pair-button"
      type="submit"
      aria-disabled=${pairing.working ? 'true' : 'false'}
    >
      ${pairing.working ? t.pairing.working : t.pairing.submit}
    </button>
  </form>`;
}
