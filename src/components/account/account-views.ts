import { html, nothing, type TemplateResult } from 'lit';
import { addressOf } from '../format/party.js';
import { formatDuration } from '../format/duration.js';
import { securityText } from '../format/security.js';
import { icon } from '../icons/icon.js';
import type { Copier } from '../identities/copier.js';
import { identityList } from '../identities/identity-list.js';
import { pairingForm } from '../pairing/pairing-form.js';
import type { PairingController } from '../pairing/pairing-controller.js';
import { problemCard } from '../problem/problem-card.js';
import type { RemedyAction } from '../problem/remedy-action.js';
import { PATIENCE_MS, statusOf } from '../status/status.js';
import type { Strings } from '../strings/strings.js';
import type { AccountController } from './account-controller.js';

export interface AccountScope {
  readonly account: AccountController;
  readonly pairing: PairingController;
  readonly t: Strings;
  /** Prefills of the form, from the attributes. */
  readonly identity: string;
  readonly server: string;
  readonly transport: string;
  readonly privateIdentity: string;
  readonly copier: Copier;
  /** Wall-clock milliseconds of this rendering. */
  readonly now: number;
  readonly hasHelp: boolean;
  readonly submit: (form: HTMLFormElement) => void;
  readonly remedy: (action: RemedyAction) => void;
}

/** Who is signed in, whether it works, and the way out. */
export function accountCard(scope: AccountScope): TemplateResult {
  const { t, account, now } = scope;
  const { snapshot, face } = account;
  const status = statusOf(snapshot);
  const waited = status.since === null ? 0 : now - status.since;
  const identity = snapshot?.registration.identity ?? account.account?.publicIdentity ?? '';
  const name = account.account?.displayName;
  return html`<div class="card identity-card" part="card" role="group" aria-label=${t.account.signedInAs}>
    <span class="avatar" aria-hidden="true">${icon('person')}</span>
    <div class="who">
      ${name ? html`<bdi class="name">${name}</bdi>` : nothing}
      <bdi class=${name ? 'address' : 'name'} dir="ltr">${addressOf(identity)}</bdi>
      <span class="state ${status.tone}" part="state"
        ><span class="lamp" aria-hidden="true"></span
        >${t.status[status.key]}${waited > PATIENCE_MS ? html` <span class="tabular">${formatDuration(waited)}</span>` : nothing}</span
      >
    </div>
    ${
      face === 'ready'
        ? html`<button class="button small" part="button" type="button" @click=${() => void account.signOut()}>
            ${t.account.signOut}
          </button>`
        : nothing
    }
    ${
      face === 'offline'
        ? html`<button class="button small primary" part="button" type="button" @click=${() => void account.goOnline()}>
            ${t.account.register}
          </button>`
        : nothing
    }
    ${details(scope)}
  </div>`;
}

/** What protects the signalling, and every address that is registered. */
function details({ t, account, copier }: AccountScope): TemplateResult | typeof nothing {
  const registration = account.snapshot?.registration;
  if (!registration || registration.identities.length === 0) return nothing;
  const security = securityText(t, registration);
  return html`<details class="more">
    <summary>${t.account.details}${icon('chevron')}</summary>
    <div class="more-body">
      ${security ? html`<p class="fact"><span class="when">${t.phone.security}</span><span>${security}</span></p>` : nothing}
      ${identityList(t, registration, copier)}
    </div>
  </details>`;
}

export function pairingCard({ t, account, pairing }: AccountScope): TemplateResult | typeof nothing {
  const { client } = account;
  if (!client) return nothing;
  return html`<section class="card pair" part="card" aria-labelledby="pairing-title">
    <h2 class="title" id="pairing-title">${t.pairing.title}</h2>
    <p class="lead">${t.pairing.lead}</p>
    ${pairingForm(t, pairing, client)}
  </section>`;
}

export function accountProblem({ t, account, hasHelp, remedy }: AccountScope): TemplateResult | typeof nothing {
  const failure = account.problem;
  if (!failure) return nothing;
  return problemCard(t, { failure, secondsToRetry: null, hasHelp, onAction: remedy });
}
