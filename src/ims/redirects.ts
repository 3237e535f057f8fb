import type { SipResponse } from './sip/message.js';
import type { NameAddr } from './sip/name-addr.js';
import { OtherUri, type Uri } from './sip/uri.js';

/** Redirections followed for one request. */
const MAX_REDIRECTS = 5;

/** Where a request goes on that is redirected (RFC 3261 §8.1.3.4). */
export class Redirects {
  readonly #tried: Set<string>;
  #followed = 0;

  constructor(target: Uri) {
    this.#tried = new Set([target.toString()]);
  }

  /** The best Contact of a 3xx that was not tried yet. Null: there is none, it is no 3xx, or it was enough. */
  next(response: SipResponse): Uri | null {
    const { status, contacts } = response;
    if (status < 300 || status > 399 || contacts === '*' || this.#followed >= MAX_REDIRECTS) return null;
    const byQ = [...contacts].sort((a, b) => q(b) - q(a));
    const found = byQ.find(({ uri }) => !(uri instanceof OtherUri) && !this.#tried.has(uri.toString()));
    if (!found) return null;
    this.#followed++;
    this.#tried.add(found.uri.toString());
    return found.uri;
  }
}

function q(contact: NameAddr): number {
  const value = Number(contact.parameters.get('q') ?? 1);
  return value >= 0 && value <= 1 ? value : 0;
}
