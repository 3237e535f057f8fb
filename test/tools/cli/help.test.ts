import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { helpOf, SHELL_HELP } from '../../../tools/cli/help.js';

describe('helpOf', () => {
  it('tells of one command what it takes', () => {
    assert.match(helpOf('codec'), /^ {2}ims codec NAME[^]*--loss/);
    assert.doesNotMatch(helpOf('codec'), /--identity|ims jitter/);
    for (const command of ['register', 'call', 'message', 'answer', 'shell'])
      assert.match(helpOf(command), new RegExp(`^ {2}ims ${command} [^]*--identity[^]*--proxy[^]*Exit codes`));
    assert.doesNotMatch(helpOf('register'), /--dtmf/);
    assert.match(helpOf('message'), /--from[^]*--valid/);
  });

  it('tells everything to who asks for none of them', () => {
    for (const command of [null, '', 'toString', 'nonsense']) {
      const text = helpOf(command);
      for (const part of ['ims register', 'ims jitter', '--identity', '--dtmf', '--valid', '--setkey', 'hangup'])
        assert.ok(text.includes(part), part);
    }
    assert.ok(helpOf(null).includes(SHELL_HELP.trim()));
  });
});
