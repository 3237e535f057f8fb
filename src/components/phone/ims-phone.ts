import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { ClientApi } from '../../client/client-api.js';
import type { Failure } from '../../ims/failure.js';
import type { CallSnapshot } from '../../ims/snapshot.js';
import { completeIdentity } from '../account/account-controller.js';
import { findAccount, onAccountsChanged } from '../account/account-provider.js';
import { announce, prepareAnnouncer } from '../announcer/announcer.js';
import {
  ImsAnswerRequestEvent,
  ImsCallEndedEvent,
  ImsCallRequestEvent,
  ImsCallStartedEvent,
  ImsHangUpRequestEvent,
  ImsHelpRequestEvent,
  ImsRegistrationChangedEvent,
  ImsSignInRequestEvent,
} from '../events.js';
import { isSomeoneTyping } from '../focus/typing.js';
import { addressOf } from '../format/party.js';
import { Copier } from '../identities/copier.js';
import { PairingController } from '../pairing/pairing-controller.js';
import { pairingForm } from '../pairing/pairing-form.js';
import { problemCard } from '../problem/problem-card.js';
import type { RemedyAction } from '../problem/remedy-action.js';
import { ElementStates } from '../state/element-states.js';
import { LanguageController } from '../strings/language-controller.js';
import type { Strings } from '../strings/strings.js';
import { baseStyles } from '../theme/base-styles.js';
import { fieldStyles } from '../theme/field-styles.js';
import { identityStyles } from '../theme/identity-styles.js';
import { isTone } from './key-pad-keys.js';
import { PhoneController } from './phone-controller.js';
import type { PhoneScope } from './phone-scope.js';
import { callStyles } from './styles/call-styles.js';
import { dialStyles } from './styles/dial-styles.js';
import { phoneStyles } from './styles/phone-styles.js';
import { settingsStyles } from './styles/settings-styles.js';
import type { PhoneView, Stage } from './stage.js';
import { callView, outgoingView } from './views/call-view.js';
import { connectionDialog } from './views/connection-dialog.js';
import { dialView } from './views/dial-view.js';
import { endedView } from './views/ended-view.js';
import { incomingView, waitingCard } from './views/incoming-view.js';
import { otherCalls } from './views/other-calls.js';
import { recentCalls } from './views/recent-calls.js';
import { settingsDialog } from './views/settings-dialog.js';
import { statusBar } from './views/status-bar.js';

/**
 * A telephone: dials, rings, talks, holds, and says what is wrong and what helps.
 * Uses the account named by `for`, else the nearest or only `<ims-account>`, else `client`.
 *
 * @tag ims-phone
 * @slot logo - Picture at the start of the status bar
 * @slot brand - Text at the start of the status bar, instead of the address in use
 * @csspart phone - The whole box
 * @csspart status-bar - Brand and registration state
 * @csspart status - The button that opens the connection's details
 * @csspart dial, incoming, call, ended - The faces
 * @csspart entry, entry-input, suggestions - Number or address
 * @csspart pad, key - The dial pad
 * @csspart call-button, answer-button, decline-button, hang-up-button - What they say
 * @csspart controls, control, panel - In-call controls and what they open
 * @csspart recents, recent - Earlier calls
 * @csspart problem - Cause and remedy of a problem
 * @csspart dialog - Details of the connection, and settings
 * @csspart identities, call-as - Own addresses, and the choice between them for a call
 * @csspart settings-button, codecs, handle, switch - Settings and what is in them
 * @cssstate registered - Signed in
 * @cssstate ringing - A call comes in
 * @cssstate calling - A call goes out and is not answered yet
 * @cssstate in-call - Talking or held
 * @cssstate held - The call on the stage is on hold
 * @cssstate problem - Something needs a person
 * @fires {ImsCallRequestEvent} ims-call-request - Someone dialled; cancelable
 * @fires {ImsAnswerRequestEvent} ims-answer-request - Someone answers; cancelable
 * @fires {ImsHangUpRequestEvent} ims-hang-up-request - Someone hangs up, cancels or declines; cancelable
 * @fires {ImsSignInRequestEvent} ims-sign-in-request - The "Sign in" remedy; cancelable
 * @fires {ImsHelpRequestEvent} ims-help-request - Help was asked for; cancelable
 * @fires {ImsCallStartedEvent} ims-call-started - A call exists
 * @fires {ImsCallEndedEvent} ims-call-ended - A call is over
 * @fires {ImsRegistrationChangedEvent} ims-registration-changed - The registration's state changed
 */
export class ImsPhone extends LitElement {
  static override styles = [
    baseStyles,
    fieldStyles,
    identityStyles,
    phoneStyles,
    dialStyles,
    callStyles,
    settingsStyles,
  ];

  /** Id of the `<ims-account>` to use. */
  @property({ attribute: 'for' }) htmlFor: string | null = null;
  /** Page with help; the failure's reason is added as fragment. */
  @property({ attribute: 'help-url' }) helpUrl = '';
  /** Public identity that calls leave from, one of those registered. Empty: a person chooses where there are several. */
  @property() identity = '';
  /** A client of the page's own; wins over any account. */
  @property({ attribute: false }) client: ClientApi | null = null;
  /** Texts of the page's own; wins over `lang`. */
  @property({ attribute: false }) strings: Strings | null = null;

  readonly #language = new LanguageController(this, () => this.strings);
  readonly #states = new ElementStates(this);
  readonly #pairing = new PairingController(() => this.requestUpdate());
  readonly #copier = new Copier(() => this.requestUpdate());
  readonly #phone = new PhoneController({
    changed: () => this.requestUpdate(),
    strings: () => this.#language.strings,
    now: () => Date.now(),
    announce: ({ text, politeness }) => announce(this.ownerDocument, text, politeness),
    callStarted: (call) => this.dispatchEvent(new ImsCallStartedEvent(call)),
    callEnded: (call) => this.dispatchEvent(new ImsCallEndedEvent(call)),
    registrationChanged: (registration) => this.dispatchEvent(new ImsRegistrationChangedEvent(registration)),
  });
  #stopFollowing: (() => void) | null = null;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #shown = '';

  constructor() {
    super();
    this.addEventListener('keydown', (event) => this.#keydown(event));
    this.addEventListener('paste', (event) => this.#paste(event));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    prepareAnnouncer(this.ownerDocument);
    this.#stopFollowing = onAccountsChanged(() => this.#follow());
    this.#follow(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopFollowing?.();
    this.#stopFollowing = null;
    this.#phone.detach();
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  /** Asks for a call, as if `address` had been dialled. */
  call(address: string): void {
    if (this.dispatchEvent(new ImsCallRequestEvent(address))) void this.#phone.call(address);
  }

  /** Answers the call that rings; does nothing when none does. */
  answer(): void {
    const call = this.#phone.snapshot?.calls.find((candidate) => candidate.state === 'ringing-in');
    if (call) this.#answer(call);
  }

  /** Ends the call on the stage, whatever its state. */
  hangUp(): void {
    const { stage } = this.#phone.view;
    if (stage.kind !== 'dial' && stage.kind !== 'ended') this.#hangUp(stage.call);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#phone.identity = this.identity === '' ? null : (completeIdentity(this.identity) ?? this.identity);
    if (this.isConnected && (changed.has('client') || changed.has('htmlFor'))) this.#follow();
  }

  protected override render(): TemplateResult {
    const t = this.#language.strings;
    const scope = this.#scope(t);
    const view = this.#phone.view;
    return html`<div class="root" part="phone" role="region" aria-label=${this.#name(t)} dir=${t.dir} lang=${t.lang}>
      ${statusBar(scope)}
      <div class="body">
        <div class="main">
          ${view.waiting.map((call) => waitingCard(scope, call))} ${this.#problem(scope, view)}
          ${keyed(stageKey(view.stage), stageView(scope, view.stage))} ${otherCalls(scope, view.others)}
        </div>
        <div class="side">${recentCalls(scope)}</div>
      </div>
      ${connectionDialog(scope)} ${settingsDialog(scope)}
    </div>`;
  }

  protected override updated(): void {
    const { stage, waiting } = this.#phone.view;
    this.#states.set('registered', this.#phone.snapshot?.registration.state === 'registered');
    this.#states.set('ringing', stage.kind === 'incoming' || waiting.length > 0);
    this.#states.set('calling', stage.kind === 'outgoing');
    this.#states.set('in-call', stage.kind === 'call');
    this.#states.set('held', stage.kind === 'call' && (stage.call.localHold || stage.call.remoteHold));
    this.#states.set('problem', this.#phone.problem !== null);
    this.#tick();
    this.#uncover(stage.kind === 'incoming' || waiting.length > 0);
    this.#moveFocus(stageKey(stage), stage.kind);
    this.#followCodec();
  }

  #rang = false;
  /** A modal dialog would keep a call from being answered. */
  #uncover(ringing: boolean): void {
    if (ringing && !this.#rang) for (const dialog of this.renderRoot.querySelectorAll('dialog')) dialog.close();
    this.#rang = ringing;
  }

  /** The focus goes with a codec that is being moved. */
  #followCodec(): void {
    const { codecs } = this.#phone;
    const focused = this.shadowRoot?.activeElement?.closest('.codec');
    if (codecs.grabbed === null || !focused) return;
    const row = this.renderRoot.querySelectorAll('.codec')[codecs.indexOf(codecs.grabbed)];
    if (row && row !== focused) row.querySelector<HTMLElement>('.handle')?.focus();
  }

  /** Two phones on a page are told apart by whose they are. */
  #name(t: Strings): string {
    const identity = this.#phone.snapshot?.registration.identity;
    return identity ? `${t.phone.label}: ${addressOf(identity)}` : t.phone.label;
  }

  #scope(t: Strings): PhoneScope {
    return {
      phone: this.#phone,
      pairing: this.#pairing,
      copier: this.#copier,
      t,
      snapshot: this.#phone.snapshot,
      now: Date.now(),
      hasHelp: this.helpUrl !== '',
      fixedIdentity: this.identity !== '',
      intents: {
        call: (address) => this.call(address),
        answer: (call) => this.#answer(call),
        hangUp: (call) => this.#hangUp(call),
        remedy: (action, failure, call) => this.#remedy(action, failure, call),
        openConnection: () => this.#dialog('connection')?.showModal(),
        openSettings: () => {
          this.#phone.setSettings(true);
          void this.updateComplete.then(() => this.#dialog('settings')?.showModal());
        },
      },
    };
  }

  #dialog(name: 'connection' | 'settings'): HTMLDialogElement | null {
    return this.renderRoot.querySelector<HTMLDialogElement>(`dialog.${name}`);
  }

  #problem(scope: PhoneScope, view: PhoneView): TemplateResult | typeof nothing {
    const failure = this.#phone.problem;
    const { client } = this.#phone;
    if (!failure || view.stage.kind === 'incoming') return nothing;
    return problemCard(scope.t, {
      failure,
      secondsToRetry: this.#phone.secondsToRetry,
      hasHelp: scope.hasHelp,
      onAction: (action) => this.#remedy(action, failure, null),
      ...(failure === this.#phone.intentFailure ? { onDismiss: () => this.#phone.dismissProblem() } : {}),
      form: failure.reason === 'companion-unpaired' && client ? pairingForm(scope.t, this.#pairing, client) : undefined,
    });
  }

  #answer(call: CallSnapshot): void {
    if (this.dispatchEvent(new ImsAnswerRequestEvent(call))) void this.#phone.answer(call);
  }

  #hangUp(call: CallSnapshot): void {
    if (this.dispatchEvent(new ImsHangUpRequestEvent(call))) void this.#phone.hangUp(call);
  }

  #remedy(action: RemedyAction, failure: Failure, call: CallSnapshot | null): void {
    switch (action) {
      case 'redial':
        if (call) this.call(addressOf(call.remote.uri));
        else this.#phone.dismissProblem();
        break;
      case 'sign-in':
        this.#signIn();
        break;
      case 'unlock':
        void this.#phone.run((client) => client.devices.unlock());
        break;
      case 'help':
        if (this.dispatchEvent(new ImsHelpRequestEvent(failure.reason)))
          window.open(`${this.helpUrl}#${failure.reason}`, '_blank', 'noopener');
        break;
      case 'pair':
      case 'retry':
        void this.#phone.retry(failure);
    }
  }

  #signIn(): void {
    if (!this.dispatchEvent(new ImsSignInRequestEvent(null))) return;
    findAccount(this, this.htmlFor)?.signIn();
  }

  /** Follows the page: accounts come later, change their client, go. */
  #follow(again = false): void {
    const client = this.client ?? findAccount(this, this.htmlFor)?.client ?? null;
    if (again || client !== this.#phone.client) this.#phone.attach(client);
  }

  #tick(): void {
    if (this.#phone.ticking && this.#ticker === undefined) this.#ticker = setInterval(() => this.requestUpdate(), 1000);
    else if (!this.#phone.ticking) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
  }

  /** A face that goes takes the focus with it: give it to the next face, and to an incoming call unless someone types. */
  #moveFocus(key: string, kind: Stage['kind']): void {
    if (key === this.#shown) return;
    const first = this.#shown === '';
    this.#shown = key;
    const focused = this.shadowRoot?.activeElement;
    // The removed face's focus has fallen to the body, or still is on something that stays.
    const lost = !first && !focused && this.#hadFocus;
    if (!lost && (kind !== 'incoming' || focused || isSomeoneTyping(this.ownerDocument))) return;
    this.renderRoot.querySelector<HTMLElement>('[data-view]')?.focus({ preventScroll: true });
  }

  #hadFocus = false;
  protected override update(changed: PropertyValues): void {
    this.#hadFocus = this.shadowRoot?.activeElement?.closest('[data-view]') != null;
    super.update(changed);
  }

  /** A number that is pasted anywhere in the dial view goes where it belongs. */
  #paste(event: ClipboardEvent): void {
    const origin = event.composedPath()[0];
    const text = event.clipboardData
      ?.getData('text/plain')
      .trim()
      .split(/[\r\n]/, 1)[0];
    if (origin instanceof HTMLInputElement || !text || this.#phone.view.stage.kind !== 'dial') return;
    this.#phone.entry.insert(text);
    event.preventDefault();
  }

  /** With the focus anywhere in the phone but in a field, digits dial or are sent (WCAG 2.1.4: only while focused). */
  #keydown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const origin = event.composedPath()[0];
    if (origin instanceof HTMLInputElement || origin instanceof HTMLSelectElement) return;
    if (origin instanceof Element && origin.closest('dialog')) return;
    const { stage } = this.#phone.view;
    if (isTone(event.key) || (event.key === '+' && stage.kind === 'dial')) {
      if (stage.kind === 'dial') this.#phone.press(event.key);
      else if (stage.kind === 'call' && stage.call.state === 'active' && !event.repeat)
        void this.#phone.sendTone(stage.call, event.key);
      else return;
    } else if (event.key === 'Backspace' && stage.kind === 'dial') this.#phone.entry.erase();
    else if (event.key === 'Escape' && this.#phone.panel !== 'none') this.#phone.toggle(this.#phone.panel);
    else if (
      event.key === 'Enter' &&
      stage.kind === 'dial' &&
      origin instanceof HTMLElement &&
      origin.matches('[data-view]') &&
      this.#phone.entry.text
    )
      this.call(this.#phone.entry.text);
    else return;
    event.preventDefault();
  }
}

function stageKey(stage: Stage): string {
  return stage.kind === 'dial' ? 'dial' : `${stage.kind}:${stage.call.id}`;
}

function stageView(scope: PhoneScope, stage: Stage): TemplateResult {
  switch (stage.kind) {
    case 'dial':
      return dialView(scope);
    case 'incoming':
      return incomingView(scope, stage.call);
    case 'outgoing':
      return outgoingView(scope, stage.call);
    case 'call':
      return callView(scope, stage.call);
    case 'ended':
      return endedView(scope, stage.call);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ims-phone': ImsPhone;
  }
}
