import { html, type TemplateResult } from 'lit';
import { nameOf } from '../../format/party.js';
import { icon } from '../../icons/icon.js';
import type { CallSnapshot } from '../../../ims/snapshot.js';
import type { PhoneScope } from '../phone-scope.js';
import { avatar, partyCard } from './party-card.js';

/** The whole stage rings. */
export function incomingView({ t, intents }: PhoneScope, call: CallSnapshot): TemplateResult {
  return html`<div
    class="view incoming"
    part="incoming"
    data-view="incoming"
    role="alertdialog"
    aria-labelledby="incoming-title"
    aria-describedby="incoming-party"
    tabindex="-1"
  >
    <p class="state-line ringing" id="incoming-title">${t.call.incoming}</p>
    <div id="incoming-party">${partyCard(t, call.remote)}</div>
    <div class="answer-actions">
      <div class="labelled">
        <button
          class="round danger"
          part="decline-button"
          type="button"
          aria-labelledby="decline-label"
          @click=${() => intents.hangUp(call)}
        >
          ${icon('hang-up')}
        </button>
        <span id="decline-label">${t.call.decline}</span>
      </div>
      <div class="labelled">
        <button
          class="round call-button pulsing"
          part="answer-button"
          type="button"
          aria-labelledby="answer-label"
          @click=${() => intents.answer(call)}
        >
          ${icon('call')}
        </button>
        <span id="answer-label">${t.call.answer}</span>
      </div>
    </div>
  </div>`;
}

/** A call that rings while something else is on the stage: a card above it that takes nothing away. */
export function waitingCard({ t, intents, snapshot }: PhoneScope, call: CallSnapshot): TemplateResult {
  const name = nameOf(call.remote) || t.call.unknownCaller;
  const talking =
    snapshot?.calls.some((other) => other.id !== call.id && other.state === 'active' && !other.localHold) ?? false;
  return html`<div
    class="waiting"
    part="incoming-card"
    role="alertdialog"
    aria-label=${t.call.callFrom(name)}
    aria-describedby="waiting-${call.id}"
  >
    ${avatar(name)}
    <div class="waiting-text" id="waiting-${call.id}">
      <bdi class="name">${name}</bdi>
      <span class="when">${t.call.incoming}</span>
    </div>
    <div class="waiting-actions">
      <button
        class="button small danger"
        part="button decline-button"
        type="button"
        @click=${() => intents.hangUp(call)}
      >
        ${t.call.decline}
      </button>
      <button
        class="button small primary"
        part="button answer-button"
        type="button"
        @click=${() => intents.answer(call)}
      >
        ${talking ? t.call.holdAndAnswer : t.call.answer}
      </button>
    </div>
  </div>`;
}
