import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { phoneView, type StageInput } from '../../../src/components/phone/stage.js';
import type { CallSnapshot, CallState } from '../../../src/ims/snapshot.js';
import { outgoingCall } from '../../browser/components/fake-client.js';

const call = (id: string, state: CallState, change: Partial<CallSnapshot> = {}): CallSnapshot => ({
  ...outgoingCall(id, 'sip:b@x'),
  state,
  ...change,
});
const view = (input: Partial<StageInput>): string => {
  const { stage, waiting, others } = phoneView({
    calls: [],
    chosen: null,
    dialling: false,
    typing: false,
    ended: null,
    ...input,
  });
  const on = stage.kind === 'dial' ? 'dial' : `${stage.kind} ${stage.call.id}`;
  return [on, waiting.map(({ id }) => id).join(), others.map(({ id }) => id).join()].join(' | ');
};

describe('phoneView', () => {
  const ringing = call('r', 'ringing-in');
  const active = call('a', 'active');
  const held = call('h', 'active', { localHold: true });
  const ended = call('e', 'ended');

  it('shows one call in each of its states', () => {
    assert.equal(view({}), 'dial |  | ');
    for (const state of ['dialling', 'ringing-out', 'early-media'] as const)
      assert.equal(view({ calls: [call('o', state)] }), 'outgoing o |  | ');
    for (const state of ['connecting', 'active', 'ending'] as const)
      assert.equal(view({ calls: [call('o', state)] }), 'call o |  | ');
    assert.equal(view({ calls: [ringing] }), 'incoming r |  | ');
    assert.equal(view({ calls: [ended], ended }), 'ended e |  | ');
    assert.equal(view({ calls: [ended] }), 'dial |  | ');
  });

  it('puts the call that talks on the stage, unless another was chosen', () => {
    assert.equal(view({ calls: [held, active] }), 'call a |  | h');
    assert.equal(view({ calls: [held, active], chosen: 'h' }), 'call h |  | a');
    assert.equal(view({ calls: [held, active], chosen: 'gone' }), 'call a |  | h');
  });

  it('never takes the stage from a call or a field for one that rings', () => {
    assert.equal(view({ calls: [active, ringing] }), 'call a | r | ');
    assert.equal(view({ calls: [ringing], typing: true }), 'dial | r | ');
    assert.equal(view({ calls: [ringing, { ...ringing, id: 'r2' }] }), 'incoming r | r2 | ');
  });

  it('lets a person dial while a call is up', () => {
    assert.equal(view({ calls: [active, ringing], dialling: true }), 'dial | r | a');
  });

  it('shows an ended call only when nothing else goes on', () => {
    assert.equal(view({ calls: [ended, ringing], ended }), 'incoming r |  | ');
    assert.equal(view({ calls: [ended, active], ended }), 'call a |  | ');
  });
});
