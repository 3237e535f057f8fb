import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
    for (const name of [
      'meanDelayMs',
      'p50DelayMs',
      'p95DelayMs',
      'p99DelayMs',
      'meanWaitMs',
      'cpuMicrosecondsPer10ms',
    ]) {
      const value: unknown = figures.get(name);
      assert.ok(typeof value === 'number' && value > 0 && value < 100, `${name} ${String(value)}`);
    }
    const concealed: unknown = figures.get('concealedPercent');
    // A lost packet is 2 % of the sound; a part of it may be made up by stretching.
    assert.ok(typeof concealed === 'number' && concealed > 0.5 && concealed < 2.1, `concealed ${String(concealed)} %`);
    assert.equal(figures.get('neverArrived'), 19);
    assert.equal(figures.get('lost'), 19);
    assert.deepEqual(figures.get('interruptions'), []);
  });

  it('takes other packet times and writes down what is heard', () => {
    const heard = join(folder, 'heard.wav');
    const text = execFileSync(process.execPath, [...COMMAND, '-', '--ptime', '30', '--record', heard], {
      encoding: 'utf8',
      input: Array.from({ length: 100 }, (_, i) => `${i},${i * 30}`).join('\r\n'),
    });
    assert.match(text, /^100 packets, 0 never arrived/);
    assert.ok(Math.abs(statSync(heard).size - 44 - 16 * 2980) < 400);
  });

  it('refuses what is no trace', () => {
    writeFileSync(join(folder, 'empty'), 'nothing\nat all\n');
    const { status, stderr } = spawnSync(process.execPath, [...COMMAND, join(folder, 'empty')], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /no packet number in line 2/);
  });

  it('refuses what it cannot read or play, and ends with 2', () => {
    for (const [input, ...options] of [
      [''],
      ['# only a comment\n'],
      ['0 1\n1 soon\n'],
      ['0 1\n', '--ptime', '25'],
      ['0 1\n', '--ptime', '1000'],
      ['0 1\n', '--play', trace],
      ['0 1\n', '--record', join(folder, 'no', 'folder.wav')],
    ]) {
      const { status, stderr } = spawnSync(process.execPath, [...COMMAND, '-', ...options], {
        encoding: 'utf8',
        input,
      });
      assert.equal(status, 2, `${input} ${options.join(' ')}: ${stderr}`);
      assert.match(stderr, /^ims: .*\nTry: ims --help\n$/);
    }
  });
});
