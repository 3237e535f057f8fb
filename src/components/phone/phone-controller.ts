import { EMPTY_CLIENT_SNAPSHOT, type ClientApi, type ClientSnapshot } from '../../client/client-api.js';
import type { Failure } from '../../ims/failure.js';
import type { CallSnapshot, RegistrationSnapshot } from '../../ims/snapshot.js';
import type { Unsubscribe } from '../../platform/emitter.js';
import { problemOf, statusOf } from '../status/status.js';
import type { Strings } from '../strings/strings.js';
import { messageOf } from '../../platform/message-of.js';
import { announcementsBetween, type Announcement } from './call-announcements.js';
import { CodecOrder } from './codec-order.js';
import { callTarget } from './call-target.js';
import { EntryModel } from './entry-model.js';
import { isLive, phoneView, type PhoneView } from './stage.js';

export type Panel = 'none' | 'keypad' | 'audio' | 'quality';

/** What the controller needs of the element around it. */
export interface PhoneHost {
  changed(): void;
  strings(): Strings;
  /** Wall-clock milliseconds. */
  now(): number;
  announce(announcement: Announcement): void;
  callStarted(call: CallSnapshot): void;
  callEnded(call: CallSnapshot): void;
  registrationChanged(registration: RegistrationSnapshot): void;
}

/** The phone without its face: what is shown, what a gesture does. No DOM. */
export class PhoneController {
  snapshot: ClientSnapshot | null = null;
  readonly entry = new EntryModel(() => this.host.changed());
  readonly codecs = new CodecOrder(
    () => this.snapshot?.codecs ?? EMPTY_CLIENT_SNAPSHOT.codecs,
    (order) => this.#client?.setCodecs(order),
    () => this.host.changed(),
  );
  panel: Panel = 'none';
  /** The settings are open. */
  settings = false;
  /** What the open dialog says to screen readers: the page behind it is silent. */
  said = '';
  /** The identity that the page chose for calls, or null. */
  identity: string | null = null;
  /** The dial view shows the list of earlier calls instead of the pad. */
  recents = false;
  /** A further call is being dialled while another is up. */
  dialling = false;
  /** The entry has the focus and something in it. */
  typing = false;
  /** An intent that failed before it became a call. */
  intentFailure: Failure | null = null;

  #client: ClientApi | null = null;
  #unsubscribe: Unsubscribe | null = null;
  #chosen: string | null = null;
  #ended: CallSnapshot | null = null;
  /** Newest missed call that the person has seen, wall-clock ms. */
  #seenMissed: number | null = null;
  #retryAt: { readonly failure: Failure; readonly at: number } | null = null;

  constructor(private readonly host: PhoneHost) {}

  get client(): ClientApi | null {
    return this.#client;
  }

  /** Listens to `client`. The same client again (a moved element) goes on where it was. */
  attach(client: ClientApi | null): void {
    this.detach();
    if (client !== this.#client) {
      this.snapshot = null;
      this.#ended = null;
      this.#chosen = null;
      this.dialling = false;
    }
    this.#client = client;
    if (client) this.#unsubscribe = client.subscribe((snapshot) => this.#update(snapshot));
    else this.host.changed();
  }

  /** Stops listening. Calls go on. */
  detach(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  get view(): PhoneView {
    return phoneView({
      calls: this.snapshot?.calls ?? [],
      chosen: this.#chosen,
      dialling: this.dialling,
      typing: this.typing,
      ended: this.#ended,
    });
  }

  get problem(): Failure | null {
    return this.intentFailure ?? (this.snapshot ? problemOf(this.snapshot) : null);
  }

  /** Whole seconds until the stack tries again by itself; null when it does not. */
  get secondsToRetry(): number | null {
    if (!this.#retryAt || this.#retryAt.failure !== this.problem) return null;
    return Math.max(0, Math.ceil((this.#retryAt.at - this.host.now()) / 1000));
  }

  /** True while something shown counts seconds. */
  get ticking(): boolean {
    if (this.secondsToRetry !== null || statusOf(this.snapshot).since !== null) return true;
    return this.snapshot?.calls.some(isLive) ?? false;
  }

  press(tone: string): void {
    this.#client?.devices.playKeyTone(tone);
    this.entry.insert(tone);
  }

  async call(address: string): Promise<void> {
    const client = this.#client;
    const target = callTarget(address, this.snapshot?.registration.identity ?? null);
    if (!client || !target) return;
    this.#ended = null;
    this.intentFailure = null;
    await this.#attempt(this.#isOnline() ? 'call-failed' : 'not-registered', async () => {
      unlock(client);
      await this.#holdOthers(client, null);
      const { identity } = this;
      this.#chosen = await (identity === null ? client.call(target) : client.call(target, { identity }));
      this.dialling = false;
      this.entry.clear();
    });
  }

  async answer(call: CallSnapshot): Promise<void> {
    const client = this.#client;
    if (!client) return;
    await this.#attempt('call-failed', async () => {
      unlock(client);
      await this.#holdOthers(client, call.id);
      this.#chosen = call.id;
      this.dialling = false;
      await client.answer(call.id);
    });
  }

  async hangUp(call: CallSnapshot): Promise<void> {
    const client = this.#client;
    if (!client) return;
    await this.#attempt('internal', () =>
      call.state === 'ringing-in' ? client.reject(call.id) : client.hangup(call.id),
    );
  }

  async toggleHold(call: CallSnapshot): Promise<void> {
    const client = this.#client;
    if (!client) return;
    await this.#attempt('call-failed', () => (call.localHold ? this.#resume(client, call.id) : client.hold(call.id)));
  }

  /** Puts the call on the stage, resumed, the others on hold. */
  async switchTo(call: CallSnapshot): Promise<void> {
    const client = this.#client;
    if (!client) return;
    this.#chosen = call.id;
    this.dialling = false;
    this.host.changed();
    await this.#attempt('call-failed', () => this.#resume(client, call.id));
  }

  async toggleMute(call: CallSnapshot): Promise<void> {
    const client = this.#client;
    if (client) await this.#attempt('internal', () => client.setMuted(call.id, !call.muted));
  }

  async sendTone(call: CallSnapshot, tone: string): Promise<void> {
    const client = this.#client;
    if (!client) return;
    client.devices.playKeyTone(tone);
    await this.#attempt('internal', () => client.sendDtmf(call.id, tone));
  }

  async retry(failure: Failure): Promise<void> {
    const client = this.#client;
    const snapshot = this.snapshot;
    if (!client || !snapshot) return;
    this.intentFailure = null;
    await this.#attempt('internal', () => {
      if (failure === snapshot.audio.failure) return client.devices.setInputDevice(snapshot.audio.inputId);
      if (snapshot.link.state !== 'connected' || snapshot.link.failure) return client.reconnect();
      return client.register();
    });
    this.host.changed();
  }

  /** Runs what may reject, and shows the failure: for device choices and the like. */
  async run(task: (client: ClientApi) => Promise<void>): Promise<void> {
    const client = this.#client;
    if (client) await this.#attempt('media-failed', () => task(client));
  }

  toggle(panel: Panel): void {
    this.panel = this.panel === panel ? 'none' : panel;
    this.host.changed();
  }

  setDialling(dialling: boolean): void {
    this.dialling = dialling;
    this.panel = 'none';
    this.host.changed();
  }

  setRecents(recents: boolean): void {
    this.recents = recents;
    this.#seeMissed();
    this.host.changed();
  }

  setSettings(open: boolean): void {
    if (!open) this.codecs.cancel();
    this.settings = open;
    this.said = '';
    this.host.changed();
  }

  say(text: string): void {
    this.said = text;
    this.host.changed();
  }

  /** Calls that were missed since the page came up and nobody has looked at. */
  get newMissed(): number {
    const seen = this.#seenMissed;
    if (seen === null) return 0;
    return this.snapshot?.history.filter(({ missed, startedAt }) => missed && startedAt > seen).length ?? 0;
  }

  setTyping(typing: boolean): void {
    if (typing === this.typing) return;
    this.typing = typing;
    this.host.changed();
  }

  dismissEnded(): void {
    this.#ended = null;
    this.host.changed();
  }

  dismissProblem(): void {
    this.intentFailure = null;
    this.host.changed();
  }

  #isOnline(): boolean {
    const state = this.snapshot?.registration.state;
    return state === 'registered' || state === 'refreshing';
  }

  async #resume(client: ClientApi, callId: string): Promise<void> {
    await this.#holdOthers(client, callId);
    if (this.snapshot?.calls.find((call) => call.id === callId)?.localHold) await client.resume(callId);
  }

  async #holdOthers(client: ClientApi, callId: string | null): Promise<void> {
    const others = this.snapshot?.calls.filter(
      (call) => call.id !== callId && call.state === 'active' && !call.localHold,
    );
    for (const other of others ?? []) await client.hold(other.id);
  }

  async #attempt(reason: Failure['reason'], task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.intentFailure = { reason, detail: messageOf(error) };
      this.host.changed();
    }
  }

  #update(next: ClientSnapshot): void {
    const first = this.snapshot === null;
    const before = this.snapshot ?? { ...next, calls: [] };
    this.snapshot = next;
    for (const call of next.calls) {
      const earlier = before.calls.find((candidate) => candidate.id === call.id);
      if (!earlier) this.#started(call, first);
      if (call.state === 'ended' && earlier?.state !== 'ended') this.#hasEnded(call);
    }
    // A failure stays until a person has read it; an ordinary end goes when the stack forgets it.
    const ended = this.#ended;
    if (ended && !ended.failure && !next.calls.some((call) => call.id === ended.id)) this.#ended = null;
    if (!next.calls.some(isLive)) this.dialling = false;
    if (!next.calls.some((call) => isLive(call) && call.state !== 'ringing-in') && this.panel !== 'audio')
      this.panel = 'none';
    this.#noteRetry();
    // What was missed on earlier visits is old news; what shows in the open list is seen.
    if (this.#seenMissed === null || this.recents) this.#seeMissed();
    for (const announcement of announcementsBetween(before, next, this.host.strings()))
      this.host.announce(announcement);
    if (before.registration.state !== next.registration.state) this.host.registrationChanged(next.registration);
    this.host.changed();
  }

  /** @param found the call was there before we were: nobody has just placed it */
  #started(call: CallSnapshot, found: boolean): void {
    if (call.state === 'ended') return;
    if (call.direction === 'out' && !found) {
      this.#chosen = call.id;
      this.#ended = null;
    }
    this.host.callStarted(call);
  }

  #hasEnded(call: CallSnapshot): void {
    const declinedHere = call.direction === 'in' && call.answeredAt === null && call.endedBy === 'local';
    if (!declinedHere) this.#ended = call;
    if (this.#chosen === call.id) this.#chosen = null;
    this.host.callEnded(call);
  }

  #seeMissed(): void {
    const newest = this.snapshot?.history.find(({ missed }) => missed)?.startedAt ?? 0;
    this.#seenMissed = Math.max(newest, this.#seenMissed ?? 0);
  }

  #noteRetry(): void {
    const failure = this.problem;
    if (this.#retryAt?.failure === failure) return;
    this.#retryAt = failure?.retryAfter === undefined ? null : { failure, at: this.host.now() + failure.retryAfter };
  }
}

/** Inside the gesture, and not waited for: where sound stays blocked, the snapshot says so. */
function unlock(client: ClientApi): void {
  client.devices.unlock().catch(() => undefined);
}
