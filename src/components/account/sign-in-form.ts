import { html, nothing, type TemplateResult } from 'lit';
import { selectBox } from '../fields/select-box.js';
import { icon } from '../icons/icon.js';
import type { SecretKind, SignInError } from './account-controller.js';
import type { AccountScope } from './account-views.js';

/** Address and secret; the rest under "Advanced". Nothing is stored: the browser's own password manager may offer to. */
export function signInForm(scope: AccountScope): TemplateResult {
  const { t, account, submit } = scope;
  const keys = account.secret === 'aka';
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
    ${field(scope, {
      name: 'identity',
      label: t.account.identity,
      placeholder: t.account.identityHint,
      value: scope.identity,
      error: 'identity',
      complaint: t.account.identityInvalid,
      autocomplete: 'username',
      inputmode: 'email',
    })}
    ${keys ? keyFields(scope) : passwordField(scope)} ${advanced(scope)}
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
    <p class="privacy" id="privacy">${t.account.privacy}</p>
  </form>`;
}

function passwordField(scope: AccountScope): TemplateResult {
  const { t } = scope;
  return field(scope, {
    name: 'password',
    label: t.account.password,
    error: 'password',
    complaint: t.account.passwordMissing,
    type: 'password',
    autocomplete: 'current-password',
  });
}

/** What a SIM holds (TS 35.206): K, and the operator's OP or what was derived from it. */
function keyFields(scope: AccountScope): TemplateResult {
  const { t } = scope;
  const complaint = t.account.keyInvalid;
  return html`${field(scope, { name: 'key', label: t.account.key, error: 'key', complaint, type: 'password', autocomplete: 'off' })}
    <div class="pair">
      <label class="field narrow">
        <span class="label">${t.account.operatorKey}</span>
        ${selectBox(
          html`<select class="select" part="select" name="operatorKind">
            <option value="opc">OPc</option>
            <option value="op">OP</option>
          </select>`,
          'ltr',
        )}
      </label>
      ${field(scope, { name: 'operatorKey', label: 'OPc / OP', error: 'operatorKey', complaint, type: 'password', autocomplete: 'off' })}
    </div>`;
}

function advanced(scope: AccountScope): TemplateResult {
  const { t, account, server, transport, privateIdentity } = scope;
  return html`<details class="more" ?open=${server !== '' || transport !== '' || privateIdentity !== ''}>
    <summary>${t.account.advanced}${icon('chevron')}</summary>
    <div class="more-body">
      <label class="field">
        <span class="label">${t.account.signInWith}</span>
        ${selectBox(
          html`<select
            class="select"
            part="select"
            name="secret"
            @change=${(event: Event) =>
              event.target instanceof HTMLSelectElement && account.setSecret(secretOf(event.target.value))}
          >
            <option value="password" ?selected=${account.secret === 'password'}>${t.account.withPassword}</option>
            <option value="aka" ?selected=${account.secret === 'aka'}>${t.account.withKeys}</option>
          </select>`,
        )}
      </label>
      ${field(scope, { name: 'server', label: t.account.server, placeholder: t.account.serverHint, value: server, inputmode: 'url', autocomplete: 'off' })}
      <label class="field">
        <span class="label">${t.account.transport}</span>
        ${selectBox(
          html`<select class="select" part="select" name="transport">
            <option value="">${t.account.automatic}</option>
            ${['udp', 'tcp', 'tls'].map(
              (name) => html`<option value=${name} ?selected=${name === transport}>${name.toUpperCase()}</option>`,
            )}
          </select>`,
        )}
      </label>
      ${field(scope, { name: 'privateIdentity', label: t.account.privateIdentity, placeholder: t.account.privateIdentityHint, value: privateIdentity, autocomplete: 'off' })}
    </div>
  </details>`;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly type?: 'text' | 'password';
  readonly inputmode?: 'email' | 'url';
  readonly autocomplete: 'username' | 'current-password' | 'off';
  /** With it the field must be filled. */
  readonly error?: SignInError;
  readonly complaint?: string;
}

function field({ account }: AccountScope, field: Field): TemplateResult {
  const { name, label, type = 'text', error, complaint } = field;
  const bad = error !== undefined && account.errors.has(error);
  return html`<div class="labelled-field">
    <label class="field">
      <span class="label">${label}</span>
      <input
        class="input"
        part="input"
        name=${name}
        dir="ltr"
        type=${type}
        inputmode=${field.inputmode ?? nothing}
        autocomplete=${field.autocomplete}
        autocapitalize="none"
        spellcheck="false"
        ?required=${error !== undefined}
        placeholder=${field.placeholder ?? nothing}
        .defaultValue=${field.value ?? ''}
        aria-invalid=${bad ? 'true' : 'false'}
        aria-describedby=${type === 'password' ? `${name}-error privacy` : error === undefined ? nothing : `${name}-error`}
      />
    </label>
    ${error === undefined ? nothing : html`<p class="error" id="${name}-error">${bad ? complaint : nothing}</p>`}
  </div>`;
}

function secretOf(value: string): SecretKind {
  return value === 'aka' ? 'aka' : 'password';
}
