import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { variable } from './guest.js';
import { NamespaceShell } from './namespace-shell.js';
import type { Stage } from './stage.js';

export const PCSCF_V6 = 'fd77::1';
/** As Kamailio prints it: the P-CSCF looks for its sockets by what it was told. */
const PCSCF_V6_LONG = 'fd77:0:0:0:0:0:0:1';
export const UE_V6 = ['fd77:1::2', 'fd77:2::2'] as const;

/** Gives the core and the two user agents IPv6 addresses, and lets the core forward. */
export async function giveAddresses({ shells }: Pick<Stage, 'shells'>): Promise<void> {
  const core = new NamespaceShell(variable('ESP_NS_CORE'));
  await core.run(`echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; ip addr replace ${PCSCF_V6}/128 dev lo nodad`);
  for (const [i, shell] of shells.entries()) {
    const net = i + 1;
    await core.run(`ip addr replace fd77:${net}::1/64 dev ic${net} nodad`);
    await shell.run(
      `ip addr replace ${UE_V6[i] ?? ''}/64 dev ue${net} nodad; ip -6 route replace default via fd77:${net}::1`,
    );
  }
  core.close();
}

/**
 * The configuration of the lab's P-CSCF, for user agents that have IPv6 alone: towards them it listens, protects and
 * record-routes with its IPv6 address, towards the rest of the core, which has IPv4, everything stays.
 *
 * @throws Error where the lab's configuration is not what is expected
 */
export function configureForV6(configuration: string, v4: string): string {
  const changes: readonly (readonly [string, string])[] = [
    // Else Kamailio does not take an IPv6 address for what it is, once its DNS cache is up.
    ['enable_tls=yes\n', 'enable_tls=yes\ndns_try_ipv6=yes\n'],
    [`listen=udp:${v4}:5060\n`, `listen=udp:${v4}:5060\nlisten=udp:[${PCSCF_V6}]:5060\n`],
    [`listen=tcp:${v4}:5060\n`, `listen=tcp:${v4}:5060\nlisten=tcp:[${PCSCF_V6}]:5060\n`],
    [
      '"ipsec_listen_addr", ',
      `"ipsec_listen_addr6", "${PCSCF_V6_LONG}")\nmodparam("ims_ipsec_pcscf", "ipsec_listen_addr", `,
    ],
    // An address in a URI, and in what is looked up by the host of a URI, stands in brackets.
    ['@" + $si + ":5060', '@[" + $si + "]:5060'],
    ['<sip:$si:$sp>', '<sip:[$si]:$sp>'],
    ['sa=>$si:$sp', 'sa=>[$si]:$sp'],
    ['sa=>$T_req($si):', 'sa=>[$T_req($si)]:'],
    [`$var(rr) = "${v4}:"`, `$var(rr) = "[${PCSCF_V6}]:"`],
    // What the P-CSCF itself says of the access network that it was told.
    [
      'route[REGISTER] {',
      'route[REGISTER] {\n\txlog("L_WARN", "REGISTER protected=$var(sec) access=$hdr(P-Access-Network-Info)\\n");',
    ],
    // The Path that the S-CSCF comes back by.
    ['add_path_received("sec")', `append_hf("Path: <sip:sec@${v4}:5060;lr>\\r\\n")`],
  ];
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the P-CSCF's configuration has no ${from}`);
    return text.replaceAll(from, to);
  }, configuration);
}

/** What the P-CSCF of {@link configureForV6} heard of the access network, REGISTER by REGISTER. */
export function accessHeard(): readonly string[] {
  const log = readFileSync(join(variable('IC_RUN'), 'log', 'pcscf.log'), 'utf8');
  return log.match(/protected=\d access=\S*/g) ?? [];
}

/** The lab's P-CSCF with another configuration, in its place. */
export async function restartPcscf(change: (configuration: string) => string): Promise<void> {
  const run = variable('IC_RUN');
  const file = join(run, 'etc', 'pcscf-changed.cfg');
  writeFileSync(file, change(readFileSync(join(run, 'etc', 'pcscf.cfg'), 'utf8')));
  const pidFile = join(run, 'pid', 'pcscf');
  const pid = Number(readFileSync(pidFile, 'utf8'));
  process.kill(pid, 'SIGTERM');
  while (existsSync(`/proc/${pid}`)) await new Promise((resolve) => setTimeout(resolve, 100));
  const kamailio = [
    'kamailio',
    '-DD',
    '-E',
    '-f',
    file,
    '-Y',
    run,
    '-m',
    '64',
    '-M',
    '16',
    '-w',
    run,
    '-A',
    'WITH_IPSEC',
  ];
  const log = join(run, 'log', 'pcscf.log');
  const fixed = join(run, 'fix3des.so');
  const child = spawn(
    'ip',
    [
      'netns',
      'exec',
      variable('ESP_NS_CORE'),
      'sh',
      '-c',
      `${existsSync(fixed) ? `LD_PRELOAD=${fixed} ` : ''}exec "$@" >>${log} 2>&1`,
      'sh',
      ...kamailio,
    ],
    { stdio: 'ignore', detached: true },
  );
  writeFileSync(pidFile, String(child.pid));
  const control = `unix:${join(run, 'pcscf.ctl')}`;
  for (let i = 0; ; i++) {
    try {
      execFileSync('kamcmd', ['-s', control, 'core.uptime'], { stdio: 'ignore' });
      return;
    } catch {
      if (i > 100 || child.exitCode !== null)
        throw new Error(`the P-CSCF did not start:\n${readFileSync(log, 'utf8').slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
