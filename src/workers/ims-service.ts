import type { Account } from '../ims/account.js';
import type { MessageOptions, MessageOutcome, ReceivedMessage } from '../ims/messaging/index.js';
import { EMPTY_SNAPSHOT, type LinkSnapshot } from '../ims/snapshot.js';
import type { CallOptions, UserAgentApi } from '../ims/user-agent.js';
import type { Unsubscribe } from '../platform/emitter.js';
import type { ImsWorkerApi, ImsWorkerEvent, PairResult } from './ims-protocol.js';

/** The way to the network as the service needs it. */
export interface ServiceLink {
  readonly snapshot: LinkSnapshot;
  onChange: (() => void) | null;
  pair(code: string): Promise<PairResult>;
  reconnect(): void;
  close(): void;
}

export interface ImsServiceOptions {
  readonly link: ServiceLink;
  readonly createUserAgent: (account: Account) => UserAgentApi;
  /** Name of this device, for accounts that bring none. */
  readonly instance: Promise<string>;
  readonly emit: (event: ImsWorkerEvent) => void;
}

/**
 * What ims.worker does, without the worker: one user agent at a time, started when a registration is wanted and
 * the link is there, and shown together with the state of the link.
 */
export class ImsService implements Omit<ImsWorkerApi, 'init'> {
  #agent: UserAgentApi | null = null;
  #subscriptions: Unsubscribe[] = [];
  /** The page wants to be registered: kept over the loss of the link. */
  #wanted = false;
  #started = false;
  #trace = false;
  #takesMessages = false;
  #messages: Unsubscribe | null = null;
  #linkWasUp: boolean;

  constructor(private readonly options: ImsServiceOptions) {
    this.#linkWasUp = options.link.snapshot.state === 'connected';
    options.link.onChange = () => this.#linkChanged();
    this.#show();
  }

  async configure(account: Account): Promise<void> {
    await this.#retire();
    const named = account.instanceId !== undefined;
    const instanceId = account.instanceId ?? (await this.options.instance);
    const agent = this.options.createUserAgent({ gruu: named, ...account, instanceId });
    this.#agent = agent;
    this.#subscriptions = [
      agent.events.on('snapshot', () => this.#show()),
      agent.events.on('trace', (entry) => {
        if (this.#trace) this.options.emit({ type: 'trace', entry });
      }),
    ];
    this.takeMessages(this.#takesMessages);
    this.#show();
  }

  async register(): Promise<void> {
    this.#wanted = true;
    if (this.#linkWasUp) await this.#begin();
  }

  async unregister(): Promise<void> {
    this.#wanted = false;
    await this.#agent?.unregister();
  }

  async pair(code: string): Promise<PairResult> {
    return this.options.link.pair(code);
  }

  reconnect(): Promise<void> {
    this.options.link.reconnect();
    return Promise.resolve();
  }

  call(target: string, options?: CallOptions): Promise<string> {
    return Promise.resolve(this.#required().call(target, options));
  }

  answer(callId: string): Promise<void> {
    return this.#required().answer(callId);
  }

  reject(callId: string, status?: number): Promise<void> {
    return this.#required().reject(callId, status);
  }

  hangup(callId: string): Promise<void> {
    return this.#required().hangup(callId);
  }

  hold(callId: string): Promise<void> {
    return this.#required().hold(callId);
  }

  resume(callId: string): Promise<void> {
    return this.#required().resume(callId);
  }

  setMuted(callId: string, muted: boolean): void {
    this.#required().setMuted(callId, muted);
  }

  sendDtmf(callId: string, tones: string): Promise<void> {
    return this.#required().sendDtmf(callId, tones);
  }

  sendMessage(target: string, body: string | Uint8Array, options?: MessageOptions): Promise<MessageOutcome> {
    return this.#required().sendMessage(target, body, options);
  }

  takeMessages(on: boolean): void {
    this.#takesMessages = on;
    this.#messages?.();
    const listen = (message: ReceivedMessage): void => this.options.emit({ type: 'message', message });
    this.#messages = (on && this.#agent?.events.on('message', listen)) || null;
  }

  setTrace(on: boolean): void {
    this.#trace = on;
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    await this.#retire();
    this.options.link.onChange = null;
    this.options.link.close();
  }

  #required(): UserAgentApi {
    if (!this.#agent) throw new Error('No account is configured.');
    return this.#agent;
  }

  /** The first time opens the transport and registers; later only the registration is missing. */
  async #begin(): Promise<void> {
    const agent = this.#agent;
    if (!agent) return;
    if (this.#started) {
      await agent.register();
      return;
    }
    this.#started = true;
    await agent.start();
  }

  async #retire(): Promise<void> {
    const agent = this.#agent;
    this.#agent = null;
    this.#started = false;
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#subscriptions = [];
    await agent?.stop();
  }

  #linkChanged(): void {
    const up = this.options.link.snapshot.state === 'connected';
    const back = up && !this.#linkWasUp;
    this.#linkWasUp = up;
    this.#show();
    // What a failed attempt means for a person is in the snapshot.
    if (back && this.#wanted) this.#begin().catch(() => undefined);
  }

  #show(): void {
    const snapshot = Object.freeze({ ...(this.#agent?.snapshot ?? EMPTY_SNAPSHOT), link: this.options.link.snapshot });
    this.options.emit({ type: 'snapshot', snapshot });
  }
}
