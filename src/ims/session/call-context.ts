import type { RequestContext } from '../request-context.js';
import type { MediaFactory } from './media-session.js';

/** What a call needs of the user agent. */
export interface CallContext extends RequestContext {
  readonly media: MediaFactory;
  /** Whether pauses of the voice are described instead of sent. */
  readonly dtx: boolean;
  /** Something that the snapshot shows has changed. */
  changed(): void;
}

/** Times of a call that no RFC sets, ms. */
export const NO_ANSWER_TIMEOUT = 180_000;
