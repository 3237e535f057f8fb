import { NetworkError, type NetworkErrorReason } from '../../../src/net/network.js';

/** What strongSwan logs while it negotiates, and what it means for who asked; the first that fits. */
const COMPLAINTS: readonly (readonly [RegExp, NetworkErrorReason, string])[] = [
  [/unable to (?:install|add)/i, 'ipsec-kernel', 'the kernel did not take what was negotiated'],
  [/AUTH(?:ENTICATION)?_FAILED|MAC mismatched|no shared key|no private key|no trusted|constraint check failed/i, 'refused', 'the ends do not know each other'],
  [/NO_PROPOSAL_CHOSEN|INVALID_KE|no acceptable/i, 'refused', 'the peer takes none of the algorithms'],
  [/TS_UNACCEPTABLE/i, 'refused', 'the peer does not protect these ports'],
  [/giving up after|timed? ?out|retransmit|unreachable/i, 'timeout', 'the peer does not answer'],
]; // prettier-ignore

const MAX_MESSAGE = 200;

/** Why a negotiation came to nothing. @param errmsg what the daemon answered @param lines what it told meanwhile */
export function ikeFailure(errmsg: string, lines: readonly string[]): NetworkError {
  const told = [...lines].reverse();
  for (const [pattern, reason, meaning] of COMPLAINTS) {
    const line = [...told, errmsg].find((text) => pattern.test(text));
    if (line !== undefined) return new NetworkError(reason, `IKE: ${meaning} (${clean(line)})`);
  }
  return new NetworkError('refused', `IKE: no agreement (${clean(told[0] ?? errmsg)})`);
}

function clean(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, MAX_MESSAGE);
}
