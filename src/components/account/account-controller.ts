import type { ClientApi, ClientSnapshot } from '../../client/client-api.js';
import type { Account } from '../../ims/account.js';
import type { Failure } from '../../ims/failure.js';
import type { RegistrationSnapshot } from '../../ims/snapshot.js';
import type { Unsubscribe } from '../../platform/emitter.js';
import { messageOf } from '../../platform/message-of.js';
import { accountProblemOf } from '../status/status.js';

export interface AccountHost {
  changed(): void;
  registrationChanged(registration: RegistrationSnapshot): void;
}

/** What was typed into the sign-in form. */
export interface SignInForm {
  readonly identity: string;
  readonly secret: SecretKind;
  readonly password: string;
  /** K, and OP or OPc, in hexadecimal. */
  readonly key: string;
  readonly operatorKind: 'op' | 'opc';
  readonly operatorKey: string;
  readonly privateIdentity: string;
  readonly server: string;
  readonly transport: string;
}

/** A password for digest, or a SIM's keys for AKA (RFC 3310). */
export type SecretKind = 'password' | 'aka';
export type SignInError = 'identity' | 'password' | 'key' | 'operatorKey';
export type AccountFace = 'form' | 'working' | 'pairing' | 'ready' | 'problem' | 'offline';

/** The account without its face. No DOM. */
export class AccountController {
  snapshot: ClientSnapshot | null = null;
  /** The account in use; holds the password and never leaves memory. */
  account: Account | null = null;
  /** The person asked for the form. */
  editing = false;
  errors: ReadonlySet<SignInError> = new Set();
  /** Which secret the form asks for. */
  secret: SecretKind = 'password';
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
    const [key, operatorKey] = [form.key, form.operatorKey].map(hexadecimal);
    if (form.secret === 'password' && !form.password) errors.add('password');
    if (form.secret === 'aka' && !key) errors.add('key');
    if (form.secret === 'aka' && !operatorKey) errors.add('operatorKey');
    this.errors = errors;
    this.host.changed();
    if (!publicIdentity || errors.size) return null;
    const server = form.server.trim();
    const privateIdentity = form.privateIdentity.trim();
    // The proxy's own parameter says more.
    const transport = /;transport=/i.test(server) ? null : transportOf(form.transport);
    return {
      publicIdentity,
      ...(form.secret === 'password' || !key || !operatorKey
        ? { password: form.password }
        : { aka: form.operatorKind === 'op' ? { k: key, op: operatorKey } : { k: key, opc: operatorKey } }),
      ...(privateIdentity ? { privateIdentity } : {}),
      ...(server ? { proxy: server } : {}),
      ...(transport ? { transport } : {}),
    };
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

  setSecret(secret: SecretKind): void {
    this.secret = secret;
    this.errors = new Set();
    this.host.changed();
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
      this.intentFailure = { reason: 'internal', detail: messageOf(error) };
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

/** 32 digits as people copy them: blanks, colons and a leading `0x` do not count. */
function hexadecimal(typed: string): string | null {
  const digits = typed.replace(/^\s*0x|[\s:-]/gi, '');
  return /^[0-9a-f]{32}$/i.test(digits) ? digits.toLowerCase() : null;
}

function transportOf(text: string): 'udp' | 'tcp' | 'tls' | null {
  return text === 'udp' || text === 'tcp' || text === 'tls' ? text : null;
}

/** `alice@ims.test` → `sip:alice@ims.test`. @returns null when it can be no public identity */
export function completeIdentity(typed: string): string | null {
  const text = typed.trim();
  const uri = /^(?:sips?|tel):/i.test(text) ? text : `sip:${text}`;
  return /^(?:sips?:[^\s@]+@[^\s@]+|tel:\+?[\d().-]+)$/i.test(uri) ? uri : null;
}
