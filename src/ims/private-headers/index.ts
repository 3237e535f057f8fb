export { ANONYMITY, ANONYMOUS, isAnonymous, PRIVACY_VALUES, printPrivacy, type PrivacyValue } from './privacy.js';
export { earlyMediaAllowed } from './early-media.js';
export { PRIVATE_HEADERS, PrivateHeaders, type PrivateHeadersOptions } from './private-headers.js';
