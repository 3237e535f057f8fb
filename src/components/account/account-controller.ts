import type { ClientApi, ClientSnapshot } from '../../client/client-api.js';
import type { Account } from '../../ims/account.js';
import type { Failure } from '../../ims/failure.js';
import type { RegistrationSnapshot } from '../../ims/snapshot.js';
import type { Unsubscribe } from '../../platform/emitter.js';
import { accountProblemOf } from '../status/status.js';

export interface AccountHost {
  changed(): void;
  registrationChanged(registration: RegistrationSnapshot): void;
}

/** What was typed into the sign-in form. */
export interface SignInForm {
  readonly identity: string;
  readonly password: string;
  readonly server: string;
}

export type SignInError = 'identity' | 'password';
export type AccountFace = 'form' | 'working' | 'pairing' | 'ready' | 'problem' | 'offline';

/** The account without its face. No DOM. */
export class AccountController {
  snapshot: ClientSnapshot | null = null;
  /** The account in use; holds the password and never leaves memory. */
  account: Account | null = null;
  /** The person asked for the form. */
  editing = false;
  errors: ReadonlySet<SignInError> = new Set();
  intentFailure: Failure | null = null;

  #client: ClientApi | null = null;
  #unsubscribe: Unsubscribe | null = null;

  constructor(private readonly host: AccountHost) {}

  get client(): ClientApi | null {
    return this.#client;
  }

  attach(client: ClientApi | null): void {
    this.detach();
    if (client !== this.#client) this.snapshot = null;
    this.#client = client;
    if (client) this.#unsubscribe = client.subscribe((snapshot) => this.#update(snapshot));
  }

  detach(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  get problem(): Failure | null {
    return this.intentFailure ?? (this.snapshot ? accountProblemOf(this.snapshot) : null);
  }

  get face(): AccountFace {
    const snapshot = this.snapshot;
    if (this.editing || !this.#client || !snapshot) return 'form';
    if (snapshot.link.state === 'unpaired') return 'pairing';
    const { state } = snapshot.registration;
    if (!this.account && state === 'unregistered' && !this.problem) return 'form';
    if (this.problem) return 'problem';
    if (state === 'registered' || state === 'refreshing') return 'ready';
    return state === 'unregistered' && snapshot.link.state !== 'connecting' && !snapshot.busy ? 'offline' : 'working';
  }

  /** @returns the account that the form describes, or null with {@link errors} set */
  check(form: SignInForm): Account | null {
    const publicIdentity = completeIdentity(form.identity);
    const errors = new Set<SignInError>();
    if (!publicIdentity) errors.add('identity');
    if (!form.password) errors.add('password');
    this.errors = errors;
    this.host.changed();
    if (!publicIdentity || errors.size) return null;
    const server = form.server.trim();
    return { publicIdentity, password: form.password, ...(server ? { proxy: server } : {}) };
  }

  /** Takes the account into use. @param register go online too */
  async use(account: Account, register: boolean): Promise<void> {
    const client = this.#client;
    this.account = account;
    this.editing = false;
    if (!client) return;
    await this.#attempt(async () => {
      await client.configure(account);
      if (register) await client.register();
    });
  }

  async goOnline(): Promise<void> {
    const client = this.#client;
    if (client) await this.#attempt(() => client.register());
  }

  async signOut(): Promise<void> {
    const client = this.#client;
    if (client) await this.#attempt(() => client.unregister());
  }

  async retry(): Promise<void> {
    const client = this.#client;
    if (!client || !this.snapshot) return;
    const { link } = this.snapshot;
    await this.#attempt(() => (link.state === 'connected' && !link.failure ? client.register() : client.reconnect()));
  }

  edit(editing: boolean): void {
    this.editing = editing;
    this.errors = new Set();
    this.host.changed();
  }

  async #attempt(task: () => Promise<void>): Promise<void> {
    this.intentFailure = null;
    this.host.changed();
    try {
      await task();
    } catch (error) {
      this.intentFailure = { reason: 'internal', detail: error instanceof Error ? error.message : String(error) };
      this.host.changed();
    }
  }

  #update(next: ClientSnapshot): void {
    const before = this.snapshot;
    this.snapshot = next;
    if (before && before.registration.state !== next.registration.state)
      this.host.registrationChanged(next.registration);
    this.host.changed();
  }
}

/** `alice@ims.test` → `sip:alice@ims.test`. @returns null when it can be no public identity */
export function completeIdentity(typed: string): string | null {
  const text = typed.trim();
  const uri = /^(?:sips?|tel):/i.test(text) ? text : `sip:${text}`;
  return /^(?:sips?:[^\s@]+@[^\s@]+|tel:\+?[\d().-]+)$/i.test(uri) ? uri : null;
}
