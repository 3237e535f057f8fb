import type { ClientSnapshot } from '../../client/client-api.js';
import type { CallSnapshot } from '../../ims/snapshot.js';
import type { Politeness } from '../announcer/announcer.js';
import { nameOf } from '../format/party.js';
import { problemOf, statusOf } from '../status/status.js';
import type { Strings } from '../strings/strings.js';

export interface Announcement {
  readonly text: string;
  readonly politeness: Politeness;
}

/** What a screen reader hears between two snapshots: every change that a seeing person would notice. */
export function announcementsBetween(
  before: ClientSnapshot,
  after: ClientSnapshot,
  t: Strings,
): readonly Announcement[] {
  const spoken: Announcement[] = [];
  const say = (text: string, politeness: Politeness = 'polite'): void => void spoken.push({ text, politeness });

  for (const call of after.calls) {
    const earlier = before.calls.find((candidate) => candidate.id === call.id);
    if (earlier !== call) announceCall(earlier, call, t, say);
  }
  const problem = problemOf(after);
  if (problem && problem.reason !== problemOf(before)?.reason) {
    const advice = t.failures[problem.reason];
    say(`${advice.sentence} ${advice.remedy}`);
  } else {
    const status = statusOf(after);
    if (status.key === 'registered' && statusOf(before).tone !== 'ok') say(t.status.registered);
  }
  return spoken;
}

function announceCall(
  before: CallSnapshot | undefined,
  after: CallSnapshot,
  t: Strings,
  say: (text: string, politeness?: Politeness) => void,
): void {
  const name = nameOf(after.remote) || t.call.unknownCaller;
  if (before?.state !== after.state) {
    if (after.state === 'ringing-in') say(t.announce.incoming(name), 'assertive');
    if (after.state === 'ringing-out') say(t.announce.ringing(name));
    if (after.state === 'active') say(t.announce.connected(name));
    if (after.state === 'ended') {
      if (after.failure) say(`${t.failures[after.failure.reason].sentence} ${t.failures[after.failure.reason].remedy}`);
      else say(isMissed(after) ? t.announce.missed(name) : t.announce.ended(name));
    }
  }
  if (!before || after.state !== 'active') return;
  if (before.localHold !== after.localHold) say(after.localHold ? t.announce.held(name) : t.announce.resumed(name));
  if (!before.remoteHold && after.remoteHold) say(t.announce.heldByPeer(name));
  if (before.muted !== after.muted) say(after.muted ? t.announce.muted : t.announce.unmuted);
}

/** It rang here, nobody answered, and it was not we who ended it. */
export function isMissed(call: CallSnapshot): boolean {
  return call.direction === 'in' && call.answeredAt === null && call.endedBy !== 'local';
}
