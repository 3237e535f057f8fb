import { html, nothing, type TemplateResult } from 'lit';
import type { Failure } from '../../ims/failure.js';
import { icon } from '../icons/icon.js';
import type { Strings } from '../strings/strings.js';
import { remedyAction, type RemedyAction } from './remedy-action.js';

export interface ProblemCardOptions {
  readonly failure: Failure;
  /** Seconds until the stack tries again by itself, or null. */
  readonly secondsToRetry: number | null;
  /** False hides the "help" action: the page gave no address. */
  readonly hasHelp: boolean;
  readonly onAction: (action: RemedyAction) => void;
  readonly onDismiss?: () => void;
  /** Shown instead of the button, e.g. the pairing form. */
  readonly form?: TemplateResult | undefined;
}

/** Cause, remedy, and the button that carries the remedy out. */
export function problemCard(t: Strings, options: ProblemCardOptions): TemplateResult {
  const { failure, secondsToRetry, form, onAction, onDismiss } = options;
  const advice = t.failures[failure.reason];
  const action = remedyAction(failure.reason);
  const showButton = !form && (action !== 'help' || options.hasHelp);
  return html`<div class="problem" part="problem" role="group" aria-label=${advice.sentence}>
    <span class="problem-icon">${icon(action === 'pair' ? 'link' : 'alert')}</span>
    <div class="problem-text">
      <p class="sentence">${advice.sentence}</p>
      <p class="remedy">${advice.remedy}</p>
      ${secondsToRetry === null ? nothing : html`<p class="remedy tabular">${t.retryIn(secondsToRetry)}</p>`}
      ${form ?? nothing}
      ${
        showButton || onDismiss
          ? html`<div class="problem-actions">
              ${
                showButton
                  ? html`<button
                      class="button small"
                      part="button remedy-button"
                      type="button"
                      @click=${() => onAction(action)}
                    >
                      ${actionLabel(t, action)}
                    </button>`
                  : nothing
              }
              ${
                onDismiss
                  ? html`<button class="button small quiet" part="button" type="button" @click=${onDismiss}>
                      ${t.action.dismiss}
                    </button>`
                  : nothing
              }
            </div>`
          : nothing
      }
    </div>
  </div>`;
}

/** What the log would say, for people who ask for it. */
export function failureDetail(failure: Failure): string {
  return [failure.reason, failure.status, failure.detail].filter((part) => part !== undefined).join(' · ');
}

export function actionLabel(t: Strings, action: RemedyAction): string {
  switch (action) {
    case 'retry':
      return t.action.retry;
    case 'pair':
      return t.action.pair;
    case 'sign-in':
      return t.action.signIn;
    case 'redial':
      return t.action.redial;
    case 'unlock':
      return t.action.unlock;
    case 'help':
      return t.action.help;
  }
}
