import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runCli } from '../../../companion/cli/run-cli.js';
import { pageNetwork } from '../../net/companion-fixture.js';

interface Run {
  readonly status: number;
  readonly text: string;
}

async function run(...args: string[]): Promise<Run> {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  const status = await runCli(args, { log: keep, error: keep }, Promise.resolve());
  return { status, text: lines.join('\n') };
}

describe('ims-companion', () => {
  it('serves, pairs, tells its status and revokes', async () => {
    const state = mkdtempSync(join(tmpdir(), 'ims-companion-cli-'));
    const there = ['--state', state];
    assert.equal((await run('status', ...there)).status, 1);

    const lines: string[] = [];
    let stop = (): void => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    const listening = new Promise<string>((resolve) => {
      const log = (line: string): void => {
        lines.push(line);
        const port = /^Listening at http:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
        if (port !== undefined) resolve(port);
      };
      void runCli(['serve', '--port', '0', ...there], { log, error: log }, stopped).then((status) =>
        lines.push(`${status}`),
      );
    });
    const port = await listening;
    assert.match(lines.join('\n'), /code into the page within five minutes: \w{4}-\w{4}/);

    const pairing = await run('pair', '--allow', 'loopback', ...there);
    const code = /: (\w{4}-\w{4})$/.exec(pairing.text)?.[1] ?? '';
    const page = pageNetwork(`ws://127.0.0.1:${port}`);
    await page.pair(code);
    await page.interfaces();

    const status = await run('status', ...there);
    assert.equal(status.status, 0);
    assert.match(status.text, /https:\/\/phone\.example\.test .* loopback, may listen/);
    const { pages } = JSON.parse((await run('status', '--json', ...there)).text) as { pages: { origin: string }[] };
    assert.deepEqual(
      pages.map(({ origin }) => origin),
      ['https://phone.example.test'],
    );

    const gone = new Promise<void>((resolve) => page.on('state', ({ state: now }) => now === 'unpaired' && resolve()));
    assert.equal((await run('revoke', 'https://phone.example.test', ...there)).status, 0);
    await gone; // another process took it back; the running one notices
    assert.equal((await run('revoke', 'https://phone.example.test', ...there)).status, 1);

    stop();
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(lines.at(-1), '0');
    assert.equal((await run('status', ...there)).status, 1);
    page.close();
    rmSync(state, { recursive: true });
  });

  it('says how it is used', async () => {
    for (const args of [[], ['dance'], ['serve', '--nonsense'], ['revoke']]) {
      const state = ['--state', join(tmpdir(), 'ims-companion-usage')];
      const { status, text } = await run(...args, ...state);
      assert.equal(status, 2, args.join(' '));
      assert.match(text, /ims-companion serve/);
    }
    rmSync(join(tmpdir(), 'ims-companion-usage'), { recursive: true, force: true });
    assert.equal((await run('--help')).status, 0);
  });

  it('refuses what makes no sense', async () => {
    const state = mkdtempSync(join(tmpdir(), 'ims-companion-cli-'));
    assert.match(
      (await run('pair', '--allow', 'everything', '--state', state)).text,
      /Not a destination rule: everything/,
    );
    assert.match((await run('serve', '--port', '99999', '--state', state)).text, /Not a port/);
    rmSync(state, { recursive: true });
  });
});
