import { html, nothing, type TemplateResult } from 'lit';
import { addressOf } from '../../format/party.js';
import { formatDuration } from '../../format/duration.js';
import { icon } from '../../icons/icon.js';
import { PATIENCE_MS, statusOf } from '../../status/status.js';
import type { PhoneScope } from '../phone-scope.js';

/** Who is signed in, and what goes on: the button opens the connection's details. */
export function statusBar(scope: PhoneScope): TemplateResult {
  const { t, snapshot, now } = scope;
  const status = statusOf(snapshot);
  const identity = snapshot?.registration.identity;
  const waited = status.since === null ? 0 : now - status.since;
  return html`<div class="bar" part="status-bar">
    <span class="brand" part="brand">
      <slot name="logo"></slot>
      <slot name="brand"><bdi class="identity">${identity ? addressOf(identity) : t.phone.label}</bdi></slot>
    </span>
    <button
      class="status ${status.tone}"
      part="status"
      type="button"
      aria-haspopup="dialog"
      aria-description=${t.phone.connection}
      @click=${() => scope.intents.openConnection()}
    >
      <span class="lamp" aria-hidden="true"></span>
      <span class="status-text">${t.status[status.key]}</span>
      ${status.tone === 'busy' && waited > PATIENCE_MS ? html`<span class="tabular quiet-text">${formatDuration(waited)}</span>` : nothing}
      ${icon('chevron')}
    </button>
    ${
      scope.phone.client
        ? html`<button
            class="round mini plain"
            part="settings-button"
            type="button"
            aria-haspopup="dialog"
            aria-label=${t.phone.settings}
            @click=${() => scope.intents.openSettings()}
          >
            ${icon('sliders')}
          </button>`
        : nothing
    }
  </div>`;
}
