/**
 * Boots a kernel with ESP beside a P-CSCF with IPsec and two namespaces for user agents, and runs inside.ts there.
 *
 *   node --import tsx test/interop/esp/esp.ts [NAME...]     checks whose name contains one of these
 *
 * `dist/` is needed: build first. So is Chromium, for the page.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kamailio } from '../peers/kamailio.js';
import { bundle, countOf, exitWith, guestEnvironment } from './espvm.js';

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
  const agent = await bundle('agent');
  const page = await bundle('page-process');
  const inside = await bundle('inside');
  const child = spawn(script, ['-t', String(seconds), '--', process.execPath, inside, ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...guestEnvironment(),
      ESPVM_LIVE: '1',
      IC_IPSEC_MAX: String(ports),
      ESP_AGENT: agent,
      ESP_PAGE: page,
      ESP_WASM: join(process.cwd(), 'dist', 'wasm'),
    },
  });
  return countOf(child.stdout, new Promise((resolve) => child.once('close', () => resolve())));
}

if (process.argv[1] === import.meta.filename) exitWith(await runInGuest(process.argv.slice(2)));
