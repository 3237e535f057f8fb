import type { Account } from './account.js';
import type { KeyStore } from './auth/aka/key-store.js';
import type { TimerValues } from './sip/timers.js';
import type { MessageOptions, MessageOutcome, ReceivedMessage } from './messaging/index.js';
import type { ImsSnapshot } from './snapshot.js';
import type { MediaFactory } from './session/media-session.js';
import type { Network } from '../net/network.js';
import type { Clock } from '../platform/clock.js';
import type { Emitter } from '../platform/emitter.js';
import type { Logger } from '../platform/logger.js';
import type { Random } from '../platform/random.js';
import type { Store } from '../platform/store.js';

export interface UserAgentOptions {
  readonly account: Account;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly media: MediaFactory;
  /** Answers AKA challenges instead of `account.aka`: a card, or a key that software must not see. */
  readonly keyStore?: KeyStore;
  /** Keeps what must outlive this user agent: the sequence numbers of AKA. Absent: nothing does. */
  readonly store?: Store;
  readonly logger?: Logger;
  readonly userAgent?: string;
  /** Base values of the SIP timers; `CELLULAR_TIMERS` for a slow access. Default: RFC 3261. */
  readonly timers?: TimerValues;
}

export interface UserAgentEvents {
  /** A new frozen snapshot; at most one per turn of the event loop. */
  snapshot: ImsSnapshot;
  /** A message of somebody else, each once. While nobody listens none are taken: their senders get 405. */
  message: ReceivedMessage;
  /** Every SIP message on the wire, credentials redacted. */
  trace: TraceEntry;
}

export interface TraceEntry {
  readonly time: number;
  readonly direction: 'in' | 'out' | 'dropped';
  readonly transport: string;
  readonly local: string;
  readonly remote: string;
  readonly text: string;
  /** For dropped datagrams: why. */
  readonly note?: string;
}

export interface CallOptions {
  /** Public identity that the call leaves from, one of `RegistrationSnapshot.identities`. Default: the default one. */
  readonly identity?: string;
  /** Whether the callee may learn who calls (OIR, TS 24.607). Default: as the account's `privacy` says. */
  readonly anonymous?: boolean;
}

/** Per-call intents. `callId` is `CallSnapshot.id`. Unknown ids and intents in a wrong state reject with an Error. */
export interface UserAgentApi {
  readonly snapshot: ImsSnapshot;
  readonly events: Emitter<UserAgentEvents>;
  /** Opens the transport and registers. Resolves once the first attempt ended, well or not: read the snapshot. */
  start(): Promise<void>;
  register(): Promise<void>;
  unregister(): Promise<void>;
  /** @param target sip:, sips: or tel: URI, `user@host`, or digits. @returns the call's id at once; failures show in the snapshot */
  call(target: string, options?: CallOptions): string;
  answer(callId: string): Promise<void>;
  /** @param status default 603 (declined); 486 busy */
  reject(callId: string, status?: number): Promise<void>;
  /** CANCEL, BYE or reject, whichever the state asks for. */
  hangup(callId: string): Promise<void>;
  hold(callId: string): Promise<void>;
  resume(callId: string): Promise<void>;
  setMuted(callId: string, muted: boolean): void;
  sendDtmf(callId: string, tones: string): Promise<void>;
  /**
   * Sends a page-mode message (RFC 3428), after those that wait for the same recipient.
   *
   * @param target as for {@link call} @param body text, or octets of `options.contentType`
   * @returns what became of it; does not reject
   */
  sendMessage(target: string, body: string | Uint8Array, options?: MessageOptions): Promise<MessageOutcome>;
  /** Ends the calls, de-registers (2 s at most), closes every socket. */
  stop(): Promise<void>;
}
