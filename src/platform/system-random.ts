import type { Random } from './random.js';

/** One call of `getRandomValues` may ask for no more than this many octets (Web Cryptography §10.1.1). */
const QUOTA = 65536;

/** The cryptographic random source of the platform. */
export class SystemRandom implements Random {
  bytes(length: number): Uint8Array {
    const octets = new Uint8Array(length);
    for (let at = 0; at < length; at += QUOTA) {
      crypto.getRandomValues(octets.subarray(at, Math.min(length, at + QUOTA)));
    }
    return octets;
  }
}
