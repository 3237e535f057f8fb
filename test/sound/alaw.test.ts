import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alaw, alawSample } from './alaw.js';

describe('alaw, alawSample', () => {
  it('bring every octet back', () => {
    for (let octet = 0; octet < 256; octet++) assert.equal(alaw(alawSample(octet)), octet);
  });
  it('are as near as the step of their segment', () => {
    for (let sample = -32768; sample < 32768; sample++) {
      const error = Math.abs(alawSample(alaw(sample)) - sample);
      assert.ok(error <= Math.max(16, Math.abs(sample) / 31), `${sample}: ${error}`);
    }
  });
});
