import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContactInfo, ReginfoDocument } from '../../../../src/ims/registration/reg-event/reginfo.js';
import { RegistrationStates } from '../../../../src/ims/registration/reg-event/registration-states.js';

const CONTACT: ContactInfo = {
  id: '1',
  uri: 'sip:a@10.0.0.1',
  displayName: null,
  state: 'active',
  event: 'registered',
  expires: null,
  retryAfter: null,
  callId: null,
  instance: null,
  pubGruu: null,
  tempGruu: null,
};

function document(
  version: number,
  state: 'full' | 'partial',
  id: string,
  contacts: readonly Partial<ContactInfo>[],
): ReginfoDocument {
  return {
    version,
    state,
    registrations: [
      { aor: `sip:${id}@h`, id, state: 'active', contacts: contacts.map((part) => ({ ...CONTACT, ...part })) },
    ],
  };
}

function shown(states: RegistrationStates): unknown {
  return states.registrations.map(({ id, contacts }) => [id, contacts.map((c) => `${c.id} ${c.state}`)]);
}

describe('RegistrationStates', () => {
  it('puts partial documents into the full one', () => {
    const states = new RegistrationStates();
    assert.equal(states.apply(document(0, 'full', 'a', [{ id: '1' }, { id: '2' }])), 'applied');
    assert.equal(states.apply(document(1, 'partial', 'b', [{ id: '3' }])), 'applied');
    assert.equal(states.apply(document(2, 'partial', 'a', [{ id: '2', state: 'terminated' }])), 'applied');
    assert.deepEqual(shown(states), [
      ['a', ['1 active', '2 terminated']],
      ['b', ['3 active']],
    ]);
    states.apply(document(3, 'partial', 'b', []));
    assert.deepEqual(shown(states), [
      ['a', ['1 active']],
      ['b', ['3 active']],
    ]);
    states.apply(document(4, 'full', 'c', []));
    assert.deepEqual(shown(states), [['c', []]]);
  });

  it('notices gaps, and throws away what is old', () => {
    const states = new RegistrationStates();
    assert.equal(states.apply(document(7, 'partial', 'a', [])), 'gap', 'it began without us');
    assert.equal(states.apply(document(8, 'full', 'a', [])), 'applied');
    assert.equal(states.apply(document(8, 'partial', 'b', [])), 'discarded');
    assert.equal(states.apply(document(7, 'full', 'b', [])), 'discarded');
    assert.equal(states.apply(document(10, 'partial', 'b', [])), 'gap');
    assert.deepEqual(shown(states), [
      ['a', []],
      ['b', []],
    ]);
    assert.equal(states.apply(document(99, 'full', 'a', [])), 'applied', 'a full one needs none before');
    assert.equal(states.apply(document(99, 'full', 'a', [])), 'applied', 'a notifier that does not count');
    states.reset();
    assert.equal(states.apply(document(0, 'full', 'a', [])), 'applied');
  });
});
