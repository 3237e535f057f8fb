export { AkaScheme, SequenceMemory, SoftIsim, type AkaResult, type KeyAgreement, type KeyStore } from './aka/index.js';
export type { AuthorizedRequest, AuthScheme } from './auth-scheme.js';
export { parseChallenges, type Challenge } from './challenge.js';
export { digestA1, digestResponse, type DigestInput } from './digest.js';
export { DigestScheme, type DigestCredentials } from './digest-scheme.js';
export { hexDigest, hmacDigest, type DigestHash } from './hash.js';
