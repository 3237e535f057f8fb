import { html, type TemplateResult } from 'lit';
import { addressOf, nameOf } from '../../format/party.js';
import { formatDuration } from '../../format/duration.js';
import { formatMoment } from '../../format/moment.js';
import { icon } from '../../icons/icon.js';
import type { HistoryEntry } from '../../../ims/snapshot.js';
import type { Strings } from '../../strings/strings.js';
import type { PhoneScope } from '../phone-scope.js';

/** Earlier calls, newest first; choosing one calls it. */
export function recentCalls(scope: PhoneScope): TemplateResult {
  const history = scope.snapshot?.history ?? [];
  const { t } = scope;
  return html`<section class="recents" part="recents" aria-label=${t.dial.recents}>
    <h2 class="heading">${t.dial.recents}</h2>
    ${
      history.length === 0
        ? html`<p class="empty">${icon('clock')}<span>${t.dial.noRecents}</span></p>`
        : html`<ul class="recent-list">
            ${history.map((entry) => recentCall(scope, entry))}
          </ul>`
    }
  </section>`;
}

function recentCall({ t, now, intents }: PhoneScope, entry: HistoryEntry): TemplateResult {
  const name = nameOf(entry.remote) || t.call.unknownCaller;
  const address = addressOf(entry.remote.uri);
  return html`<li>
    <button
      class="recent ${entry.missed ? 'missed' : ''}"
      part="recent"
      type="button"
      aria-description=${t.dial.callParty(name)}
      @click=${() => intents.call(address)}
    >
      ${icon(entry.missed ? 'missed' : entry.direction === 'in' ? 'incoming' : 'outgoing')}
      <span class="recent-text">
        <bdi class="name">${name}</bdi>
        <span class="when"
          >${kindOf(t, entry)}${entry.duration ? ` · ${formatDuration(entry.duration * 1000)}` : ''}</span
        >
      </span>
      <time class="when tabular" datetime=${new Date(entry.startedAt).toISOString()}
        >${formatMoment(entry.startedAt, now, t.lang)}</time
      >
    </button>
  </li>`;
}

function kindOf(t: Strings, entry: HistoryEntry): string {
  if (entry.missed) return t.dial.missed;
  return entry.direction === 'in' ? t.dial.incoming : t.dial.outgoing;
}
