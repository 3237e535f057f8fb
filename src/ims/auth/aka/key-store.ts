/** What comes of a challenge (TS 33.102 §6.3.3). */
export type AkaResult =
  | {
      readonly outcome: 'success';
      /** 4 to 16 octets. */
      readonly res: Uint8Array;
      /** 16 octets. */
      readonly ck: Uint8Array;
      /** 16 octets. */
      readonly ik: Uint8Array;
    }
  | {
      readonly outcome: 'synchronisation-failure';
      /** 14 octets. */
      readonly auts: Uint8Array;
    }
  | { readonly outcome: 'mac-failure' };

/**
 * What an ISIM does: it has the key and never tells it (TS 31.103 §7.1.2, AUTHENTICATE). A card reader or
 * a hardware key of an embedding application implements this; {@link SoftIsim} is the one in software.
 * Asked once for each challenge: to ask again is a replay.
 */
export interface KeyStore {
  /** @param rand 16 octets @param autn 16 octets */
  authenticate(rand: Uint8Array, autn: Uint8Array): Promise<AkaResult>;
}
