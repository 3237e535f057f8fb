export { ImsClient } from './ims-client.js';
export {
  DEFAULT_CODECS,
  PairingError,
  type AudioDevice,
  type AudioSnapshot,
  type ClientActivity,
  type ClientApi,
  type ClientFactory,
  type ClientOptions,
  type ClientSnapshot,
  type CodecPreference,
  type DeviceApi,
  type MicrophoneProcessing,
  type PairingErrorReason,
} from './client-api.js';
export type { Account, AccountTls, AkaCredentials } from '../ims/account.js';
export type { CallOptions } from '../ims/user-agent.js';
export type {
  MessageFailure,
  MessageFailureReason,
  MessageOptions,
  MessageOutcome,
  ReceivedMessage,
} from '../ims/messaging/index.js';
export type { Failure, FailureReason } from '../ims/failure.js';
export type {
  CallQuality,
  CallSnapshot,
  CallState,
  HistoryEntry,
  ImsSnapshot,
  LinkSnapshot,
  Party,
  IdentitySnapshot,
  RegistrationSnapshot,
  SecuritySnapshot,
  RegistrationState,
} from '../ims/snapshot.js';
