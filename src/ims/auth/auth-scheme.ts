import type { Challenge } from './challenge.js';

/** What is to be authorized. */
export interface AuthorizedRequest {
  readonly method: string;
  /** The Request-URI as it goes on the wire. */
  readonly uri: string;
  readonly body: Uint8Array;
  /** It may never be sent: its use of the nonce is not counted (RFC 7616 §3.4, nc). */
  readonly tentative?: boolean;
}

/** A way to answer challenges; it holds the secrets. AKA and page-given schemes plug in here. */
export interface AuthScheme {
  /** Each challenge makes a secret of its own (AKA): one that was refused says nothing about the next. */
  readonly oneTime?: boolean;
  /** 0: cannot answer this challenge; else the higher the better (RFC 8760 §2.4: the client takes the strongest). */
  strength(challenge: Challenge): number;
  /** @returns the value of Authorization or Proxy-Authorization; null: the secrets do not fit (another domain, no key) */
  authorize(challenge: Challenge, request: AuthorizedRequest): Promise<string | null>;
  /**
   * Whether what {@link authorize} gave for this challenge were no credentials but a complaint about it (AKA: not
   * from our network, or out of sequence): it is not used again, and the server may challenge anew.
   */
  disputes?(challenge: Challenge): boolean;
  /**
   * Whether who answered knows the secret too (RFC 7616 §3.5).
   *
   * @param credentials that the request carried, from {@link authorize}
   * @param info parameters of Authentication-Info
   * @param body of the response
   * @returns null: the server claims nothing, or these credentials are not ours
   */
  confirms?(credentials: Challenge, info: Challenge['parameters'], body: Uint8Array): Promise<boolean | null>;
}
