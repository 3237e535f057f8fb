/**
 * Boots a kernel with ESP and runs ike-inside.ts there: `ims register` by ipsec-ike, strongSwan at both ends, Kamailio as
 * the P-CSCF.
 *
 *   node --import tsx test/interop/esp/ike.ts [NAME...]     checks whose name contains one of these
 *
 * `dist/cli/ims.js` is needed: build first. So are the packages charon-systemd and strongswan-swanctl.
 */
import { join } from 'node:path';
import { exitWith, runUnderEsp } from './espvm.js';

/** Seconds that the guest may run. */
const LIMIT = 420;

/** @throws Error when the guest does not run */
export function runIke(names: readonly string[]): Promise<{ readonly passed: number; readonly failed: number }> {
  return runUnderEsp('ike-inside', [join(process.cwd(), 'dist', 'cli', 'ims.js'), ...names], LIMIT);
}

if (process.argv[1] === import.meta.filename) exitWith(await runIke(process.argv.slice(2)));
