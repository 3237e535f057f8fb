/**
 * Boots a kernel with ESP and runs mechanisms-inside.ts there: what needs no P-CSCF.
 *
 *   node --import tsx test/interop/esp/mechanisms.ts [NAME...]     checks whose name contains one of these
 *
 * The variable SETKEY names the program of ipsec-tools, which Debian 12 has no more (the sources of
 * github.com/rdratlos/racoon-ipsec-tools have it); without it the six checks by setkey are left out.
 */
import { exitWith, runUnderEsp } from './espvm.js';

/** Seconds that the guest may run. */
const LIMIT = 900;

exitWith(
  await runUnderEsp('mechanisms-inside', [`--setkey=${process.env['SETKEY'] ?? ''}`, ...process.argv.slice(2)], LIMIT),
);
