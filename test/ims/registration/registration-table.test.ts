import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { REGISTRATION_TABLE } from '../../../src/ims/registration/registration-table.js';

const IN_FLIGHT = ['resolving', 'registering', 'authenticating', 'refreshing', 'unregistering'] as const;
const RESTING = ['unregistered', 'registered', 'waiting'] as const;
const SENDS = new Set(['attempt', 'forget-and-attempt', 'leave']);

describe('REGISTRATION_TABLE', () => {
  it('sends no second REGISTER while one is in flight', () => {
    for (const state of IN_FLIGHT) {
      for (const event of ['register', 'refresh-due', 'retry-due', 'flow-lost', 'deactivated'] as const) {
        const act = REGISTRATION_TABLE[state][event]?.act ?? 'none';
        assert.ok(!SENDS.has(act), `${event} while ${state}: ${act}`);
      }
    }
  });

  it('has a place for every answer, whatever goes on', () => {
    for (const state of IN_FLIGHT)
      for (const event of ['adjust', 'redirected', 'next-server', 'deferred', 'refused'] as const)
        assert.ok(REGISTRATION_TABLE[state][event], `${event} while ${state}`);
    for (const state of IN_FLIGHT) {
      const good = state === 'unregistering' ? 'answered' : 'accepted';
      assert.ok(REGISTRATION_TABLE[state][good], `${good} while ${state}`);
      assert.ok(REGISTRATION_TABLE[state].suspended, `suspended while ${state}`);
    }
  });

  it('leads out of every state that a person can see', () => {
    for (const state of RESTING) assert.ok(REGISTRATION_TABLE[state].register, state);
    assert.equal(REGISTRATION_TABLE.waiting['retry-due']?.act, 'attempt');
    assert.equal(REGISTRATION_TABLE.registered['refresh-due']?.act, 'attempt');
    assert.equal(REGISTRATION_TABLE.registered.expired?.act, 'forget-and-attempt');
  });

  it('enters `waiting` with a pause alone, or without a network', () => {
    for (const row of Object.values(REGISTRATION_TABLE))
      for (const { to, act } of Object.values(row))
        if (to === 'waiting') assert.ok(['pause', 'forget-and-pause', 'halt'].includes(act), act);
  });
});
