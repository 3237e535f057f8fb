import { html, nothing, type TemplateResult } from 'lit';
import { addressOf } from '../format/party.js';
import { icon } from '../icons/icon.js';
import { pairingForm } from '../pairing/pairing-form.js';
import type { PairingController } from '../pairing/pairing-controller.js';
import { problemCard } from '../problem/problem-card.js';
import type { RemedyAction } from '../problem/remedy-action.js';
import { statusOf } from '../status/status.js';
import type { Strings } from '../strings/strings.js';
import type { AccountController } from './account-controller.js';

export interface AccountScope {
  readonly account: AccountController;
  readonly pairing: PairingController;
  readonly t: Strings;
  /** Prefills of the form, from the attributes. */
  readonly identity: string;
  readonly server: string;
  readonly hasHelp: boolean;
  readonly submit: (form: HTMLFormElement) => void;
  readonly remedy: (action: RemedyAction) => void;
}

/** Identity, password, server. Nothing is stored: the browser's own password manager may offer to. */
export function signInForm(scope: AccountScope): TemplateResult {
  const { t, account, identity, server, submit } = scope;
  const badIdentity = account.errors.has('identity');
  const badPassword = account.errors.has('password');
  return html`<form
    class="card sign-in"
    part="sign-in"
    novalidate
    aria-labelledby="sign-in-title"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      if (event.target instanceof HTMLFormElement) submit(event.target);
    }}
  >
    <slot name="logo"></slot>
    <h2 class="title" id="sign-in-title">${t.account.title}</h2>
    <p class="lead">${t.account.lead}</p>
    <label class="field">
      <span class="label">${t.account.identity}</span>
      <input
        class="input"
        part="input"
        name="identity"
        dir="ltr"
        type="text"
        inputmode="email"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        required
        placeholder=${t.account.identityHint}
        .defaultValue=${identity}
        aria-invalid=${badIdentity ? 'true' : 'false'}
        aria-describedby="identity-error"
      />
    </label>
    <p class="error" id="identity-error">${badIdentity ? t.account.identityInvalid : nothing}</p>
    <label class="field">
      <span class="label">${t.account.password}</span>
      <input
        class="input"
        part="input"
        name="password"
        dir="ltr"
        type="password"
        autocomplete="current-password"
        required
        aria-invalid=${badPassword ? 'true' : 'false'}
        aria-describedby="password-error password-privacy"
      />
    </label>
    <p class="error" id="password-error">${badPassword ? t.account.passwordMissing : nothing}</p>
    <label class="field">
      <span class="label">${t.account.server}</span>
      <input
        class="input"
        part="input"
        name="server"
        dir="ltr"
        type="text"
        inputmode="url"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        placeholder=${t.account.serverHint}
        .defaultValue=${server}
      />
    </label>
    <div class="form-actions">
      <button class="button primary wide" part="button sign-in-button" type="submit">${t.account.submit}</button>
      ${
        account.account
          ? html`<button class="button quiet wide" part="button" type="button" @click=${() => account.edit(false)}>
              ${t.action.close}
            </button>`
          : nothing
      }
    </div>
    <p class="privacy" id="password-privacy">${t.account.privacy}</p>
  </form>`;
}

/** Who is signed in, whether it works, and the way out. */
export function accountCard(scope: AccountScope): TemplateResult {
  const { t, account } = scope;
  const { snapshot, face } = account;
  const status = statusOf(snapshot);
  const identity = snapshot?.registration.identity ?? account.account?.publicIdentity ?? '';
  const name = account.account?.displayName;
  return html`<div class="card identity-card" part="card" role="group" aria-label=${t.account.signedInAs}>
    <span class="avatar" aria-hidden="true">${icon('person')}</span>
    <div class="who">
      ${name ? html`<bdi class="name">${name}</bdi>` : nothing}
      <bdi class=${name ? 'address' : 'name'} dir="ltr">${addressOf(identity)}</bdi>
      <span class="state ${status.tone}" part="state"
        ><span class="lamp" aria-hidden="true"></span>${t.status[status.key]}</span
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
  </div>`;
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
