/**
 * Boots a kernel with ESP and runs nat-inside.ts there: a user agent behind a NAT, at a P-CSCF with UDP-enc-tun.
 *
 *   node --import tsx test/interop/esp/nat.ts [NAME...]     checks whose name contains one of these
 *
 * `dist/wasm` is needed: build first. So is iptables.
 */
import { join } from 'node:path';
import { bundle, exitWith, runUnderEsp } from './espvm.js';

const LIMIT = 400;

const programs = [await bundle('agent'), await bundle('nat-pcscf'), join(process.cwd(), 'dist', 'wasm')];
exitWith(await runUnderEsp('nat-inside', [...programs, ...process.argv.slice(2)], LIMIT));
