import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { qualityBars, qualityGrade } from '../../../src/components/phone/quality-grade.js';
import { problemOf, statusOf } from '../../../src/components/status/status.js';
import { FAILURE_REASONS, PHONE_STATES } from '../../browser/components/fake-states.js';

const key = (name: string): string => {
  const snapshot = PHONE_STATES[name];
  assert.ok(snapshot);
  const { key, tone } = statusOf(snapshot);
  return `${key} ${tone}`;
};

describe('statusOf', () => {
  it('names what goes on', () => {
    assert.deepEqual(statusOf(null), { key: 'no-account', tone: 'idle', since: null });
    assert.equal(key('ready'), 'registered ok');
    assert.equal(key('starting'), 'starting busy');
    assert.equal(key('connecting'), 'linking busy');
    assert.equal(key('registering'), 'registering busy');
    assert.equal(key('offline'), 'unregistered idle');
    assert.equal(key('failure-companion-lost'), 'link-lost problem');
    assert.equal(key('failure-companion-unpaired'), 'unpaired problem');
    assert.equal(key('failure-server-timeout'), 'waiting problem');
    assert.equal(key('failure-forbidden'), 'failed problem');
  });
});

describe('problemOf', () => {
  it('finds every failure that is not a call’s', () => {
    for (const reason of FAILURE_REASONS) {
      const snapshot = PHONE_STATES[`failure-${reason}`];
      assert.ok(snapshot);
      if (snapshot.calls.length === 0) assert.equal(problemOf(snapshot)?.reason, reason);
      else assert.equal(problemOf(snapshot), null);
    }
  });
});

describe('qualityGrade', () => {
  it('falls with the score', () => {
    assert.deepEqual(
      [4.4, 4.1, 3.7, 3.2, 1].map((mos) => [qualityGrade(mos), qualityBars(qualityGrade(mos))]),
      [
        ['excellent', 4],
        ['good', 3],
        ['fair', 2],
        ['poor', 1],
        ['bad', 1],
      ],
    );
  });
});
