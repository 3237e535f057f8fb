export { ImsClient } from './ims-client.js';
export {
  PairingError,
  type AudioDevice,
  type AudioSnapshot,
  type ClientActivity,
  type ClientApi,
  type ClientFactory,
  type ClientOptions,
  type ClientSnapshot,
  type DeviceApi,
  type PairingErrorReason,
} from './client-api.js';
export type { Account, AkaCredentials } from '../ims/account.js';
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
