import { Emitter } from '../../../src/platform/emitter.js';
import {
  MediaError,
  type MediaDirection,
  type MediaFactory,
  type MediaIntent,
  type MediaSession,
  type MediaSessionEvents,
  type SessionDescription,
} from '../../../src/ims/session/media-session.js';

type SignallingState = 'stable' | 'have-local-offer' | 'have-remote-offer';

/* eslint-disable @typescript-eslint/require-await -- the interface is asynchronous, the fake is not */

/** Media without media: the offer/answer states of RTCPeerConnection, strictly kept, and a tiny SDP. */
export class FakeMediaSession implements MediaSession {
  readonly events = new Emitter<MediaSessionEvents>();
  state: SignallingState = 'stable';
  closed = false;
  muted = false;
  tones = '';
  /** Direction in force, from the last completed exchange. */
  direction: MediaDirection = 'inactive';
  /** `createAnswer` and `createOffer` reject with this. */
  failure: MediaError | null = null;
  #version = 0;
  #local: MediaDirection = 'sendrecv';
  #remote: MediaDirection = 'sendrecv';
  #stable: MediaDirection = 'inactive';

  constructor(readonly callId: string) {}

  async createOffer(intent: MediaIntent): Promise<SessionDescription> {
    this.#check('stable');
    return { type: 'offer', sdp: this.#sdp(intent.audio) };
  }

  async createAnswer(intent: MediaIntent): Promise<SessionDescription> {
    this.#check('have-remote-offer');
    const send = sends(intent.audio) && receives(this.#remote);
    const receive = receives(intent.audio) && sends(this.#remote);
    return {
      type: 'answer',
      sdp: this.#sdp(send ? (receive ? 'sendrecv' : 'sendonly') : receive ? 'recvonly' : 'inactive'),
    };
  }

  async setLocalDescription({ type, sdp }: SessionDescription): Promise<void> {
    this.#check(type === 'offer' ? 'stable' : 'have-remote-offer');
    this.#local = directionOf(sdp);
    if (type === 'offer') this.state = 'have-local-offer';
    else this.#settle();
  }

  async setRemoteDescription({ type, sdp }: SessionDescription): Promise<void> {
    this.#check(type === 'offer' ? 'stable' : 'have-local-offer');
    if (!sdp.startsWith('v=0')) throw new MediaError('malformed', 'no SDP');
    if (!sdp.includes('m=audio')) throw new MediaError('not-acceptable', 'no audio');
    this.#remote = directionOf(sdp);
    if (type === 'offer') this.state = 'have-remote-offer';
    else if (type === 'answer') this.#settle();
    else this.direction = this.#agreed;
  }

  async rollback(): Promise<void> {
    if (this.closed) throw new MediaError('closed', 'closed');
    this.state = 'stable';
    this.direction = this.#stable;
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  async sendDtmf(tones: string): Promise<void> {
    this.tones += tones;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.events.clear();
  }

  #settle(): void {
    this.state = 'stable';
    this.direction = this.#stable = this.#agreed;
    this.events.emit('direction', { audio: this.direction });
  }

  get #agreed(): MediaDirection {
    const send = sends(this.#local) && receives(this.#remote);
    const receive = receives(this.#local) && sends(this.#remote);
    return send ? (receive ? 'sendrecv' : 'sendonly') : receive ? 'recvonly' : 'inactive';
  }

  #check(state: SignallingState): void {
    if (this.failure) throw this.failure;
    if (this.closed) throw new MediaError('closed', 'closed');
    if (this.state !== state) throw new MediaError('wrong-state', `${this.state}, not ${state}`);
  }

  #sdp(direction: MediaDirection): string {
    this.#version++;
    const lines = [
      'v=0',
      `o=- 1 ${this.#version} IN IP4 10.0.0.1`,
      's=-',
      'c=IN IP4 10.0.0.1',
      't=0 0',
      'm=audio 40000 RTP/AVP 8',
      `a=${direction}`,
    ];
    return `${lines.join('\r\n')}\r\n`;
  }
}

export class FakeMediaFactory implements MediaFactory {
  readonly sessions: FakeMediaSession[] = [];

  create(callId: string): FakeMediaSession {
    const session = new FakeMediaSession(callId);
    this.sessions.push(session);
    return session;
  }

  get last(): FakeMediaSession {
    const last = this.sessions[this.sessions.length - 1];
    if (!last) throw new Error('no media session yet');
    return last;
  }
}

function directionOf(sdp: string): MediaDirection {
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(sdp)?.[1];
  return direction === 'sendonly' || direction === 'recvonly' || direction === 'inactive' ? direction : 'sendrecv';
}

function sends(direction: MediaDirection): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

function receives(direction: MediaDirection): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}
