export { chooseMechanism, type ChosenMechanism } from './choice.js';
export { espKeys } from './esp-keys.js';
export type { IkePolicy } from './ike.js';
export { manualSet, type ManualAssociations } from './manual.js';
export {
  parseMechanism,
  printMechanism,
  MECHANISM_NAMES,
  type MechanismName,
  type SecurityMechanism,
} from './mechanism.js';
export { securityClient } from './offer.js';
export type { SecurityPolicy } from './policy.js';
export { SecurityAgreement } from './security-agreement.js';
export { SecurityFailure } from './security-failure.js';
