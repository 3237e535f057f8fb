import type { CallState } from '../snapshot.js';

/**
 * The states of a call, as `CallSnapshot.state` shows them:
 *
 *   call()                                              INVITE
 *     |                                                   |
 *     v        180                183 with SDP            v
 *  dialling ------> ringing-out ------------+        ringing-in
 *     |  |               |                  v         |   |   |
 *     |  |               | <-revoked-- early-media    |   |   | CANCEL, reject,
 *     |  +------+--------+------------------+         |   |   | no answer
 *     |         | 2xx                 answer(): 2xx   |   |   |
 *     |         v                                     |   |   |
 *     |     connecting <------------------------------+   |   |
 *     |         | answer applied, ACK                     |   |
 *     |         v                                         |   |
 *     |      active <-> active (hold, resume, re-INVITE)  |   |
 *     |         | hangup                                  |   |
 *     | hangup  v                                         |   |
 *     +----> ending  CANCEL or BYE is under way           |   |
 *     |         | final response, time-out                |   |
 *     v         v                                         v   v
 *   ended <---- BYE from the peer, failure, network gone: from every state
 */
const NEXT: Readonly<Record<CallState, readonly CallState[]>> = {
  dialling: ['ringing-out', 'early-media', 'connecting', 'ending', 'ended'],
  'ringing-out': ['early-media', 'connecting', 'ending', 'ended'],
  'early-media': ['ringing-out', 'connecting', 'ending', 'ended'],
  'ringing-in': ['connecting', 'ending', 'ended'],
  connecting: ['active', 'ending', 'ended'],
  active: ['ending', 'ended'],
  ending: ['ended'],
  ended: [],
};

export function mayFollow(from: CallState, to: CallState): boolean {
  return NEXT[from].includes(to);
}
