export { akaPassword, maskedKeys, parseAkaAlgorithm, type AkaAlgorithm } from './aka-algorithm.js';
export { AkaScheme, type KeyAgreement } from './aka-scheme.js';
export type { AkaResult, KeyStore } from './key-store.js';
export { Milenage, type MilenageKeys } from './milenage.js';
export { SequenceMemory } from './sequence-memory.js';
export { SequenceWindow } from './sequence-window.js';
export { SoftIsim, type SoftIsimOptions } from './soft-isim.js';
