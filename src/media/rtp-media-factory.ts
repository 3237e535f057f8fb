import type { MediaFactory, MediaSession } from '../ims/session/media-session.js';
import { RtpMedia } from './rtp-media.js';
import type { CodecPreference } from './codec-preference.js';
import type { DeferredCodec } from './deferred-codec.js';
import type { RtpMediaOptions } from './rtp-media-options.js';

export type { RtpMediaOptions } from './rtp-media-options.js';

/** Makes the media of calls over our own RTP engine. */
export class RtpMediaFactory implements MediaFactory {
  /** A person's order of codecs, for calls that come next; null: none was chosen. */
  codecs: readonly CodecPreference[] | null;
  /** Opus, for calls that come next, once it is known that the host has it. */
  opus: DeferredCodec | null;

  constructor(private readonly options: RtpMediaOptions) {
    this.codecs = options.codecs ?? null;
    this.opus = options.opus ?? null;
  }

  create(callId: string, remote?: string, dtx = this.options.dtx ?? false): MediaSession {
    return new RtpMedia({ ...this.options, codecs: this.codecs, opus: this.opus, dtx }, callId, remote ?? null);
  }
}
