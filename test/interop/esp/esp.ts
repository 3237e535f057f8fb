/**
 * Boots a kernel with ESP beside a P-CSCF with IPsec and two namespaces for user agents, and runs inside.ts there.
 *
 *   node --import tsx test/interop/esp/esp.ts [NAME...]     checks whose name contains one of these
 *
 * `dist/wasm` is needed: build first.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Kamailio } from '../peers/kamailio.js';

const FOLDER = join('build', 'esp');
/** Seconds that the guest may run. */
const LIMIT = Number(process.env['ESP_LIMIT'] ?? 900);
/** Client ports of the P-CSCF: a life takes three until they expire, and each makes its start longer. */
const PORTS = 60;

/** @returns what was printed, with the lines of the suite @throws Error when the guest does not run */
export async function runInGuest(
  names: readonly string[],
  { seconds = LIMIT, ports = PORTS }: { readonly seconds?: number; readonly ports?: number } = {},
): Promise<{ readonly passed: number; readonly failed: number }> {
  const script = join(Kamailio.lab, 'esp-core.sh');
  if (!existsSync(script)) throw new Error(`no ${script}`);
  mkdirSync(FOLDER, { recursive: true });
  const agent = await bundle('agent');
  const inside = await bundle('inside');
  const child = spawn(script, ['-t', String(seconds), '--', process.execPath, inside, ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ESPVM_LIVE: '1',
      IC_IPSEC_MAX: String(ports),
      ESP_AGENT: agent,
      ESP_WASM: join(process.cwd(), 'dist', 'wasm'),
    },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    process.stdout.write(data.toString().replace(/^\d+ passed, \d+ failed$/gm, 'guest: $&'));
  });
  await new Promise((resolve) => child.once('close', resolve));
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  if (passed === undefined) throw new Error('the guest did not end as it should');
  return { passed: Number(passed), failed: Number(failed) };
}

async function bundle(name: string): Promise<string> {
  const outfile = join(process.cwd(), FOLDER, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['ws'],
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}

if (process.argv[1] === import.meta.filename) {
  const { passed, failed } = await runInGuest(process.argv.slice(2));
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}
