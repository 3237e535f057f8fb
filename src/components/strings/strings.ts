import type { FailureReason } from '../../ims/failure.js';
import type { IdentitySnapshot, SecuritySnapshot } from '../../ims/snapshot.js';
import type { PairingErrorReason } from '../../client/client-api.js';
import type { StatusKey } from '../status/status.js';
import type { QualityGrade } from '../phone/quality-grade.js';

export interface Advice {
  /** What happened, one sentence. */
  readonly sentence: string;
  /** What the person can do, one sentence. */
  readonly remedy: string;
}

/** Every word that the elements show or speak. One table per language; a missing key does not compile. */
export interface Strings {
  /** BCP 47 tag of this table. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly status: Readonly<Record<StatusKey, string>>;
  readonly failures: Readonly<Record<FailureReason, Advice>>;
  readonly action: {
    readonly retry: string;
    readonly pair: string;
    readonly signIn: string;
    readonly redial: string;
    readonly unlock: string;
    readonly help: string;
    readonly close: string;
    readonly dismiss: string;
    readonly details: string;
  };
  readonly retryIn: (seconds: number) => string;
  readonly phone: {
    readonly label: string;
    readonly connection: string;
    readonly state: string;
    readonly since: string;
    readonly identity: string;
    readonly server: string;
    readonly transport: string;
    readonly expires: string;
    readonly technical: string;
    readonly noAccount: string;
    readonly security: string;
    readonly identities: string;
    readonly defaultIdentity: string;
    readonly identityState: Readonly<Record<IdentitySnapshot['state'], string>>;
    readonly copy: (address: string) => string;
    readonly copied: string;
    readonly settings: string;
  };
  /** What protects the signalling, by mechanism (RFC 3329). */
  readonly security: Readonly<Record<SecuritySnapshot['mechanism'], string>> & {
    /** After the integrity algorithm, where nothing is encrypted. */
    readonly notEncrypted: string;
  };
  readonly settings: {
    readonly title: string;
    readonly echo: string;
    readonly noise: string;
    readonly gain: string;
    readonly codecs: string;
    readonly codecsLead: string;
    readonly codecsHint: string;
    readonly move: (codec: string, position: number, count: number) => string;
    readonly use: (codec: string) => string;
    readonly up: string;
    readonly down: string;
    readonly grabbed: (codec: string) => string;
    readonly position: (codec: string, position: number, count: number) => string;
    readonly dropped: (codec: string, position: number, count: number) => string;
    readonly putBack: (codec: string) => string;
    readonly last: string;
    readonly reset: string;
    /** Short mark of a codec that carries more than a telephone's band. */
    readonly wide: string;
  };
  readonly dial: {
    readonly entry: string;
    readonly placeholder: string;
    readonly call: string;
    readonly redial: string;
    readonly erase: string;
    readonly keypad: string;
    readonly recents: string;
    readonly noRecents: string;
    readonly suggestions: string;
    readonly key: (tone: string) => string;
    readonly incoming: string;
    readonly outgoing: string;
    readonly missed: string;
    readonly callParty: (name: string) => string;
    readonly backToCall: string;
    readonly callAs: string;
    readonly newMissed: string;
  };
  readonly call: {
    readonly dialling: string;
    readonly ringingOut: string;
    readonly earlyMedia: string;
    readonly connecting: string;
    readonly ending: string;
    readonly ended: string;
    readonly missed: string;
    readonly incoming: string;
    readonly callFrom: (name: string) => string;
    readonly callWith: (name: string) => string;
    readonly heldByYou: string;
    readonly heldByPeer: string;
    readonly heldByBoth: string;
    readonly answer: string;
    readonly holdAndAnswer: string;
    readonly decline: string;
    readonly hangUp: string;
    readonly cancel: string;
    readonly mute: string;
    readonly muted: string;
    readonly hold: string;
    readonly resume: string;
    readonly keypad: string;
    readonly audio: string;
    readonly quality: string;
    readonly addCall: string;
    readonly otherCalls: string;
    readonly swapTo: (name: string) => string;
    readonly hangUpParty: (name: string) => string;
    readonly duration: string;
    readonly digitsSent: string;
    readonly digitsReceived: string;
    readonly done: string;
    readonly unknownCaller: string;
  };
  readonly audio: {
    readonly title: string;
    readonly microphone: string;
    readonly speaker: string;
    readonly volume: string;
    readonly systemDefault: string;
    readonly unnamed: (position: number) => string;
  };
  readonly quality: {
    readonly title: string;
    readonly grade: Readonly<Record<QualityGrade, string>>;
    readonly codec: string;
    readonly mos: string;
    readonly lossReceived: string;
    readonly lossSent: string;
    readonly jitter: string;
    readonly roundTrip: string;
    readonly playoutDelay: string;
    readonly concealed: string;
    readonly packets: string;
    readonly inputLevel: string;
    readonly outputLevel: string;
    readonly unknown: string;
  };
  readonly account: {
    readonly title: string;
    readonly lead: string;
    readonly identity: string;
    readonly identityHint: string;
    readonly identityInvalid: string;
    readonly password: string;
    readonly passwordMissing: string;
    readonly server: string;
    readonly serverHint: string;
    readonly submit: string;
    readonly privacy: string;
    readonly signOut: string;
    readonly signedInAs: string;
    readonly register: string;
    readonly details: string;
    readonly advanced: string;
    readonly signInWith: string;
    readonly withPassword: string;
    readonly withKeys: string;
    readonly key: string;
    readonly operatorKey: string;
    readonly keyInvalid: string;
    readonly privateIdentity: string;
    readonly privateIdentityHint: string;
    readonly transport: string;
    readonly automatic: string;
  };
  readonly pairing: {
    readonly title: string;
    readonly lead: string;
    readonly code: string;
    readonly submit: string;
    readonly working: string;
    readonly errors: Readonly<Record<PairingErrorReason, string>>;
  };
  readonly announce: {
    readonly incoming: (name: string) => string;
    readonly connected: (name: string) => string;
    readonly ended: (name: string) => string;
    readonly missed: (name: string) => string;
    readonly held: (name: string) => string;
    readonly heldByPeer: (name: string) => string;
    readonly resumed: (name: string) => string;
    readonly ringing: (name: string) => string;
    readonly muted: string;
    readonly unmuted: string;
  };
}
