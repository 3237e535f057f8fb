import type { Failure, FailureReason } from '../failure.js';
import type { Party } from '../snapshot.js';

/** Octets of the largest body, sent and taken: more than people write, less than a file. */
export const MAX_BODY = 65_536;

/** Media types that are taken; RFC 3428 §7 wants the first of every user agent. */
export const TAKEN_TYPES: readonly string[] = ['text/plain'];

/** How a message leaves. */
export interface MessageOptions {
  /** Public identity that it leaves from, one of `RegistrationSnapshot.identities`. Default: the default one. */
  readonly identity?: string;
  /** Whether the recipient may learn who writes (OIR, TS 24.607). Default: as the account's `privacy` says. */
  readonly anonymous?: boolean;
  /** Content-Type of the body. Default: `text/plain;charset=UTF-8` */
  readonly contentType?: string;
  /** Seconds after which it is worth nothing (RFC 3428 §4). Default: it is always worth something. */
  readonly expires?: number;
}

/** A failure of a message: one of everything else, or one of its own. */
export interface MessageFailure extends Omit<Failure, 'reason'> {
  readonly reason: FailureReason | MessageFailureReason;
}

export type MessageFailureReason =
  | 'message-too-large' // for us, for UDP where there is nothing else, or for the other side: write less
  | 'message-type' // the other side cannot show this Content-Type: send text/plain
  | 'message-unsupported' // the other side takes no messages at all: call
  | 'message-failed'; // any other final response, or too many are waiting: try again later

/**
 * What became of a message that we sent. `delivered`: a user agent of the recipient has it (200), which does not mean that
 * somebody has read it. `accepted`: a relay has it, which may deliver it later (202). `failed`: it may have arrived all
 * the same where only the answer was lost.
 */
export type MessageOutcome =
  | { readonly id: string; readonly state: 'delivered' | 'accepted'; readonly status: number }
  | { readonly id: string; readonly state: 'failed'; readonly failure: MessageFailure };

/** A message that came. Everything but the times of ours is untrusted text of others, and never markup. */
export interface ReceivedMessage {
  readonly id: string;
  /** Whom the network asserts, else whom the sender claims to be. */
  readonly from: Party;
  /** Our identity that it was sent to. */
  readonly to: string;
  /** `text/plain` */
  readonly contentType: string;
  readonly text: string;
  /** `Clock.wallTime()` milliseconds, as all times here. */
  readonly receivedAt: number;
  /** When it was sent, as the sender says; null: it does not. */
  readonly sentAt: number | null;
  /** RFC 3428 §7: who shows it after this time says that it has expired. Null: it does not expire. */
  readonly expiresAt: number | null;
  /** The call in whose dialog it came; null: it stands alone. */
  readonly callId: string | null;
}
