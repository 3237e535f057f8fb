import type { MediaFactory, MediaSession } from '../ims/session/media-session.js';
import { RtpMedia } from './rtp-media.js';
import type { RtpMediaOptions } from './rtp-media-options.js';

export type { RtpMediaOptions } from './rtp-media-options.js';

/** Makes the media of calls over our own RTP engine. */
export class RtpMediaFactory implements MediaFactory {
  constructor(private readonly options: RtpMediaOptions) {}

  create(callId: string, remote?: string): MediaSession {
    return new RtpMedia(this.options, callId, remote ?? null);
  }
}
