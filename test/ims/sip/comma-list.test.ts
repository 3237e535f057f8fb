import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { splitCommaList } from '../../../src/ims/sip/comma-list.js';

describe('splitCommaList', () => {
  const cases: [text: string, values: string[]][] = [
    ['a', ['a']],
    ['a, b ,c', ['a', 'b', 'c']],
    ['"a, b" <sip:c>, <sip:d,e@f>', ['"a, b" <sip:c>', '<sip:d,e@f>']],
    ['"a \\", b" <sip:c>,d', ['"a \\", b" <sip:c>', 'd']],
    ['a,,b,', ['a', '', 'b', '']],
    ['"never ends, <a', ['"never ends, <a']],
    ['<sip:"a>, b', ['<sip:"a>', 'b']], // a quote in <> opens nothing
    ['', ['']],
  ];
  for (const [text, values] of cases) it(JSON.stringify(text), () => assert.deepEqual(splitCommaList(text), values));
});
