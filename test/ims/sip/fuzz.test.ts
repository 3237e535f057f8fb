import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parserTarget } from '../../../tools/fuzz/parser-target.js';
import { FUZZ_DEFAULTS, runFuzz } from '../../../tools/fuzz/run-fuzz.js';
import { noVectors } from './vector-files.js';

describe('50,000 mutated messages', { skip: noVectors, timeout: 120_000 }, () => {
  it('throw nothing, hang nowhere and leave nothing behind', () => {
    const report = runFuzz(parserTarget, { ...FUZZ_DEFAULTS, count: 50_000, seed: 20261122 });
    assert.deepEqual(
      report.findings.map(({ kind, detail, input }) => `${kind} ${detail} ${Buffer.from(input).toString('base64')}`),
      [],
    );
  });

  it('finds what is planted', () => {
    const planted = { ...parserTarget, run: (octets: Uint8Array) => { if (octets.includes(0xff)) throw new Error('planted'); } }; // prettier-ignore
    const { findings } = runFuzz(planted, { ...FUZZ_DEFAULTS, count: 500, seed: 1 });
    assert.equal(findings[0]?.kind, 'throw');
    assert.match(findings[0].detail, /planted/);
  });
});
