import type { Account } from '../ims/account.js';
import type { Failure } from '../ims/failure.js';
import type { MessageOptions, MessageOutcome, ReceivedMessage } from '../ims/messaging/index.js';
import { EMPTY_SNAPSHOT, type ImsSnapshot } from '../ims/snapshot.js';
import type { CallOptions } from '../ims/user-agent.js';
import { DEFAULT_CODECS, type CodecPreference } from '../media/codec-preference.js';
import type { Unsubscribe } from '../platform/emitter.js';

export { DEFAULT_CODECS, sameCodec, type CodecPreference } from '../media/codec-preference.js';

/**
 * Everything that the elements ask of a client, and nothing else. `ImsClient` implements it for
 * pages, `FakeClient` for tests and the gallery; people who bring their own interface use it too.
 */
export interface ClientApi {
  readonly snapshot: ClientSnapshot;
  /** Calls `listener` at once, and again on each change. */
  subscribe(listener: (snapshot: ClientSnapshot) => void): Unsubscribe;
  /** Replaces the account. Ends its calls and registration if there was another. */
  configure(account: Account): Promise<void>;
  register(): Promise<void>;
  unregister(): Promise<void>;
  /** @throws PairingError */
  pair(code: string): Promise<void>;
  /** Tries to reach the companion again, now. */
  reconnect(): Promise<void>;
  /**
   * @param target sip:, sips: or tel: URI, `user@host`, or digits
   * @param options `identity`: the public identity that the call leaves from. @returns the call's id
   */
  call(target: string, options?: CallOptions): Promise<string>;
  answer(callId: string): Promise<void>;
  /** @param status default 603 (declined); 486 busy */
  reject(callId: string, status?: number): Promise<void>;
  hangup(callId: string): Promise<void>;
  hold(callId: string): Promise<void>;
  resume(callId: string): Promise<void>;
  setMuted(callId: string, muted: boolean): Promise<void>;
  /** @param tones of 0-9 A-D * # */
  sendDtmf(callId: string, tones: string): Promise<void>;
  /**
   * Sends a page-mode message (RFC 3428), after those that wait for the same recipient.
   *
   * @param target as for {@link call}
   * @param body text, or octets of `options.contentType`; 64 kB at most
   * @returns what became of it. Rejects only where no account is configured or no worker can be started
   */
  sendMessage(target: string, body: string | Uint8Array, options?: MessageOptions): Promise<MessageOutcome>;
  /** Calls `listener` for each message that comes. While nobody listens none are taken: their senders get 405. */
  onMessage(listener: (message: ReceivedMessage) => void): Unsubscribe;
  /**
   * The identity that calls and messages leave from when they name none; kept over visits. Null: the network's default one.
   *
   * @param identity one of `registration.identities`
   */
  chooseIdentity(identity: string | null): void;
  /**
   * The order in which calls that come next offer and choose codecs, kept over visits. What is missing is added, so that
   * `[]` brings the default back; at least one codec has to be switched on.
   */
  setCodecs(order: readonly CodecPreference[]): void;
  readonly devices: DeviceApi;
  /** Ends everything. The client is of no use afterwards. */
  close(): Promise<void>;
}

export interface DeviceApi {
  /** @param deviceId null: the system's choice */
  setInputDevice(deviceId: string | null): Promise<void>;
  setOutputDevice(deviceId: string | null): Promise<void>;
  /** What the browser does to the microphone's sound; at once, in a call too. Kept over visits. */
  setProcessing(options: MicrophoneProcessing): Promise<void>;
  /** @param volume 0..1 of what is heard */
  setVolume(volume: number): void;
  /** A short local feedback tone, one of 0-9 A-D * #. Nothing is sent. */
  playKeyTone(tone: string): void;
  /** To be called inside a click or key press: starts audio that the autoplay policy held back. */
  unlock(): Promise<void>;
}

export interface ClientSnapshot extends ImsSnapshot {
  readonly audio: AudioSnapshot;
  /** The identity that was chosen for calls, while it is registered; null: the default one. */
  readonly callIdentity: string | null;
  /** Every codec, in the order in which they are offered. */
  readonly codecs: readonly CodecPreference[];
  /** What the client is doing that no other field shows; null when it only waits. */
  readonly busy: ClientActivity | null;
}

/** `starting`: workers load; `microphone`: the browser asks the person; `closing`: calls and registration end. */
export type ClientActivity = 'starting' | 'microphone' | 'closing';

export interface AudioSnapshot {
  readonly inputs: readonly AudioDevice[];
  readonly outputs: readonly AudioDevice[];
  /** null: the system's choice */
  readonly inputId: string | null;
  readonly outputId: string | null;
  /** 0..1 */
  readonly volume: number;
  readonly processing: MicrophoneProcessing;
  readonly microphone: 'unknown' | 'granted' | 'denied' | 'missing';
  readonly failure: Failure | null;
}

/** What the browser does to the microphone's sound. All on by default. */
export interface MicrophoneProcessing {
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}

export interface AudioDevice {
  readonly id: string;
  /** Empty until the person has granted the microphone. */
  readonly label: string;
}

export interface ClientOptions {
  /** Where the companion listens, `http://127.0.0.1:PORT`. Default: the companion's default port. */
  readonly companionUrl?: string;
  /** Where the worker's file is. Default: found by the loading ladder. */
  readonly workerUrl?: string;
}

/** How `<ims-account>` gets its client. */
export type ClientFactory = (options: ClientOptions) => ClientApi;

export type PairingErrorReason =
  | 'wrong-code'
  | 'expired' // the code is too old: ask the companion for a new one
  | 'too-many' // too many wrong codes: wait
  | 'absent' // no companion listens there
  | 'refused' // wrong origin or version, or the browser forbids it
  | 'internal';

export class PairingError extends Error {
  override readonly name = 'PairingError';
  constructor(
    readonly reason: PairingErrorReason,
    message: string,
    override readonly cause?: unknown,
  ) {
    super(message);
  }
}

export const EMPTY_CLIENT_SNAPSHOT: ClientSnapshot = Object.freeze({
  ...EMPTY_SNAPSHOT,
  audio: Object.freeze({
    inputs: Object.freeze([]),
    outputs: Object.freeze([]),
    inputId: null,
    outputId: null,
    volume: 1,
    processing: Object.freeze({ echoCancellation: true, noiseSuppression: true, autoGainControl: true }),
    microphone: 'unknown',
    failure: null,
  }),
  callIdentity: null,
  codecs: DEFAULT_CODECS,
  busy: null,
});
