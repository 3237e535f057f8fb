/**
 * Boots a kernel with ESP and runs mechanisms-inside.ts there: what needs no P-CSCF.
 *
 *   node --import tsx test/interop/esp/mechanisms.ts [NAME...]     checks whose name contains one of these
 *
 * The variable SETKEY names the program of ipsec-tools, which Debian 12 has no more; without it one check is left out.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Kamailio } from '../peers/kamailio.js';

const FOLDER = join('build', 'esp');
/** Seconds that the guest may run. */
const LIMIT = 480;

const script = join(Kamailio.lab, '..', 'espvm', 'espvm.sh');
if (!existsSync(script)) throw new Error(`no ${script}`);
mkdirSync(FOLDER, { recursive: true });
const outfile = join(process.cwd(), FOLDER, 'mechanisms-inside.mjs');
await build({
  entryPoints: [join(import.meta.dirname, 'mechanisms-inside.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['ws'],
  outfile,
  logLevel: 'warning',
});
const child = spawn(
  script,
  [
    '-t',
    String(LIMIT),
    '-m',
    '1500',
    '--',
    process.execPath,
    outfile,
    `--setkey=${process.env['SETKEY'] ?? ''}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, ESPVM_LIVE: '1' } },
);
child.once('close', (status) => process.exit(status ?? 1));
