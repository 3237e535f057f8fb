import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toneFor } from '../../src/client/call-tones.js';
import type { CallSnapshot } from '../../src/ims/snapshot.js';

const call = (change: Partial<CallSnapshot>): CallSnapshot => ({
  id: 'a',
  direction: 'out',
  state: 'active',
  remote: { uri: 'sip:bob@ims.test', displayName: '' },
  local: 'sip:alice@ims.test',
  startedAt: 0,
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
  ...change,
});

describe('toneFor', () => {
  it('is silent without calls and while talking', () => {
    assert.equal(toneFor([], 0), null);
    assert.equal(toneFor([call({})], 0), null);
  });
  it('rings, but only knocks while a call is up', () => {
    const incoming = call({ direction: 'in', state: 'ringing-in' });
    assert.equal(toneFor([incoming], 0), 'ring');
    assert.equal(toneFor([call({}), incoming], 0), 'call-waiting');
    assert.equal(toneFor([call({ localHold: true }), incoming], 0), 'ring');
  });
  it('plays ring-back until early media brings its own', () => {
    assert.equal(toneFor([call({ state: 'ringing-out' })], 0), 'ring-back');
    assert.equal(toneFor([call({ state: 'early-media' })], 0), null);
  });
  it('plays busy for three seconds after a call that was not answered', () => {
    const failed = call({ state: 'ended', endedAt: 1000, failure: { reason: 'busy', status: 486 } });
    assert.equal(toneFor([failed], 2000), 'busy');
    assert.equal(toneFor([failed], 4001), null);
    assert.equal(toneFor([{ ...failed, answeredAt: 500 }], 2000), null);
  });
});
