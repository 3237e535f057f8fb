import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Kamailio } from '../peers/kamailio.js';
import { buildWholeXstate, needsWholeXstate } from './whole-xstate.js';

const FOLDER = join('build', 'esp');

/** A program of this folder as one file that Node runs in a guest. @returns its path */
export async function bundle(name: string): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const outfile = join(process.cwd(), FOLDER, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['ws', 'playwright-core'],
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}

/** What espvm.sh needs of the environment to boot its kernel here. @throws Error without a C compiler */
export function guestEnvironment(): NodeJS.ProcessEnv {
  if (!needsWholeXstate()) return process.env;
  const library = join(process.cwd(), FOLDER, 'whole-xstate.so');
  buildWholeXstate(library);
  return { ...process.env, LD_PRELOAD: library };
}

/**
 * Boots the kernel of espvm.sh and runs a program of this folder there, which ends with the line of a suite.
 *
 * @param seconds that the guest may run
 * @throws Error when it does not run
 */
export async function runUnderEsp(
  name: string,
  args: readonly string[],
  seconds: number,
): Promise<{ readonly passed: number; readonly failed: number }> {
  const script = join(Kamailio.lab, '..', 'espvm', 'espvm.sh');
  if (!existsSync(script)) throw new Error(`no ${script}`);
  const command = [process.execPath, await bundle(name), ...args];
  const child = spawn(script, ['-t', String(seconds), '-m', '1500', '--', ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...guestEnvironment(), ESPVM_LIVE: '1' },
  });
  return countOf(child.stdout, new Promise((resolve) => child.once('close', () => resolve())));
}

/** Shows what a guest prints, and finds its count. */
export async function countOf(
  stdout: NodeJS.ReadableStream,
  closed: Promise<void>,
): Promise<{ readonly passed: number; readonly failed: number }> {
  let output = '';
  stdout.on('data', (data: Buffer) => {
    output += data.toString();
    process.stdout.write(data.toString().replace(/^\d+ passed, \d+ failed$/gm, 'guest: $&'));
  });
  await closed;
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  if (passed === undefined) throw new Error('the guest did not end as it should');
  return { passed: Number(passed), failed: Number(failed) };
}

/** The end of a program of this folder that was started by itself. */
export function exitWith({ passed, failed }: { readonly passed: number; readonly failed: number }): never {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}
