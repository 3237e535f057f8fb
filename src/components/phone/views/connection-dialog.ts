import { html, nothing, type TemplateResult } from 'lit';
import { addressOf } from '../../format/party.js';
import { formatInstant } from '../../format/moment.js';
import { securityText } from '../../format/security.js';
import { icon } from '../../icons/icon.js';
import { identityList } from '../../identities/identity-list.js';
import { actionLabel, failureDetail } from '../../problem/problem-card.js';
import { remedyAction } from '../../problem/remedy-action.js';
import { problemOf, statusOf } from '../../status/status.js';
import type { Failure } from '../../../ims/failure.js';
import type { PhoneScope } from '../phone-scope.js';
import { closeDialog, closeOnBackdrop } from './dialog.js';

/** State, since when, by which way, as whom; and for a problem its cause, remedy and what the log says. */
export function connectionDialog(scope: PhoneScope): TemplateResult {
  const { t, snapshot, copier } = scope;
  const problem = snapshot ? problemOf(snapshot) : null;
  const registration = snapshot?.registration;
  return html`<dialog
    class="dialog connection"
    part="dialog"
    aria-labelledby="connection-title"
    @click=${closeOnBackdrop}
  >
    <div class="dialog-body">
      <div class="dialog-head">
        <h2 class="title" id="connection-title">${t.phone.connection}</h2>
        <button class="round mini plain" part="button" type="button" aria-label=${t.action.close} @click=${closeDialog}>
          ${icon('close')}
        </button>
      </div>
      ${problem ? problemText(scope, problem) : nothing}
      <dl class="facts" part="facts">
        ${facts(scope).map(
          ([term, value, ltr]) =>
            html`<div>
              <dt>${term}</dt>
              <dd dir=${ltr ? 'ltr' : nothing}>${value}</dd>
            </div>`,
        )}
        ${
          problem
            ? html`<div>
                <dt>${t.phone.technical}</dt>
                <dd dir="ltr" class="technical">${failureDetail(problem)}</dd>
              </div>`
            : nothing
        }
      </dl>
      ${
        registration && registration.identities.length > 0
          ? html`<h3 class="heading">${t.phone.identities}</h3>
              ${identityList(t, registration, copier)}`
          : nothing
      }
    </div>
  </dialog>`;
}

function problemText({ t, phone, intents, hasHelp }: PhoneScope, problem: Failure): TemplateResult {
  const action = remedyAction(problem.reason);
  const seconds = problem === phone.problem ? phone.secondsToRetry : null;
  // Pairing has its form in the phone.
  const button = action !== 'pair' && (action !== 'help' || hasHelp);
  return html`<div class="problem" part="problem">
    <span class="problem-icon">${icon('alert')}</span>
    <div class="problem-text">
      <p class="sentence">${t.failures[problem.reason].sentence}</p>
      <p class="remedy">${t.failures[problem.reason].remedy}</p>
      ${seconds === null ? nothing : html`<p class="remedy tabular">${t.retryIn(seconds)}</p>`}
      ${
        button
          ? html`<div class="problem-actions">
              <button
                class="button small"
                part="button remedy-button"
                type="button"
                @click=${(event: Event) => {
                  closeDialog(event);
                  intents.remedy(action, problem, null);
                }}
              >
                ${actionLabel(t, action)}
              </button>
            </div>`
          : nothing
      }
    </div>
  </div>`;
}

function facts({ t, snapshot }: PhoneScope): readonly (readonly [term: string, value: string, ltr: boolean])[] {
  const rows: [string, string, boolean][] = [[t.phone.state, t.status[statusOf(snapshot).key], false]];
  if (!snapshot) return rows;
  const { since, identity, identities, server, transport, expiresAt } = snapshot.registration;
  if (since) rows.push([t.phone.since, formatInstant(since, t.lang), false]);
  if (identity && identities.length === 0) rows.push([t.phone.identity, addressOf(identity), true]);
  if (server) rows.push([t.phone.server, server, true]);
  if (transport) rows.push([t.phone.transport, transport.toUpperCase(), true]);
  const security = securityText(t, snapshot.registration);
  if (security) rows.push([t.phone.security, security, false]);
  if (expiresAt !== null) rows.push([t.phone.expires, formatInstant(expiresAt, t.lang), false]);
  return rows;
}
