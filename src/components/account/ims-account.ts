import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ClientApi, ClientFactory } from '../../client/client-api.js';
import type { Account, AkaCredentials } from '../../ims/account.js';
import { ImsHelpRequestEvent, ImsRegistrationChangedEvent, ImsSignInRequestEvent } from '../events.js';
import { Copier } from '../identities/copier.js';
import { PairingController } from '../pairing/pairing-controller.js';
import type { RemedyAction } from '../problem/remedy-action.js';
import { ElementStates } from '../state/element-states.js';
import { statusOf } from '../status/status.js';
import { LanguageController } from '../strings/language-controller.js';
import type { Strings } from '../strings/strings.js';
import { baseStyles } from '../theme/base-styles.js';
import { fieldStyles } from '../theme/field-styles.js';
import { identityStyles } from '../theme/identity-styles.js';
import { AccountController, completeIdentity } from './account-controller.js';
import {
  accountsChanged,
  addAccountProvider,
  removeAccountProvider,
  type AccountProvider,
} from './account-provider.js';
import { accountStyles } from './account-styles.js';
import { accountCard, accountProblem, pairingCard, type AccountScope } from './account-views.js';
import { signInForm } from './sign-in-form.js';

/** A moved element is back within a task; a removed one is gone for good after this. */
const TEAR_DOWN_MS = 3000;

/** A password for digest, or a SIM's keys for AKA; with both, the network's challenge decides. */
export type Credentials =
  | { readonly password: string; readonly aka?: AkaCredentials }
  | { readonly aka: AkaCredentials; readonly password?: string };

/**
 * The account that phones on the page share: owns the client, shows sign-in, pairing, state and problems.
 *
 * @tag ims-account
 * @slot logo - Picture above the sign-in form
 * @csspart card - The box of every face
 * @csspart sign-in - The sign-in form
 * @csspart input - Text fields
 * @csspart button - Every button
 * @csspart state - Registration state
 * @csspart problem - Cause and remedy of a problem
 * @cssstate registered - Signed in
 * @cssstate problem - Something needs a person
 * @fires {ImsSignInRequestEvent} ims-sign-in-request - The form was sent; cancelable
 * @fires {ImsHelpRequestEvent} ims-help-request - Help was asked for; cancelable
 * @fires {ImsRegistrationChangedEvent} ims-registration-changed - The registration's state changed
 */
export class ImsAccount extends LitElement implements AccountProvider {
  static override styles = [baseStyles, fieldStyles, identityStyles, accountStyles];
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  /** Makes the client. Set by the registration module, so that the class alone pulls in no worker. */
  static createClient: ClientFactory | null = null;

  /** Public identity: `sip:alice@ims.test` or `alice@ims.test`. */
  @property() identity = '';
  @property({ attribute: 'private-identity' }) privateIdentity = '';
  @property({ attribute: 'display-name' }) displayName = '';
  /** Home network domain, if it is not the identity's host. */
  @property() domain = '';
  /** P-CSCF or proxy: `host[:port]` or a SIP URI. */
  @property() proxy = '';
  @property() transport: '' | 'udp' | 'tcp' | 'tls' = '';
  @property({ attribute: 'companion-url' }) companionUrl = '';
  @property({ attribute: 'worker-url' }) workerUrl = '';
  /** Pauses of the voice are described, not sent. */
  @property({ type: Boolean }) dtx = false;
  /** Registers as soon as identity and credentials are known. */
  @property({ type: Boolean, attribute: 'auto-register' }) autoRegister = false;
  /** Page with help; the failure's reason is added as fragment. */
  @property({ attribute: 'help-url' }) helpUrl = '';

  /** Secrets: a property, never an attribute. */
  @property({ attribute: false }) credentials: Credentials | null = null;
  /** The whole account at once; wins over the attributes. */
  @property({ attribute: false }) account: Account | null = null;
  /** Texts of the page's own; wins over `lang`. */
  @property({ attribute: false }) strings: Strings | null = null;

  readonly #language = new LanguageController(this, () => this.strings);
  readonly #states = new ElementStates(this);
  readonly #controller = new AccountController({
    changed: () => this.requestUpdate(),
    registrationChanged: (registration) => this.dispatchEvent(new ImsRegistrationChangedEvent(registration)),
  });
  readonly #copier = new Copier(() => this.requestUpdate());
  readonly #pairing = new PairingController(() => this.requestUpdate());
  #client: ClientApi | null = null;
  #ownsClient = false;
  #tearDown: ReturnType<typeof setTimeout> | undefined;
  #configured = '';
  #ticker: ReturnType<typeof setInterval> | undefined;

  /** The client in use. Set it to bring one of your own; the element then never closes it. */
  get client(): ClientApi | null {
    return this.#client;
  }
  set client(client: ClientApi | null) {
    if (client === this.#client) return;
    this.#closeOwn();
    this.#setClient(client);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    clearTimeout(this.#tearDown);
    this.#tearDown = undefined;
    if (this.#client) this.#controller.attach(this.#client);
    addAccountProvider(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#controller.detach();
    clearInterval(this.#ticker);
    this.#ticker = undefined;
    removeAccountProvider(this);
    // Not at once: an element that is only moved keeps its registration and its calls.
    this.#tearDown = setTimeout(() => {
      if (!this.#ownsClient) return;
      this.#closeOwn();
      this.#client = null;
      this.#configured = '';
    }, TEAR_DOWN_MS);
  }

  /** Shows the sign-in form. */
  signIn(): void {
    this.#controller.edit(true);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('input[name=identity]')?.focus());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.isConnected) return;
    const account = this.#describedAccount();
    // The client starts with the first account: a page that shows only the form loads no worker.
    if (account) this.#ensureClient();
    const key = account ? JSON.stringify(account) : '';
    if (account && this.#client && key !== this.#configured) {
      this.#configured = key;
      void this.#controller.use(account, this.autoRegister);
    } else if (changed.has('autoRegister') && this.autoRegister && this.#configured) void this.#controller.goOnline();
  }

  protected override render(): TemplateResult {
    const account = this.#controller;
    const scope: AccountScope = {
      account,
      pairing: this.#pairing,
      t: this.#language.strings,
      identity: this.account?.publicIdentity ?? this.identity,
      server: this.account?.proxy ?? this.proxy,
      transport: this.account?.transport ?? this.transport,
      privateIdentity: this.account?.privateIdentity ?? this.privateIdentity,
      copier: this.#copier,
      now: Date.now(),
      hasHelp: this.helpUrl !== '',
      submit: (form) => this.#submit(form),
      remedy: (action) => this.#remedy(action),
    };
    const { face } = account;
    return html`<div class="root" dir=${scope.t.dir} lang=${scope.t.lang}>
      ${
        face === 'form'
          ? signInForm(scope)
          : face === 'pairing'
            ? pairingCard(scope)
            : html`${accountCard(scope)}${face === 'problem' ? accountProblem(scope) : nothing}`
      }
    </div>`;
  }

  protected override updated(): void {
    const { face } = this.#controller;
    this.#states.set('registered', face === 'ready');
    this.#states.set('problem', face === 'problem' || face === 'pairing');
    this.#tick();
  }

  /** Counts while a person waits. */
  #tick(): void {
    const waiting = this.isConnected && statusOf(this.#controller.snapshot).since !== null;
    if (waiting) this.#ticker ??= setInterval(() => this.requestUpdate(), 1000);
    else {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
  }

  #describedAccount(): Account | null {
    if (this.account) return this.account;
    const publicIdentity = completeIdentity(this.identity);
    if (!publicIdentity || !this.credentials) return null;
    return {
      publicIdentity,
      ...this.#secrets(this.credentials),
      ...(this.privateIdentity ? { privateIdentity: this.privateIdentity } : {}),
      ...(this.proxy ? { proxy: this.proxy } : {}),
      ...(this.transport ? { transport: this.transport } : {}),
      ...this.#manner(),
    };
  }

  /** What attributes say that the form does not ask. */
  #manner(): Pick<Account, 'displayName' | 'domain' | 'dtx'> {
    return {
      ...(this.displayName ? { displayName: this.displayName } : {}),
      ...(this.domain ? { domain: this.domain } : {}),
      ...(this.dtx ? { dtx: true } : {}),
    };
  }

  #secrets({ password, aka }: Credentials): Pick<Account, 'password' | 'aka'> {
    return { ...(password === undefined ? {} : { password }), ...(aka === undefined ? {} : { aka }) };
  }

  #ensureClient(): void {
    if (this.#client || !ImsAccount.createClient) return;
    const client = ImsAccount.createClient({
      ...(this.companionUrl ? { companionUrl: this.companionUrl } : {}),
      ...(this.workerUrl ? { workerUrl: this.workerUrl } : {}),
    });
    this.#ownsClient = true;
    this.#setClient(client);
  }

  #closeOwn(): void {
    // Nobody is left to tell: the page took the element away, or gave it another client.
    if (this.#ownsClient) this.#client?.close().catch(() => undefined);
    this.#ownsClient = false;
  }

  #setClient(client: ClientApi | null): void {
    this.#client = client;
    this.#configured = '';
    if (this.isConnected) this.#controller.attach(client);
    accountsChanged();
    this.requestUpdate();
  }

  #submit(form: HTMLFormElement): void {
    const data = new FormData(form);
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === 'string' ? value : '';
    };
    const typed = this.#controller.check({
      identity: text('identity'),
      secret: text('secret') === 'aka' ? 'aka' : 'password',
      password: text('password'),
      key: text('key'),
      operatorKind: text('operatorKind') === 'op' ? 'op' : 'opc',
      operatorKey: text('operatorKey'),
      privateIdentity: text('privateIdentity'),
      server: text('server'),
      transport: text('transport'),
    });
    if (!typed) {
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
      return;
    }
    const account: Account = { ...typed, ...this.#manner() };
    if (!this.dispatchEvent(new ImsSignInRequestEvent(account))) return;
    form.reset();
    this.#ensureClient();
    this.#configured = JSON.stringify(account);
    this.account = account;
    void this.#controller.use(account, true);
  }

  #remedy(action: RemedyAction): void {
    const failure = this.#controller.problem;
    if (action === 'sign-in') this.signIn();
    else if (action === 'help' && failure) {
      if (this.dispatchEvent(new ImsHelpRequestEvent(failure.reason)))
        window.open(`${this.helpUrl}#${failure.reason}`, '_blank', 'noopener');
    } else if (action === 'unlock') this.#client?.devices.unlock().catch(() => undefined);
    else void this.#controller.retry();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ims-account': ImsAccount;
  }
}
