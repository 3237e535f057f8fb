import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY_SNAPSHOT, type CallSnapshot, type ImsSnapshot } from '../../../src/ims/snapshot.js';
import { Reporter, sentence } from '../../../tools/cli/reporter.js';
import { snapshotEvents } from '../../../tools/cli/snapshot-events.js';

const CALL: CallSnapshot = {
  id: 'c1',
  direction: 'in',
  state: 'ringing-in',
  remote: { uri: 'sip:bob@ims.test', displayName: 'Bob' },
  local: 'sip:alice@ims.test',
  startedAt: 1,
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
const QUALITY: CallSnapshot['quality'] = {
  codec: 'PCMA', clockRate: 8000, packetsSent: 5, packetsReceived: 6, lossReceived: 0, lossSent: 0, jitterMs: 0,
  roundTripMs: null, playoutDelayMs: 20, concealedRatio: 0, mos: 4, inputLevel: 0, outputLevel: 0,
}; // prettier-ignore

const withCall = (call: Partial<CallSnapshot>): ImsSnapshot => ({ ...EMPTY_SNAPSHOT, calls: [{ ...CALL, ...call }] });

describe('snapshotEvents', () => {
  it('tells a new call, each change, and nothing when only the quality moves', () => {
    const states = (before: ImsSnapshot, after: ImsSnapshot): unknown[] =>
      snapshotEvents(before, after).map((e) => ('state' in e ? e.state : e.event));
    assert.deepEqual(states(EMPTY_SNAPSHOT, withCall({})), ['ringing-in']);
    assert.deepEqual(states(withCall({}), withCall({ state: 'active' })), ['active']);
    assert.deepEqual(states(withCall({}), withCall({ muted: true })), ['ringing-in']);
    assert.deepEqual(states(withCall({}), withCall({ quality: QUALITY })), []);
    assert.deepEqual(states(withCall({}), EMPTY_SNAPSHOT), []);
  });
  it('tells each key of the other side once, also when it forgets the first of many', () => {
    const keys = (before: string, after: string): unknown[] =>
      snapshotEvents(withCall({ digitsReceived: before }), withCall({ digitsReceived: after }));
    assert.deepEqual(keys('', '1'), [{ event: 'dtmf', id: 'c1', keys: '1' }]);
    assert.deepEqual(keys('12', '1223'), [{ event: 'dtmf', id: 'c1', keys: '23' }]);
    assert.deepEqual(keys('12', '12'), []);
    assert.deepEqual(keys('12345', '34567'), [{ event: 'dtmf', id: 'c1', keys: '67' }]);
  });
  it('tells registration once per change', () => {
    const registered: ImsSnapshot = {
      ...EMPTY_SNAPSHOT,
      registration: { ...EMPTY_SNAPSHOT.registration, state: 'registered' },
    };
    assert.equal(snapshotEvents(EMPTY_SNAPSHOT, registered).length, 1);
    assert.equal(snapshotEvents(registered, { ...registered }).length, 0);
  });
});

describe('Reporter', () => {
  const [ringing] = snapshotEvents(
    EMPTY_SNAPSHOT,
    withCall({ remote: { uri: 'sip:bob@ims.test', displayName: 'B\u001b[31mob\n' } }),
  );
  assert.ok(ringing);

  it('writes one JSON line per event', () => {
    const lines: string[] = [];
    new Reporter(true, (line) => lines.push(line)).tell(ringing);
    assert.equal(lines.length, 1);
    assert.ok(!lines[0]?.includes('\n'));
    assert.deepEqual(JSON.parse(lines[0] ?? ''), ringing);
  });
  it('lets no control character of a caller reach the terminal', () => {
    const text = sentence(ringing) ?? '';
    assert.match(text, /^Call from B\?\[31mob\? <sip:bob@ims.test>: ringing-in$/);
  });
});
