export { ImsAccount, type Credentials } from './account/ims-account.js';
export { ImsPhone } from './phone/ims-phone.js';
export {
  ImsAnswerRequestEvent,
  ImsCallEndedEvent,
  ImsCallRequestEvent,
  ImsCallStartedEvent,
  ImsHangUpRequestEvent,
  ImsHelpRequestEvent,
  ImsRegistrationChangedEvent,
  ImsSignInRequestEvent,
} from './events.js';
export { registerStrings } from './strings/registry.js';
export type { Advice, Strings } from './strings/strings.js';
export type { StatusKey } from './status/status.js';
export type { QualityGrade } from './phone/quality-grade.js';
