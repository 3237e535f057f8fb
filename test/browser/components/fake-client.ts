import {
  EMPTY_CLIENT_SNAPSHOT,
  PairingError,
  type AudioSnapshot,
  type ClientApi,
  type ClientSnapshot,
  type CodecPreference,
  type DeviceApi,
  type PairingErrorReason,
} from '../../../src/client/client-api.js';
import type { Account } from '../../../src/ims/account.js';
import type { MessageOptions, MessageOutcome, ReceivedMessage } from '../../../src/ims/messaging/index.js';
import type { CallSnapshot, LinkSnapshot, RegistrationSnapshot } from '../../../src/ims/snapshot.js';
import type { CallOptions } from '../../../src/ims/user-agent.js';
import type { Unsubscribe } from '../../../src/platform/emitter.js';

/** A client that does what a script says and remembers what it was asked. */
export class FakeClient implements ClientApi {
  /** `['call', 'bob']`, `['setMuted', 'c1', true]`, ... in order. */
  readonly asked: (readonly unknown[])[] = [];
  /** Who listens to messages. */
  readonly readers = new Set<(message: ReceivedMessage) => void>();
  /** Set: `pair` rejects with it. */
  pairingError: PairingErrorReason | null = null;
  /** Set: every intent rejects with it. */
  error: Error | null = null;
  closed = false;
  #snapshot: ClientSnapshot;
  readonly #listeners = new Set<(snapshot: ClientSnapshot) => void>();
  #calls = 0;

  constructor(snapshot: ClientSnapshot = EMPTY_CLIENT_SNAPSHOT) {
    this.#snapshot = snapshot;
  }

  get snapshot(): ClientSnapshot {
    return this.#snapshot;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  subscribe(listener: (snapshot: ClientSnapshot) => void): Unsubscribe {
    this.#listeners.add(listener);
    listener(this.#snapshot);
    return () => this.#listeners.delete(listener);
  }

  show(change: Partial<ClientSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of [...this.#listeners]) listener(this.#snapshot);
  }

  showCall(call: CallSnapshot): void {
    const known = this.#snapshot.calls.some((other) => other.id === call.id);
    this.show({
      calls: known
        ? this.#snapshot.calls.map((other) => (other.id === call.id ? call : other))
        : [...this.#snapshot.calls, call],
    });
  }

  changeCall(id: string, change: Partial<CallSnapshot>): void {
    const call = this.#snapshot.calls.find((candidate) => candidate.id === id);
    if (call) this.showCall({ ...call, ...change });
  }

  showLink(change: Partial<LinkSnapshot>): void {
    this.show({ link: { ...this.#snapshot.link, ...change } });
  }

  showRegistration(change: Partial<RegistrationSnapshot>): void {
    this.show({ registration: { ...this.#snapshot.registration, ...change } });
  }

  showAudio(change: Partial<AudioSnapshot>): void {
    this.show({ audio: { ...this.#snapshot.audio, ...change } });
  }

  configure(account: Account): Promise<void> {
    return this.#ask('configure', account);
  }
  async register(): Promise<void> {
    await this.#ask('register');
    this.showRegistration({ state: 'registered', failure: null, since: Date.now() });
  }
  async unregister(): Promise<void> {
    await this.#ask('unregister');
    this.showRegistration({ state: 'unregistered', failure: null });
  }
  async pair(code: string): Promise<void> {
    await this.#ask('pair', code);
    if (this.pairingError) throw new PairingError(this.pairingError, 'scripted');
    this.showLink({ state: 'connected', failure: null });
  }
  reconnect(): Promise<void> {
    return this.#ask('reconnect');
  }
  async call(target: string, options?: CallOptions): Promise<string> {
    await (options === undefined ? this.#ask('call', target) : this.#ask('call', target, options));
    const id = `made-${++this.#calls}`;
    this.showCall({ ...outgoingCall(id, target) });
    return id;
  }
  async answer(callId: string): Promise<void> {
    await this.#ask('answer', callId);
    this.changeCall(callId, { state: 'active', answeredAt: Date.now() });
  }
  async reject(callId: string, status = 603): Promise<void> {
    await this.#ask('reject', callId, status);
    this.changeCall(callId, { state: 'ended', endedAt: Date.now(), endedBy: 'local' });
  }
  async hangup(callId: string): Promise<void> {
    await this.#ask('hangup', callId);
    this.changeCall(callId, { state: 'ended', endedAt: Date.now(), endedBy: 'local' });
  }
  async hold(callId: string): Promise<void> {
    await this.#ask('hold', callId);
    this.changeCall(callId, { localHold: true });
  }
  async resume(callId: string): Promise<void> {
    await this.#ask('resume', callId);
    this.changeCall(callId, { localHold: false });
  }
  async setMuted(callId: string, muted: boolean): Promise<void> {
    await this.#ask('setMuted', callId, muted);
    this.changeCall(callId, { muted });
  }
  async sendDtmf(callId: string, tones: string): Promise<void> {
    await this.#ask('sendDtmf', callId, tones);
    const call = this.#snapshot.calls.find((candidate) => candidate.id === callId);
    this.changeCall(callId, { digitsSent: (call?.digitsSent ?? '') + tones });
  }
  async sendMessage(target: string, body: string | Uint8Array, options?: MessageOptions): Promise<MessageOutcome> {
    await this.#ask('sendMessage', target, body, ...(options ? [options] : []));
    return { id: `m${++this.#calls}`, state: 'delivered', status: 200 };
  }
  onMessage(listener: (message: ReceivedMessage) => void): Unsubscribe {
    this.readers.add(listener);
    return () => this.readers.delete(listener);
  }
  chooseIdentity(identity: string | null): void {
    this.asked.push(['chooseIdentity', identity]);
    this.show({ callIdentity: identity });
  }
  setCodecs(order: readonly CodecPreference[]): void {
    this.asked.push(['setCodecs', order]);
    this.show({ codecs: order.length === 0 ? EMPTY_CLIENT_SNAPSHOT.codecs : order });
  }
  readonly devices: DeviceApi = {
    setProcessing: async (processing) => {
      await this.#ask('setProcessing', processing);
      this.showAudio({ processing });
    },
    setInputDevice: async (id) => {
      await this.#ask('setInputDevice', id);
      this.showAudio({ inputId: id });
    },
    setOutputDevice: async (id) => {
      await this.#ask('setOutputDevice', id);
      this.showAudio({ outputId: id });
    },
    setVolume: (volume) => {
      this.asked.push(['setVolume', volume]);
      this.showAudio({ volume });
    },
    playKeyTone: (tone) => void this.asked.push(['playKeyTone', tone]),
    unlock: () => this.#ask('unlock'),
  };
  close(): Promise<void> {
    this.closed = true;
    return this.#ask('close');
  }

  /** What was asked under one name, without the name. */
  calls(name: string): readonly (readonly unknown[])[] {
    return this.asked.filter((entry) => entry[0] === name).map((entry) => entry.slice(1));
  }

  async #ask(...request: readonly unknown[]): Promise<void> {
    this.asked.push(request);
    await Promise.resolve();
    if (this.error) throw this.error;
  }
}

export function outgoingCall(id: string, target: string): CallSnapshot {
  return {
    id,
    direction: 'out',
    state: 'dialling',
    remote: { uri: target, displayName: '' },
    local: 'sip:alice@ims.test',
    startedAt: Date.now(),
    answeredAt: null,
    endedAt: null,
    localHold: false,
    remoteHold: false,
    muted: false,
    digitsSent: '',
    digitsReceived: '',
    endedBy: null,
    failure: null,
    quality: null,
  };
}
