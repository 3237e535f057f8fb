import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Random } from '../../src/platform/random.js';

const encoder = new TextEncoder();

/** Short values that only we can have made, so that nothing has to be remembered about them. */
export class KeyedToken {
  readonly #key: Uint8Array;

  constructor(random: Random) {
    this.#key = random.bytes(32);
  }

  /** @returns 24 hexadecimal digits that vouch for `text` */
  of(text: string): string {
    let token = '';
    for (const octet of hmac(sha256, this.#key, encoder.encode(text)).subarray(0, 12))
      token += octet.toString(16).padStart(2, '0');
    return token;
  }
}
