import { html, nothing, type TemplateResult } from 'lit';
import type { IdentitySnapshot, RegistrationSnapshot } from '../../ims/snapshot.js';
import { addressOf } from '../format/party.js';
import { icon } from '../icons/icon.js';
import type { Strings } from '../strings/strings.js';
import type { Copier } from './copier.js';

/** Every public identity with its state: the network may register more than the one that signed in (TS 24.229 §5.4.2). */
export function identityList(t: Strings, { identities }: RegistrationSnapshot, copier: Copier): TemplateResult {
  return html`<ul class="identities" part="identities" aria-label=${t.phone.identities}>
    ${identities.map((identity) => row(t, identity, copier))}
  </ul>`;
}

function row(t: Strings, { uri, displayName, state, event, isDefault, gruu }: IdentitySnapshot, copier: Copier) {
  const address = addressOf(uri);
  const copied = copier.copied === address;
  // A reason is worth a word only where something is not as it should be.
  const why = state === 'active' || event === null ? '' : ` (${event})`;
  return html`<li class="own ${state === 'active' ? 'ok' : 'idle'}">
    <span class="lamp" aria-hidden="true"></span>
    <span class="own-text">
      <bdi class="own-address" dir="ltr" title=${gruu ?? nothing}>${address}</bdi>
      <span class="when"
        >${displayName ? html`<bdi>${displayName}</bdi> · ` : nothing}${t.phone.identityState[state]}${why}</span
      >
    </span>
    ${isDefault ? html`<span class="badge">${t.phone.defaultIdentity}</span>` : nothing}
    <button
      class="round mini plain"
      part="button"
      type="button"
      aria-label=${copied ? t.phone.copied : t.phone.copy(address)}
      @click=${() => void copier.copy(address)}
    >
      ${icon(copied ? 'check' : 'copy')}
    </button>
  </li>`;
}
