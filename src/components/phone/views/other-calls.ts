import { html, nothing, type TemplateResult } from 'lit';
import { nameOf } from '../../format/party.js';
import { icon } from '../../icons/icon.js';
import type { CallSnapshot } from '../../../ims/snapshot.js';
import type { PhoneScope } from '../phone-scope.js';
import { avatar } from './party-card.js';

/** Calls that are up but not on the stage. */
export function otherCalls(scope: PhoneScope, calls: readonly CallSnapshot[]): TemplateResult | typeof nothing {
  if (calls.length === 0) return nothing;
  const { t, phone, intents } = scope;
  return html`<ul class="others" part="other-calls" aria-label=${t.call.otherCalls}>
    ${calls.map((call) => {
      const name = nameOf(call.remote) || t.call.unknownCaller;
      return html`<li class="other">
        ${avatar(name)}
        <span class="waiting-text"
          ><bdi class="name">${name}</bdi><span class="when">${call.localHold ? t.call.heldByYou : ''}</span></span
        >
        <button
          class="round mini plain"
          part="button"
          type="button"
          aria-label=${t.call.swapTo(name)}
          @click=${() => void phone.switchTo(call)}
        >
          ${icon('swap')}
        </button>
        <button
          class="round mini danger"
          part="button hang-up-button"
          type="button"
          aria-label=${t.call.hangUpParty(name)}
          @click=${() => intents.hangUp(call)}
        >
          ${icon('hang-up')}
        </button>
      </li>`;
    })}
  </ul>`;
}
