import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask, called, last, make, SDP, shown, world, type World } from './scripted-peer.js';

/** A call of the peer that we answered, and whose ACK has not come. @returns the tag of our 200 */
async function unacknowledged(w: World): Promise<string> {
  const answered = ask(w, make('INVITE', { sdp: SDP }), 50);
  const responses = await answered;
  await w.agent.answer(shown(w)?.id ?? '');
  await w.clock.advance(20);
  return last(responses)?.toTag ?? '';
}

describe('Rules of a dialog', () => {
  it('the called sends its BYE after the ACK, not before (RFC 3261 §15)', async () => {
    const w = await world();
    const tag = await unacknowledged(w);
    void w.agent.hangup(shown(w)?.id ?? '');
    await w.clock.advance(5000);
    assert.deepEqual(w.methods(), []);
    assert.equal(shown(w)?.state, 'ending');
    await w.peer.sendRequest(make('ACK', { tag }));
    await w.clock.advance(50);
    assert.deepEqual(w.methods(), ['BYE']);
    assert.equal(shown(w)?.state, 'ended');
  });

  it('the called sends its BYE when the ACK is given up (§13.3.1.4)', async () => {
    const w = await world();
    await unacknowledged(w);
    void w.agent.hangup(shown(w)?.id ?? '');
    await w.clock.advance(31_000);
    assert.deepEqual(w.methods(), []);
    await w.clock.advance(2000);
    assert.deepEqual(w.methods(), ['BYE']);
  });

  it('a second BYE finds no call: 481 (§15.1.2)', async () => {
    const w = await world();
    const { tag } = await called(w);
    assert.equal(last(await ask(w, make('BYE', { tag, cseq: 2 })))?.status, 200);
    assert.equal(last(await ask(w, make('BYE', { tag, cseq: 3 })))?.status, 481);
  });

  it('who does not know both tags is not in the dialog: 481 (§12)', async () => {
    const w = await world();
    const { tag } = await called(w);
    assert.equal(last(await ask(w, make('BYE', { tag, cseq: 2, fromTag: 'other' })))?.status, 481);
    assert.equal(last(await ask(w, make('INFO', { tag, cseq: 2, callId: 'c2' })))?.status, 481);
    assert.equal(last(await ask(w, make('INFO', { tag: `${tag}x`, cseq: 2 })))?.status, 481);
    assert.equal(shown(w)?.state, 'active');
  });
});
