import { html, nothing, type TemplateResult } from 'lit';
import { addressOf } from '../../format/party.js';
import { formatInstant } from '../../format/moment.js';
import { icon } from '../../icons/icon.js';
import { failureDetail } from '../../problem/problem-card.js';
import { problemOf, statusOf } from '../../status/status.js';
import type { PhoneScope } from '../phone-scope.js';

/** State, since when, by which way; and for a problem its cause, remedy and what the log says. */
export function connectionDialog(scope: PhoneScope): TemplateResult {
  const { t, snapshot } = scope;
  const problem = snapshot ? problemOf(snapshot) : null;
  return html`<dialog class="dialog" part="dialog" aria-labelledby="connection-title" @click=${closeOnBackdrop}>
    <div class="dialog-body">
      <div class="dialog-head">
        <h2 class="heading" id="connection-title">${t.phone.connection}</h2>
        <button class="round mini plain" part="button" type="button" aria-label=${t.action.close} @click=${close}>
          ${icon('close')}
        </button>
      </div>
      ${
        problem
          ? html`<p class="sentence">${t.failures[problem.reason].sentence}</p>
              <p class="remedy">${t.failures[problem.reason].remedy}</p>`
          : nothing
      }
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
    </div>
  </dialog>`;
}

function facts({ t, snapshot }: PhoneScope): readonly (readonly [term: string, value: string, ltr: boolean])[] {
  const rows: [string, string, boolean][] = [[t.phone.state, t.status[statusOf(snapshot).key], false]];
  if (!snapshot) return rows;
  const { since, identity, server, transport, expiresAt } = snapshot.registration;
  if (since) rows.push([t.phone.since, formatInstant(since, t.lang), false]);
  if (identity) rows.push([t.phone.identity, addressOf(identity), true]);
  if (server) rows.push([t.phone.server, server, true]);
  if (transport) rows.push([t.phone.transport, transport.toUpperCase(), true]);
  if (expiresAt !== null) rows.push([t.phone.expires, formatInstant(expiresAt, t.lang), false]);
  return rows;
}

function close(event: Event): void {
  if (event.target instanceof Element) event.target.closest('dialog')?.close();
}

/** The dialog's own box is covered by its body: a click that hits the dialog itself hit the backdrop. */
function closeOnBackdrop(event: Event): void {
  if (event.target instanceof HTMLDialogElement) event.target.close();
}
