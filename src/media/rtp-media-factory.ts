import type { MediaFactory, MediaSession } from '../ims/session/media-session.js';
import { RtpMedia } from './rtp-media.js';
import type { CodecPreference } from './codec-preference.js';
import type { RtpMediaOptions } from './rtp-media-options.js';

export type { RtpMediaOptions } from './rtp-media-options.js';

/** Makes the media of calls over our own RTP engine. */
export class RtpMediaFactory implements MediaFactory {
  /** A person's order of codecs, for calls that come next; null: none was chosen. */
  codecs: readonly CodecPreference[] | null;

  constructor(private readonly options: RtpMediaOptions) {
    this.codecs = options.codecs ?? null;
  }

  create(callId: string, remote?: string): MediaSession {
    return new RtpMedia({ ...this.options, codecs: this.codecs }, callId, remote ?? null);
  }
}
