import type { Failure } from './failure.js';

/**
 * What the stack shows: plain, frozen, structured-clone-safe data. State flows one way:
 * stack → snapshot → elements. Times are `Clock.wallTime()` milliseconds.
 */
export interface ImsSnapshot {
  readonly link: LinkSnapshot;
  readonly registration: RegistrationSnapshot;
  /** Oldest first. A call that ended stays for `ENDED_CALL_LINGER` ms, then goes to the history. */
  readonly calls: readonly CallSnapshot[];
  /** Newest first, at most 100. */
  readonly history: readonly HistoryEntry[];
}

/** The way to the network: the companion, or Node's sockets. */
export interface LinkSnapshot {
  readonly state: 'idle' | 'connecting' | 'unpaired' | 'connected' | 'lost';
  readonly failure: Failure | null;
}

export type RegistrationState =
  | 'unregistered'
  | 'resolving'
  | 'registering'
  | 'authenticating'
  | 'registered'
  | 'refreshing'
  | 'unregistering'
  | 'waiting'; // failed, will retry by itself at failure.retryAfter
export interface RegistrationSnapshot {
  readonly state: RegistrationState;
  readonly since: number;
  /** Public identity in use (default from P-Associated-URI once registered). */
  readonly identity: string | null;
  readonly associatedUris: readonly string[];
  /** The implicit registration set: what P-Associated-URI and the reg event (RFC 3680) tell of each identity. */
  readonly identities: readonly IdentitySnapshot[];
  readonly expiresAt: number | null;
  readonly transport: 'udp' | 'tcp' | 'tls' | 'ws' | 'wss' | null;
  readonly server: string | null;
  /** What protects the signalling now; null while nothing is agreed. */
  readonly security: SecuritySnapshot | null;
  readonly failure: Failure | null;
}

export interface IdentitySnapshot {
  /** Public identity, as text. A wildcarded one holds a `!...!` part (TS 23.003 §13.5). */
  readonly uri: string;
  readonly displayName: string;
  /** RFC 3680 §5.2; `active` for those of P-Associated-URI until an event says otherwise. */
  readonly state: 'init' | 'active' | 'terminated';
  /** Why, by the last event: `registered`, `created`, `rejected`, `deactivated`, ...; null if none told. */
  readonly event: string | null;
  /** First of P-Associated-URI: calls leave from it unless a person chooses another. */
  readonly isDefault: boolean;
  /** Public GRUU (RFC 5628), as text. */
  readonly gruu: string | null;
}

/** RFC 3329 mechanism in force. `none`: plain, and nothing agreed. */
export interface SecuritySnapshot {
  readonly mechanism: 'none' | 'digest' | 'tls' | 'ipsec-3gpp' | 'ipsec-ike' | 'ipsec-man';
  /** Integrity: `hmac-md5-96`, `hmac-sha-1-96`; null where the mechanism has none of its own. */
  readonly algorithm: string | null;
  /** Encryption: `null`, `des-ede3-cbc`, `aes-cbc`; null where the mechanism has none of its own. */
  readonly encryption: string | null;
}

export type CallState =
  | 'dialling' // INVITE sent or being prepared
  | 'ringing-out' // 180 received
  | 'early-media'
  | 'ringing-in'
  | 'connecting' // 200 sent or received, ACK or media pending
  | 'active'
  | 'ending'
  | 'ended';
export interface CallSnapshot {
  readonly id: string;
  readonly direction: 'out' | 'in';
  readonly state: CallState;
  readonly remote: Party;
  /** Our identity in this call. */
  readonly local: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly localHold: boolean;
  readonly remoteHold: boolean;
  readonly muted: boolean;
  /** Digits sent in this call. */
  readonly digitsSent: string;
  /** Keys that the other side pressed (RFC 4733), oldest first: the last 256. */
  readonly digitsReceived: string;
  readonly endedBy: 'local' | 'remote' | 'network' | null;
  /** Present when the call did not end the way a person wanted. */
  readonly failure: Failure | null;
  readonly quality: CallQuality | null;
}

export interface Party {
  /** SIP or tel URI, as text. Untrusted. */
  readonly uri: string;
  /** Display name; empty if none. Untrusted text. */
  readonly displayName: string;
}

/** Refreshed about once a second during a call. */
export interface CallQuality {
  readonly codec: string; // 'PCMA'
  readonly clockRate: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** 0..1, of the last report interval. */
  readonly lossReceived: number;
  readonly lossSent: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | null;
  readonly playoutDelayMs: number;
  readonly concealedRatio: number;
  /** E-model estimate, 1..4.5. */
  readonly mos: number;
  /** 0..1 linear peak levels since the last report, for the meters. */
  readonly inputLevel: number;
  readonly outputLevel: number;
}

export interface HistoryEntry {
  readonly id: string;
  readonly direction: 'out' | 'in';
  readonly remote: Party;
  readonly startedAt: number;
  /** Seconds talked; 0 if never answered. */
  readonly duration: number;
  readonly missed: boolean;
}

export const EMPTY_SNAPSHOT: ImsSnapshot = Object.freeze({
  link: Object.freeze({ state: 'idle', failure: null }),
  registration: Object.freeze({
    state: 'unregistered',
    since: 0,
    identity: null,
    associatedUris: Object.freeze([]),
    identities: Object.freeze([]),
    expiresAt: null,
    transport: null,
    server: null,
    security: null,
    failure: null,
  }),
  calls: Object.freeze([]),
  history: Object.freeze([]),
});
