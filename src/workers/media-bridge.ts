import {
  MediaError,
  type MediaFactory,
  type MediaIntent,
  type MediaSession,
  type MediaSessionEvents,
  type SessionDescription,
} from '../ims/session/media-session.js';
import { Emitter } from '../platform/emitter.js';
import type { BridgeAction, BridgeReply, BridgeRequest } from './media-protocol.js';

/** Media sessions that live in media.worker, used from ims.worker over one ordered port. */
export class RemoteMediaFactory implements MediaFactory {
  readonly #sessions = new Map<number, RemoteMediaSession>();
  readonly #pending = new Map<
    number,
    { resolve: (description: SessionDescription | null) => void; reject: (error: MediaError) => void }
  >();
  #calls = 0;
  #requests = 0;

  constructor(private readonly port: MessagePort) {
    port.onmessage = ({ data }: MessageEvent<BridgeReply>) => this.#receive(data);
  }

  create(callId: string, remote?: string, dtx = false): MediaSession {
    this.#calls += 1;
    const call = this.#calls;
    this.#post({ type: 'create', call, name: callId, remote: remote ?? null, dtx });
    const session = new RemoteMediaSession(
      (action) => this.#request(call, action),
      (muted) => this.#post({ type: 'setMuted', call, muted }),
      () => this.#sessions.delete(call),
    );
    this.#sessions.set(call, session);
    return session;
  }

  #request(call: number, action: BridgeAction): Promise<SessionDescription | null> {
    this.#requests += 1;
    const id = this.#requests;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#post({ type: 'request', call, id, action });
    });
  }

  #receive(reply: BridgeReply): void {
    if (reply.type === 'event') {
      this.#sessions.get(reply.call)?.dispatch(reply.event);
      return;
    }
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.type === 'done') pending?.resolve(reply.description);
    else pending?.reject(new MediaError(reply.reason, reply.message));
  }

  #post(request: BridgeRequest): void {
    this.port.postMessage(request);
  }
}

class RemoteMediaSession implements MediaSession {
  readonly events = new Emitter<MediaSessionEvents>();

  constructor(
    private readonly request: (action: BridgeAction) => Promise<SessionDescription | null>,
    readonly setMuted: (muted: boolean) => void,
    private readonly forget: () => void,
  ) {}

  createOffer(intent: MediaIntent): Promise<SessionDescription> {
    return this.#describe({ name: 'createOffer', intent });
  }

  createAnswer(intent: MediaIntent): Promise<SessionDescription> {
    return this.#describe({ name: 'createAnswer', intent });
  }

  async setLocalDescription(description: SessionDescription): Promise<void> {
    await this.request({ name: 'setLocalDescription', description });
  }

  async setRemoteDescription(description: SessionDescription): Promise<void> {
    await this.request({ name: 'setRemoteDescription', description });
  }

  async rollback(): Promise<void> {
    await this.request({ name: 'rollback' });
  }

  async sendDtmf(tones: string, durationMs?: number, gapMs?: number): Promise<void> {
    await this.request({ name: 'sendDtmf', tones, durationMs, gapMs });
  }

  async close(): Promise<void> {
    await this.request({ name: 'close' });
    this.forget();
  }

  dispatch(event: Extract<BridgeReply, { type: 'event' }>['event']): void {
    switch (event.name) {
      case 'quality':
        return this.events.emit('quality', event.value);
      case 'flow':
        return this.events.emit('flow', event.value);
      case 'dtmf':
        return this.events.emit('dtmf', event.value);
      case 'direction':
        return this.events.emit('direction', event.value);
      case 'failure':
        return this.events.emit('failure', new MediaError(event.value.reason, event.value.message));
    }
  }

  async #describe(action: BridgeAction): Promise<SessionDescription> {
    const description = await this.request(action);
    if (description === null) throw new MediaError('wrong-state', 'no description came back');
    return description;
  }
}

/** Serves {@link RemoteMediaFactory} on the other end of the port. */
export function serveMedia(port: MessagePort, factory: MediaFactory): void {
  const sessions = new Map<number, MediaSession>();
  const reply = (message: BridgeReply): void => port.postMessage(message);

  port.onmessage = ({ data }: MessageEvent<BridgeRequest>) => {
    if (data.type === 'create') {
      const session = factory.create(data.name, data.remote ?? undefined, data.dtx);
      sessions.set(data.call, session);
      forward(session, data.call, reply);
    } else if (data.type === 'setMuted') {
      sessions.get(data.call)?.setMuted(data.muted);
    } else {
      const { call, id, action } = data;
      const session = sessions.get(call);
      if (action.name === 'close') sessions.delete(call);
      perform(session, action).then(
        (description) => reply({ type: 'done', id, description }),
        (error: unknown) => reply({ type: 'failed', id, ...fields(error) }),
      );
    }
  };
}

async function perform(session: MediaSession | undefined, action: BridgeAction): Promise<SessionDescription | null> {
  if (session === undefined) throw new MediaError('closed', 'the call is over');
  switch (action.name) {
    case 'createOffer':
      return session.createOffer(action.intent);
    case 'createAnswer':
      return session.createAnswer(action.intent);
    case 'setLocalDescription':
      await session.setLocalDescription(action.description);
      return null;
    case 'setRemoteDescription':
      await session.setRemoteDescription(action.description);
      return null;
    case 'rollback':
      await session.rollback();
      return null;
    case 'sendDtmf':
      await session.sendDtmf(action.tones, action.durationMs, action.gapMs);
      return null;
    case 'close':
      await session.close();
      return null;
  }
}

function forward(session: MediaSession, call: number, reply: (message: BridgeReply) => void): void {
  const { events } = session;
  events.on('quality', (value) => reply({ type: 'event', call, event: { name: 'quality', value } }));
  events.on('flow', (value) => reply({ type: 'event', call, event: { name: 'flow', value } }));
  events.on('dtmf', (value) => reply({ type: 'event', call, event: { name: 'dtmf', value } }));
  events.on('direction', (value) => reply({ type: 'event', call, event: { name: 'direction', value } }));
  events.on('failure', (error) => reply({ type: 'event', call, event: { name: 'failure', value: fields(error) } }));
}

function fields(error: unknown): { reason: MediaError['reason']; message: string } {
  if (error instanceof MediaError) return { reason: error.reason, message: error.message };
  return { reason: 'device', message: error instanceof Error ? error.message : 'unknown' };
}
