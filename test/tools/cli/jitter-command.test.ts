import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildAssembly } from '../../../tools/build-assembly.js';

const COMMAND = ['--import', 'tsx', 'tools/ims.ts', 'jitter'];

describe('ims jitter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ims-jitter-'));
  const trace = join(folder, 'trace.txt');
  before(async () => {
    if (!existsSync('build/wasm/jitter.wasm') || !existsSync('build/wasm/g711.wasm')) await buildAssembly();
    // 20 s with one packet in 50 lost.
    const lines = Array.from({ length: 1000 }, (_, i) =>
      i % 50 === 49 ? '' : `${i} ${(i * 20 + (i % 7)).toFixed(1)}`,
    );
    writeFileSync(trace, lines.join('\n'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('prints one line of JSON', () => {
    const result: unknown = JSON.parse(
      execFileSync(process.execPath, [...COMMAND, trace, '--json'], { encoding: 'utf8' }),
    );
    assert.ok(typeof result === 'object' && result !== null);
    const figures = new Map(Object.entries(result));
    assert.equal(figures.get('packets'), 980);
    for (const name of ['meanDelay', 'p50Delay', 'p95Delay', 'p99Delay', 'cpu']) {
      const value: unknown = figures.get(name);
      assert.ok(typeof value === 'number' && value > 0 && value < 100, `${name} ${String(value)}`);
    }
    const concealed: unknown = figures.get('concealed');
    assert.ok(typeof concealed === 'number' && Math.abs(concealed - 2) < 0.5, `concealed ${String(concealed)} %`);
    assert.equal(figures.get('interruptions'), 0);
  });

  it('refuses what is no trace', () => {
    writeFileSync(join(folder, 'empty'), 'nothing\n');
    const { status, stderr } = spawnSync(process.execPath, [...COMMAND, join(folder, 'empty')], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /no lines of packet number/);
  });
});
