import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ilbcMode } from '../../../src/media/payload/ilbc.js';

describe('ilbcMode', () => {
  it('takes 20 ms only where it is asked for (RFC 3952 §5)', () => {
    for (const fmtp of ['mode=20', ' Mode = 20 ', 'x=1;mode=20']) assert.equal(ilbcMode(fmtp), 20);
    for (const fmtp of ['', 'mode=30', 'mode=0', 'mode', 'modes=20', 'mode=200', ';;='])
      assert.equal(ilbcMode(fmtp), 30);
  });
});
