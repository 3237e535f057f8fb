import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTS, ip, type Host } from './two-hosts.js';

export const FOLDER = '/tmp/ike';
export const SECRET = 'between us two';
export const ALICE = 'alice@ims.test';
/** Our protected port, and that of the P-CSCF. */
export const OWN_PORT = 15060;
export const PORT = 5060;

const MODULES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64'].map(
  (folder) => `${folder}/kamailio/modules/`,
);
const children: ChildProcess[] = [];

/** @returns the daemon's socket */
export function viciOf(host: Host): string {
  return `${FOLDER}/${host}.vici`;
}

/** strongSwan in both namespaces, and Kamailio as a P-CSCF that wants ipsec-ike. */
export async function startStage(): Promise<void> {
  // swanctl loads what lies in this folder beside its settings; the UE has its key from us.
  mkdirSync(`${FOLDER}/pcscf/private`, { recursive: true });
  mkdirSync(`${FOLDER}/ue`);
  makeCertificates();
  for (const host of ['ue', 'pcscf'] as const) await startDaemon(host);
  swanctl('pcscf', pcscfSettings());
  // Whom the peer's certificate has to be from is the daemon's to know.
  swanctl('ue', `authorities { ims { cacert = ${FOLDER}/ca.pem } }\n`);
  await startKamailio();
}

export function endStage(): void {
  for (const child of children) child.kill('SIGKILL');
}

async function startDaemon(host: Host): Promise<void> {
  const conf = `${FOLDER}/${host}.conf`;
  writeFileSync(
    conf,
    `charon-systemd {
  load_modular = yes
  retransmit_tries = 3
  retransmit_timeout = 2.0
  filelog { log { path = ${FOLDER}/${host}.log
    default = 1
    flush_line = yes } }
  plugins {
    include /etc/strongswan.d/charon/*.conf
    vici { socket = unix://${viciOf(host)} }
  }
}
`,
  );
  start(host, 'charon-systemd', [], { STRONGSWAN_CONF: conf });
  await until(`IKE daemon of ${host}`, () => existsSync(viciOf(host)), () => logOf(host));
} // prettier-ignore

/** What the daemon of a host logged, its end. */
export function logOf(host: Host): string {
  const file = `${FOLDER}/${host}.log`;
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-60).join('\n') : '';
}

function swanctl(host: Host, settings: string): void {
  const file = `${FOLDER}/${host}/swanctl.conf`;
  writeFileSync(file, settings);
  const args = ['--load-all', '--noprompt', '--uri', `unix://${viciOf(host)}`, '--file', file];
  execFileSync('ip', ['netns', 'exec', host, 'swanctl', ...args], { stdio: 'ignore' });
}

/** Makes the daemon of a host do something with what it has: `--rekey`, `--terminate`. */
export function order(host: Host, ...args: readonly string[]): void {
  execFileSync('ip', ['netns', 'exec', host, 'swanctl', ...args, '--uri', `unix://${viciOf(host)}`], {
    stdio: 'ignore',
  });
}

/** SPIs in the kernel of a host. */
export function spisOf(host: Host): readonly string[] {
  return ip('-n', host, 'xfrm', 'state').match(/spi 0x[0-9a-f]+/g) ?? [];
}

/** Two connections that differ in how the ends show who they are; the UE's name tells which. */
function pcscfSettings(): string {
  const common = `version = 2
    local_addrs = ${HOSTS.pcscf.v4}
    mobike = no
    children { sip { mode = transport
      local_ts = dynamic[udp/${PORT}], dynamic[tcp/${PORT}]
      remote_ts = dynamic[udp], dynamic[tcp] } }`;
  return `connections {
  secret { ${common}
    local { auth = psk
      id = pcscf.ims.test }
    remote { auth = psk
      id = ${ALICE} } }
  certificate { ${common}
    local { auth = pubkey
      certs = ${FOLDER}/pcscf.pem
      id = pcscf.ims.test }
    remote { auth = pubkey
      cacerts = ${FOLDER}/ca.pem } }
}
secrets {
  ike-alice { id-1 = ${ALICE}
    id-2 = pcscf.ims.test
    secret = "${SECRET}" }
}
`;
}

function makeCertificates(): void {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  const at = (name: string): string => join(FOLDER, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '30', '-subj', '/CN=IMS test authority', '-keyout', at('ca.key'), '-out', at('ca.pem'));
  for (const [name, alternative] of [['pcscf', 'DNS:pcscf.ims.test'], ['ue', `email:${ALICE}`]] as const) {
    openssl('req', '-new', ...key, '-subj', `/CN=${name}`, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`));
    writeFileSync(at('ext'), `subjectAltName=${alternative}\n`);
    if (name === 'pcscf') copyFileSync(at('pcscf.key'), at('pcscf/private/pcscf.key'));
    openssl('x509', '-req', '-in', at(`${name}.csr`), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '30', '-extfile', at('ext'), '-out', at(`${name}.pem`));
  }
} // prettier-ignore

async function startKamailio(): Promise<void> {
  const config = `${FOLDER}/kamailio.cfg`;
  writeFileSync(config, kamailioSettings(MODULES.find((path) => existsSync(path)) ?? ''));
  start('pcscf', 'kamailio', ['-DD', '-E', '-f', config, '-Y', FOLDER, '-m', '32', '-M', '8']);
  const listens = (): boolean => execFileSync('ip', ['netns', 'exec', 'pcscf', 'ss', '-lun']).includes(`:${PORT} `);
  await until('Kamailio', listens, () => '');
}

/** RFC 3329 §2.3: 494 with the list, then the list must come back; who is who by digest. */
function kamailioSettings(modules: string): string {
  const [first, second] = ['ipsec-ike;q=0.5', 'digest;q=0.1;d-alg=MD5;d-qop=auth'];
  return `#!KAMAILIO
log_stderror=yes
children=1
tcp_children=1
dns=no
rev_dns=no
auto_aliases=no
alias="ims.test"
listen=udp:${HOSTS.pcscf.v4}:${PORT}
listen=tcp:${HOSTS.pcscf.v4}:${PORT}
mpath="${modules}"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
request_route {
  if ($(hdr(Security-Verify)[0]) != "${first}" || $(hdr(Security-Verify)[1]) != "${second}") {
    append_to_reply("Security-Server: ${first}, ${second}\\r\\n");
    send_reply("494", "Security Agreement Required");
    exit;
  }
  if (!pv_www_authenticate("ims.test", "secret", "0")) www_challenge("ims.test", "1");
  else save("location");
}
`;
}

/** What the UE's kernel has besides the policies of its daemon's own sockets. */
export function kernelOf(host: Host): { readonly states: number; readonly policies: number } {
  const states = ip('-n', host, 'xfrm', 'state');
  const policies = ip('-n', host, 'xfrm', 'policy', 'list', 'nosock');
  const count = (text: string): number => text.match(/^src /gm)?.length ?? 0;
  return { states: count(states), policies: count(policies) };
}

/** Everything that passes on the wire of the UE. @returns ends it, and tells it: one line a packet */
export async function watchWire(): Promise<() => Promise<readonly string[]>> {
  let text = '';
  const args = ['-l', '-n', '-Z', 'root', '--immediate-mode', '-i', 'wire0', 'ip and (esp or udp or tcp)'];
  const child = spawn('ip', ['netns', 'exec', 'ue', 'tcpdump', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (data: Buffer) => data.toString().includes('listening') && resolve());
    child.once('exit', () => reject(new Error('tcpdump did not start')));
  });
  return async () => {
    const closed = once(child, 'close');
    child.kill('SIGINT');
    await closed;
    return text.split('\n');
  };
}

function start(host: Host, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const options = { stdio: ['ignore', 'ignore', 'ignore'] as ['ignore', 'ignore', 'ignore'], env: { ...process.env, PATH: path, ...env } };
  children.push(spawn('ip', ['netns', 'exec', host, program, ...args], options));
} // prettier-ignore

/** @param told said when it does not come about */
export async function until(what: string, holds: () => boolean, told: () => string, seconds = 60): Promise<void> {
  for (let i = 0; i < 5 * seconds; i++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no ${what} within ${seconds} s\n${told()}`);
}
