import type { Account } from '../ims/account.js';
import type { Failure } from '../ims/failure.js';
import type { MessageOptions, MessageOutcome, ReceivedMessage } from '../ims/messaging/index.js';
import { EMPTY_SNAPSHOT, type ImsSnapshot } from '../ims/snapshot.js';
import type { CallOptions } from '../ims/user-agent.js';
import type { Unsubscribe } from '../platform/emitter.js';
import type { ImsWorkerEvent } from '../workers/ims-protocol.js';
import { messageOf } from '../platform/message-of.js';
import { locateAssets, type AssetLocations } from './assets.js';
import { CallAudio } from './call-audio.js';
import {
  EMPTY_CLIENT_SNAPSHOT,
  PairingError,
  type ClientActivity,
  type ClientApi,
  type ClientOptions,
  type ClientSnapshot,
  type CodecPreference,
  type DeviceApi,
} from './client-api.js';
import { RestartPolicy } from './restart-policy.js';
import { CodecStore } from './storage/codec-store.js';
import { HistoryStore } from './storage/history-store.js';
import { browserStore } from './storage/key-value-store.js';
import { startThreads, type Threads } from './threads.js';

const DEFAULT_COMPANION = 'http://127.0.0.1:8917';

/**
 * The client of a page: starts the workers when an account is configured, keeps sound and calls together, and
 * shows everything as one frozen snapshot. Works without any element, for people who bring their own interface.
 */
export class ImsClient implements ClientApi {
  readonly devices: DeviceApi;
  readonly #assets: AssetLocations;
  readonly #companionUrl: string;
  readonly #store = browserStore();
  readonly #history = new HistoryStore(this.#store);
  readonly #codecs = new CodecStore(this.#store);
  readonly #restart = new RestartPolicy();
  readonly #audio: CallAudio;
  readonly #readers = new Set<(message: ReceivedMessage) => void>();
  readonly #listeners = new Set<(snapshot: ClientSnapshot) => void>();
  #threads: Promise<Threads> | null = null;
  #account: Account | null = null;
  #identity: string | null = null;
  #wanted = false;
  #stack: ImsSnapshot = EMPTY_SNAPSHOT;
  #busy: ClientActivity | null = null;
  #workerFailure: Failure | null = null;
  #snapshot: ClientSnapshot = EMPTY_CLIENT_SNAPSHOT;
  #closed = false;

  constructor(options: ClientOptions = {}) {
    this.#assets = locateAssets(options.workerUrl);
    this.#companionUrl = options.companionUrl ?? DEFAULT_COMPANION;
    this.#audio = new CallAudio(this.#assets.worklet, this.#store);
    this.#audio.onChange = () => this.#show();
    this.devices = this.#audio.devices;
    this.#show();
  }

  get snapshot(): ClientSnapshot {
    return this.#snapshot;
  }

  subscribe(listener: (snapshot: ClientSnapshot) => void): Unsubscribe {
    this.#listeners.add(listener);
    listener(this.#snapshot);
    return () => this.#listeners.delete(listener);
  }

  async configure(account: Account): Promise<void> {
    this.#account = account;
    this.#wanted = false;
    this.#history.open(account.publicIdentity);
    this.#identity = this.#store.get(this.#identityKey);
    await this.#ask((ims) => ims.configure(account));
  }

  register(): Promise<void> {
    this.#wanted = true;
    return this.#ask((ims) => ims.register());
  }

  unregister(): Promise<void> {
    this.#wanted = false;
    return this.#ask((ims) => ims.unregister());
  }

  async pair(code: string): Promise<void> {
    const threads = await this.#running();
    const result = await threads.ims.pair(code);
    if (!result.ok) throw new PairingError(result.reason, result.message);
    this.#store.set(this.#tokenKey, result.token);
    threads.setToken(result.token);
  }

  reconnect(): Promise<void> {
    return this.#ask((ims) => ims.reconnect());
  }

  call(target: string, options?: CallOptions): Promise<string> {
    return this.#ask(async (ims) => {
      await this.#microphone();
      return ims.call(target, this.#speaking(options));
    });
  }

  answer(callId: string): Promise<void> {
    return this.#ask(async (ims) => {
      await this.#microphone();
      return ims.answer(callId);
    });
  }

  reject(callId: string, status?: number): Promise<void> {
    return this.#ask((ims) => ims.reject(callId, status));
  }

  hangup(callId: string): Promise<void> {
    return this.#ask((ims) => ims.hangup(callId));
  }

  hold(callId: string): Promise<void> {
    return this.#ask((ims) => ims.hold(callId));
  }

  resume(callId: string): Promise<void> {
    return this.#ask((ims) => ims.resume(callId));
  }

  setMuted(callId: string, muted: boolean): Promise<void> {
    return this.#ask((ims) => ims.setMuted(callId, muted));
  }

  sendDtmf(callId: string, tones: string): Promise<void> {
    return this.#ask((ims) => ims.sendDtmf(callId, tones));
  }

  sendMessage(target: string, body: string | Uint8Array, options?: MessageOptions): Promise<MessageOutcome> {
    return this.#ask<MessageOutcome>((ims) => ims.sendMessage(target, body, this.#speaking(options)));
  }

  onMessage(listener: (message: ReceivedMessage) => void): Unsubscribe {
    this.#readers.add(listener);
    this.#tellReaders();
    return () => {
      this.#readers.delete(listener);
      this.#tellReaders();
    };
  }

  chooseIdentity(identity: string | null): void {
    this.#identity = identity;
    if (identity === null) this.#store.delete(this.#identityKey);
    else this.#store.set(this.#identityKey, identity);
    this.#show();
  }

  setCodecs(order: readonly CodecPreference[]): void {
    this.#codecs.set(order);
    // Workers that start later get the order with their first message.
    void this.#threads?.then(
      (threads) => threads.setCodecs(this.#codecs.chosen),
      () => undefined,
    );
    this.#show();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#busy = 'closing';
    this.#show();
    this.#restart.cancel();
    const threads = await this.#threads?.catch(() => null);
    await Promise.race([threads?.ims.stop(), threads?.ended]).catch(() => undefined);
    threads?.close();
    await this.#audio.close();
    this.#busy = null;
    this.#stack = EMPTY_SNAPSHOT;
    this.#show();
    this.#listeners.clear();
  }

  get #tokenKey(): string {
    return `ims-elements:companion:${this.#companionUrl}`;
  }

  get #identityKey(): string {
    return `ims-elements:call-identity:${this.#account?.publicIdentity ?? ''}`;
  }

  /** Who calls or writes, where it is not said: the identity that was chosen. */
  #speaking(options?: MessageOptions): MessageOptions {
    const { callIdentity } = this.#snapshot;
    return { ...(callIdentity === null ? {} : { identity: callIdentity }), ...options };
  }

  /** The workers, started at the first need. */
  #running(): Promise<Threads> {
    if (this.#closed) return Promise.reject(new Error('The client is not running.'));
    if (!this.#threads) {
      this.#threads = this.#start();
      this.#tellReaders();
    }
    return this.#threads;
  }

  async #ask<T>(question: (ims: Threads['ims']) => Promise<T>): Promise<T> {
    const { ims, ended } = await this.#running();
    return Promise.race([question(ims), ended]);
  }

  /** Messages are taken while somebody shows them. */
  #tellReaders(): void {
    void this.#threads?.then(
      ({ ims }) => ims.takeMessages(this.#readers.size > 0),
      () => undefined,
    );
  }

  async #start(): Promise<Threads> {
    this.#setBusy('starting');
    try {
      return await startThreads({
        assets: this.#assets,
        companion: { url: this.#companionUrl.replace(/^http/, 'ws'), token: this.#store.get(this.#tokenKey) },
        codecs: this.#codecs.chosen,
        audio: this.#audio.connect(),
        onEvent: (event) => this.#receive(event),
        onFailure: (detail) => this.#workerDied(detail),
      });
    } catch (error) {
      this.#workerDied(messageOf(error));
      throw error;
    } finally {
      this.#setBusy(null);
    }
  }

  /** Starts over with the same account. Calls are lost with the worker that carried them. */
  #workerDied(detail: string): void {
    this.#threads = null;
    this.#stack = EMPTY_SNAPSHOT;
    if (this.#closed) return;
    const retryAfter = this.#restart.next(() => void this.#resurrect().catch(() => undefined));
    this.#workerFailure = Object.freeze({ reason: 'worker-failed', detail, retryAfter });
    this.#show();
  }

  async #resurrect(): Promise<void> {
    const { ims } = await this.#running();
    if (this.#account) await ims.configure(this.#account);
    if (this.#wanted) await ims.register();
  }

  /** Asks for the microphone while the click or key press that wants the call still counts as one. */
  async #microphone(): Promise<void> {
    this.#setBusy('microphone');
    try {
      await this.#audio.start();
    } finally {
      this.#setBusy(null);
    }
  }

  #receive(event: ImsWorkerEvent): void {
    if (event.type === 'message') for (const reader of [...this.#readers]) reader(event.message);
    if (event.type !== 'snapshot') return;
    this.#workerFailure = null;
    this.#restart.succeeded();
    this.#stack = event.snapshot;
    this.#audio.follow(event.snapshot.calls);
    this.#show();
  }

  #setBusy(activity: ClientActivity | null): void {
    this.#busy = activity;
    this.#show();
  }

  #show(): void {
    const { registration } = this.#stack;
    this.#snapshot = Object.freeze({
      ...this.#stack,
      registration: this.#workerFailure
        ? Object.freeze({ ...registration, failure: this.#workerFailure })
        : registration,
      history: this.#history.merge(this.#stack.history),
      audio: this.#audio.snapshot,
      callIdentity: registration.identities.some(({ uri, state }) => uri === this.#identity && state === 'active')
        ? this.#identity
        : null,
      codecs: this.#codecs.order,
      busy: this.#busy,
    });
    for (const listener of [...this.#listeners]) listener(this.#snapshot);
  }
}
