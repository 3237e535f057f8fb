/**
 * Boots a kernel with ESP and runs ike-inside.ts there: `ims register` by ipsec-ike, strongSwan at both ends, Kamailio as
 * the P-CSCF.
 *
 *   node --import tsx test/interop/esp/ike.ts [NAME...]     checks whose name contains one of these
 *
 * `dist/` is needed: build first. So are the packages charon-systemd and strongswan-swanctl.
 */
import { join } from 'node:path';
import { bundle, exitWith, runUnderEsp } from './espvm.js';

/** Seconds that the guest may run. */
const LIMIT = 420;

/** @throws Error when the guest does not run */
export async function runIke(names: readonly string[]): Promise<{ readonly passed: number; readonly failed: number }> {
  const built = join(process.cwd(), 'dist');
  const programs = [join(built, 'cli', 'ims.js'), await bundle('agent'), join(built, 'wasm')];
  return runUnderEsp('ike-inside', [...programs, ...names], LIMIT);
}

if (process.argv[1] === import.meta.filename) exitWith(await runIke(process.argv.slice(2)));
