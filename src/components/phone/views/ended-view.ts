import { html, nothing, type TemplateResult } from 'lit';
import { formatDuration } from '../../format/duration.js';
import { icon } from '../../icons/icon.js';
import { actionLabel } from '../../problem/problem-card.js';
import { remedyAction, type RemedyAction } from '../../problem/remedy-action.js';
import type { CallSnapshot } from '../../../ims/snapshot.js';
import type { PhoneScope } from '../phone-scope.js';
import { isMissed } from '../call-announcements.js';
import { partyCard } from './party-card.js';

/** What became of the call, and what can be done about it. */
export function endedView({ t, phone, intents, hasHelp }: PhoneScope, call: CallSnapshot): TemplateResult {
  const { failure } = call;
  const talked = call.answeredAt === null || call.endedAt === null ? null : call.endedAt - call.answeredAt;
  const wanted: RemedyAction = failure ? remedyAction(failure.reason) : 'redial';
  // Whatever "retry" means elsewhere, after a call it means to call again.
  const action: RemedyAction = wanted === 'retry' || (wanted === 'help' && !hasHelp) ? 'redial' : wanted;
  return html`<div
    class="view ended"
    part="ended"
    data-view="ended"
    role="group"
    aria-labelledby="ended-title"
    tabindex="-1"
  >
    ${partyCard(t, call.remote)}
    <p class="state-line" id="ended-title">
      <span class="state-word"
        >${failure ? t.failures[failure.reason].sentence : isMissed(call) ? t.call.missed : t.call.ended}</span
      >
      ${talked === null ? nothing : html`<span class="duration tabular">${formatDuration(talked)}</span>`}
    </p>
    ${failure ? html`<p class="remedy">${t.failures[failure.reason].remedy}</p>` : nothing}
    <div class="ended-actions">
      <button
        class="button primary wide"
        part="button remedy-button"
        type="button"
        @click=${() => intents.remedy(action, failure ?? { reason: 'call-failed' }, call)}
      >
        ${action === 'redial' ? icon('call') : nothing}${actionLabel(t, action)}
      </button>
      <button class="button wide" part="button" type="button" @click=${() => phone.dismissEnded()}>
        ${t.call.done}
      </button>
    </div>
  </div>`;
}
