import type { Account } from '../ims/account.js';
import type { MessageOptions, MessageOutcome, ReceivedMessage } from '../ims/messaging/index.js';
import type { ImsSnapshot } from '../ims/snapshot.js';
import type { CallOptions, TraceEntry } from '../ims/user-agent.js';

/**
 * Between the page and ims.worker. Calls go through comlink on the worker itself; events come over one
 * MessagePort, so that they arrive in the order in which they happened.
 */
export interface ImsWorkerInit {
  readonly companion: CompanionAddress;
  /** To media.worker: media-bridge.ts. */
  readonly media: MessagePort;
  /** Carries {@link ImsWorkerEvent}s to the page. */
  readonly events: MessagePort;
}

export interface CompanionAddress {
  /** `ws://127.0.0.1:PORT` or `wss://...` */
  readonly url: string;
  /** From an earlier pairing; null if this page was never paired. */
  readonly token: string | null;
}

export type ImsWorkerEvent =
  | { readonly type: 'snapshot'; readonly snapshot: ImsSnapshot }
  | { readonly type: 'message'; readonly message: ReceivedMessage }
  | { readonly type: 'trace'; readonly entry: TraceEntry };

/** Errors lose their fields on the way through comlink, so pairing answers with a value. */
export type PairResult =
  | { readonly ok: true; readonly token: string }
  | {
      readonly ok: false;
      readonly reason: 'wrong-code' | 'expired' | 'too-many' | 'absent' | 'refused' | 'internal';
      readonly message: string;
    };

export interface ImsWorkerApi {
  init(init: ImsWorkerInit): void;
  /** Replaces the account: the old one is de-registered and its calls end. */
  configure(account: Account): Promise<void>;
  register(): Promise<void>;
  unregister(): Promise<void>;
  pair(code: string): Promise<PairResult>;
  /** Tries the companion again now instead of waiting for the back-off. */
  reconnect(): Promise<void>;
  call(target: string, options?: CallOptions): Promise<string>;
  answer(callId: string): Promise<void>;
  reject(callId: string, status?: number): Promise<void>;
  hangup(callId: string): Promise<void>;
  hold(callId: string): Promise<void>;
  resume(callId: string): Promise<void>;
  setMuted(callId: string, muted: boolean): void;
  sendDtmf(callId: string, tones: string): Promise<void>;
  sendMessage(target: string, body: string | Uint8Array, options?: MessageOptions): Promise<MessageOutcome>;
  /** Off by default: while nobody shows messages, none are taken. */
  takeMessages(on: boolean): void;
  /** Off by default: a trace costs a copy of every message. */
  setTrace(on: boolean): void;
  stop(): Promise<void>;
}
