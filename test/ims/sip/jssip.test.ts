import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isGrammatical, type GrammarRule } from '../../../src/ims/sip/jssip.js';

// The contract with jssip: the pinned version has these start rules, and they judge as the RFCs do.
describe('isGrammatical', () => {
  const contract: [rule: GrammarRule, good: string[], bad: string[]][] = [
    [
      'Event',
      ['presence', 'message-summary', 'reg;id=1', 'conference.x', 'dialog;call-id="a"'],
      ['', ';id=1', 'a b', 'a;', 'presence,reg'],
    ],
    [
      'Replaces',
      ['98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff', 'a;to-tag=b;from-tag=c;early-only'],
      ['', ';to-tag=a', 'a b'],
    ],
    [
      'Session_Expires',
      ['1800', '90;refresher=uac', '90;refresher=uas;x=y'],
      ['', 'x', '-1', '1800;refresher=', '1800 90'],
    ],
    [
      'Subscription_State',
      ['active', 'active;expires=60', 'terminated;reason=noresource', 'pending;x=y'],
      ['', ';', 'active;', 'a b'],
    ],
  ];
  for (const [rule, good, bad] of contract) {
    for (const text of good)
      it(`${rule} takes ${JSON.stringify(text)}`, () => assert.equal(isGrammatical(rule, text), true));
    for (const text of bad)
      it(`${rule} refuses ${JSON.stringify(text)}`, () => assert.equal(isGrammatical(rule, text), false));
  }

  it('does not look at what is too long', () => {
    assert.equal(isGrammatical('Event', `a;x=${'y'.repeat(2000)}`), false);
  });
});
