import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  MediaError,
  type MediaFactory,
  type MediaSession,
  type MediaSessionEvents,
  type SessionDescription,
} from '../../src/ims/session/media-session.js';
import { Emitter } from '../../src/platform/emitter.js';
import { RemoteMediaFactory, serveMedia } from '../../src/workers/media-bridge.js';

const OFFER: SessionDescription = { type: 'offer', sdp: 'v=0' };

/** Notes what it is asked; fails in one place. */
class FakeSession implements MediaSession {
  readonly events = new Emitter<MediaSessionEvents>();
  readonly log: string[] = [];

  createOffer(intent: { audio: string }): Promise<SessionDescription> {
    this.log.push(`createOffer ${intent.audio}`);
    return Promise.resolve(OFFER);
  }
  createAnswer(): Promise<SessionDescription> {
    return Promise.reject(new MediaError('not-acceptable', 'no common codec'));
  }
  setLocalDescription(d: SessionDescription): Promise<void> {
    this.log.push(`local ${d.type}`);
    return Promise.resolve();
  }
  setRemoteDescription(d: SessionDescription): Promise<void> {
    this.log.push(`remote ${d.type}`);
    return Promise.reject(new Error('unforeseen'));
  }
  rollback(): Promise<void> {
    this.log.push('rollback');
    return Promise.resolve();
  }
  setMuted(muted: boolean): void {
    this.log.push(`muted ${muted}`);
  }
  sendDtmf(tones: string, duration?: number, gap?: number): Promise<void> {
    this.log.push(`dtmf ${tones} ${duration} ${gap}`);
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.log.push('close');
    return Promise.resolve();
  }
}

function bridge() {
  const { port1, port2 } = new MessageChannel();
  const sessions: FakeSession[] = [];
  const created: [string, string | undefined][] = [];
  const factory: MediaFactory = {
    create: (callId, remote) => {
      created.push([callId, remote]);
      const session = new FakeSession();
      sessions.push(session);
      return session;
    },
  };
  serveMedia(port2, factory);
  return { remote: new RemoteMediaFactory(port1), sessions, created, close: () => port1.close() };
}

describe('RemoteMediaFactory and serveMedia', () => {
  it('carry every request in order, and its result back', async () => {
    const { remote, sessions, created, close } = bridge();
    const session = remote.create('call-1', '192.0.2.1');
    assert.deepEqual(await session.createOffer({ audio: 'sendonly' }), OFFER);
    session.setMuted(true);
    await session.setLocalDescription(OFFER);
    await session.rollback();
    await session.sendDtmf('12', 80);
    await session.close();
    assert.deepEqual(created, [['call-1', '192.0.2.1']]);
    assert.deepEqual(sessions[0]?.log, [
      'createOffer sendonly',
      'muted true',
      'local offer',
      'rollback',
      'dtmf 12 80 undefined',
      'close',
    ]);
    await assert.rejects(session.rollback(), (e) => e instanceof MediaError && e.reason === 'closed');
    close();
  });

  it('carry errors with their reason', async () => {
    const { remote, close } = bridge();
    const session = remote.create('call-1');
    await assert.rejects(
      session.createAnswer({ audio: 'sendrecv' }),
      (e) => e instanceof MediaError && e.reason === 'not-acceptable',
    );
    await assert.rejects(
      session.setRemoteDescription(OFFER),
      (e) => e instanceof MediaError && e.reason === 'device' && e.message === 'unforeseen',
    );
    close();
  });

  it('carry events to the call they belong to', async () => {
    const { remote, sessions, close } = bridge();
    const [first, second] = [remote.create('a'), remote.create('b')];
    const seen: unknown[] = [];
    first.events.on('flow', (e) => seen.push(['first', e]));
    second.events.on('flow', (e) => seen.push(['second', e]));
    second.events.on('dtmf', (e) => seen.push(e));
    second.events.on('failure', (e) => seen.push([e instanceof MediaError, e.reason, e.message]));
    await Promise.all([first.rollback(), second.rollback()]);
    const served = sessions[1]?.events;
    served?.emit('flow', { receiving: true });
    served?.emit('dtmf', { tone: '5', durationMs: 100 });
    served?.emit('failure', new MediaError('network', 'gone'));
    await second.rollback();
    assert.deepEqual(seen, [
      ['second', { receiving: true }],
      { tone: '5', durationMs: 100 },
      [true, 'network', 'gone'],
    ]);
    close();
  });
});
