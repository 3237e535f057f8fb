import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { guestEnvironment } from './esp/espvm.js';
import { Kamailio } from './peers/kamailio.js';

const NEEDED = ['kamailio', 'kamcmd', 'mariadbd', 'baresip', 'sipp', 'openssl'];
/** The lab itself does without these: programs, and the packages that bring them. */
const TOOLS = new Map([
  ['ffmpeg', ['ffmpeg', 'libavcodec-extra']],
  ['toast', ['libgsm-tools']],
  ['speexdec', ['speex']],
  ['linphonec', ['linphone-cli']],
]);

/** Installs the Debian packages of the peers, where something is missing and we may. */
export function ensurePeers(): void {
  const missing = (): string[] => NEEDED.filter((name) => !isThere(name));
  ensureTools();
  if (missing().length === 0) return;
  if (process.getuid?.() !== 0)
    throw new Error(`Missing: ${missing().join(', ')}. Run ${Kamailio.lab}/install.sh as root.`);
  console.log(`Installing the peers (${missing().join(', ')} missing).`);
  execFileSync(join(Kamailio.lab, 'install.sh'), { stdio: ['ignore', 'ignore', 'inherit'] });
  const still = missing();
  if (still.length > 0) throw new Error(`${Kamailio.lab}/install.sh did not bring ${still.join(', ')}.`);
}

function ensureTools(): void {
  const packages = [...TOOLS].flatMap(([name, wanted]) => (isThere(name) ? [] : wanted));
  if (isThere('ffmpeg') && !/libopencore_amrnb/.test(output('ffmpeg', ['-v', 'error', '-decoders'])))
    packages.push('libavcodec-extra');
  install(packages);
}

/** The IKE daemon that checks by ipsec-ike run in a guest, and its control program, where they are missing and we may. */
export function ensureStrongswan(): void {
  if (['charon-systemd', 'swanctl'].every(isThere)) return;
  install(['charon-systemd', 'strongswan-swanctl', 'libstrongswan-standard-plugins']);
}

function install(packages: readonly string[]): void {
  if (packages.length === 0) return;
  if (process.getuid?.() !== 0) throw new Error(`Missing: ${packages.join(', ')}. Install them as root.`);
  console.log(`Installing ${packages.join(', ')}.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
  const wanted = ['--no-install-recommends', ...packages];
  execFileSync('apt-get', ['install', '-y', '-qq', ...wanted], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

function output(command: string, args: readonly string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout;
}

/**
 * Boots the lab's guest kernel once, which brings its packages.
 *
 * @returns why there is none here; null: there is
 */
export function guestTrouble(): string | null {
  const script = join(Kamailio.lab, '..', 'espvm', 'espvm.sh');
  if (!existsSync(script)) return `there is no ${script}`;
  if (process.getuid?.() !== 0) return 'only root may set up its network';
  const { status, stderr } = spawnSync(script, ['-t', '300', '--', 'true'], {
    encoding: 'utf8',
    env: guestEnvironment(),
  });
  return status === 0 ? null : `it does not boot: ${stderr.trim().split('\n')[0] ?? ''}`;
}

function isThere(name: string): boolean {
  return (
    spawnSync('sh', ['-c', `command -v ${name}`], {
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    }).status === 0
  );
}
