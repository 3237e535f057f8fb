import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PROGRAMS = ['/usr/sbin/charon-systemd', '/usr/sbin/swanctl'];
const PACKAGES = ['charon-systemd', 'strongswan-swanctl', 'libstrongswan-standard-plugins'];

/** The IKE daemon that checks by ipsec-ike run in a guest, and its control program, where they are missing and we may. */
export function ensureStrongswan(): void {
  const there = (): boolean => PROGRAMS.every((program) => existsSync(program));
  if (there()) return;
  console.log(`Installing ${PACKAGES.join(', ')}.`);
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...PACKAGES], { stdio: 'ignore' });
  if (!there()) throw new Error(`apt-get did not bring ${PROGRAMS.join(', ')}`);
}
