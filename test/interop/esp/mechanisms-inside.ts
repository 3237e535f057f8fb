/** Runs in the guest kernel of espvm.sh: see mechanisms.ts. Arguments: parts of check names; none: all. */
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { NodeNetwork } from '../../../companion/native/node-network.js';
import { xfrmSteps } from '../../../companion/native/ipsec/xfrm-commands.js';
import {
  ENCRYPTION_ALGORITHMS,
  ENCRYPTION_KEY_OCTETS,
  INTEGRITY_ALGORITHMS,
  INTEGRITY_KEY_OCTETS,
  type EncryptionAlgorithm,
  type SecurityAssociationSet,
} from '../../../src/net/ipsec.js';
import { NetworkError } from '../../../src/net/network.js';
import { manScript } from '../../../tools/cli/man-command.js';
import { Suite } from '../suite.js';
import { ANSWERER, applyLines, connectHosts, flushXfrm, HOSTS, ip, startIn } from './two-hosts.js';

const run = promisify(execFile);
const PORT = 6100;
const OWN_PORT = 20000;

/** The same set as the other end has it. */
function mirrored(set: SecurityAssociationSet): SecurityAssociationSet {
  const ports = set.ports.map(({ localPort, remotePort, spiIn, spiOut }) => ({
    localPort: remotePort,
    remotePort: localPort,
    spiIn: spiOut,
    spiOut: spiIn,
  }));
  return { ...set, local: set.remote, remote: set.local, ports };
}

/** What the UE's process does: a set through NodeNetwork, requests of some sizes over it. One line of JSON. */
async function ue(set: SecurityAssociationSet): Promise<void> {
  const network = new NodeNetwork();
  const socket = await network.bindUdp({ address: set.local, port: OWN_PORT });
  const installed = await network.ipsec.install(set);
  const answers: (number | null)[] = [];
  for (const size of [100, 1300, 5000, 20_000]) {
    const text = `OPTIONS sip:pcscf SIP/2.0\r\n\r\n`.padEnd(size, 'x');
    socket.send(new TextEncoder().encode(text), { address: set.remote, port: PORT });
    answers.push(
      await new Promise((resolve) => {
        const timer = setTimeout(() => resolve(null), 3000);
        socket.onMessage = (data) => {
          clearTimeout(timer);
          resolve(new TextDecoder().decode(data).startsWith('SIP/2.0 200 OK') ? data.length : 0);
        };
      }),
    );
  }
  await installed.remove();
  network.close();
  console.log(JSON.stringify(answers));
}

async function tunnels(): Promise<void> {
  for (const family of ['v4', 'v6'] as const) {
    const [local, remote] = [HOSTS.ue[family], HOSTS.pcscf[family]];
    const pcscf = await startIn('pcscf', 'python3', ['-c', ANSWERER, remote, String(PORT)]);
    for (const integrity of INTEGRITY_ALGORITHMS) {
      for (const encryption of ENCRYPTION_ALGORITHMS) {
        await suite.check(
          `UDP-enc-tun with the kernel at the other end, IP${family} ${integrity} ${encryption}`,
          async () => {
            const set: SecurityAssociationSet = {
              local,
              remote,
              protocol: 'esp',
              mode: 'UDP-enc-tun',
              integrity,
              encryption,
              integrityKey: Uint8Array.from({ length: INTEGRITY_KEY_OCTETS[integrity] }, (_, i) => i + 1),
              encryptionKey: Uint8Array.from({ length: ENCRYPTION_KEY_OCTETS[encryption] }, (_, i) => 50 + 5 * i),
              ports: [{ localPort: OWN_PORT, remotePort: PORT, spiIn: 0x1001, spiOut: 0x2001 }],
            };
            const lines = xfrmSteps({ ...mirrored(set), mode: 'tun' }).map(({ add }) =>
              add.startsWith('xfrm state')
                ? `${add} encap espinudp 4500 4500 ${family === 'v4' ? '0.0.0.0' : '::'}`
                : add,
            );
            applyLines('pcscf', lines);
            try {
              const answers = await asUe('tunnel', set);
              assert.deepEqual(answers, [100, 1300, 5000, 20_000]);
              return 'up to 20,000 octets answered';
            } finally {
              flushXfrm('pcscf');
            }
          },
        );
      }
    }
    pcscf.kill();
  }
}

/** @returns the line of JSON that the UE's process printed */
async function asUe(job: string, set: SecurityAssociationSet): Promise<unknown> {
  const text = printSet(set);
  const { stdout } = await run('ip', [
    'netns',
    'exec',
    'ue',
    process.execPath,
    process.argv[1] ?? '',
    '--ue',
    job,
    text,
  ]);
  return JSON.parse(stdout) as unknown;
}

/** UDP and TCP between the two ports of ipsec-man; null: no answer. */
const ASK = `
import socket, sys
own, port, peer, peer_port = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind((own, port)); u.settimeout(2)
try:
    u.sendto(b'OPTIONS sip:pcscf SIP/2.0', (peer, peer_port)); print(u.recv(100)[:14].decode())
    t = socket.socket(); t.settimeout(4); t.bind((own, port)); t.connect((peer, peer_port))
    t.sendall(b'OPTIONS sip:pcscf SIP/2.0'); print(t.recv(100)[:14].decode())
    # The other end hangs up first: this port is needed again before TIME_WAIT would end.
    while t.recv(100): pass
except OSError as error: print('silence')
`;

function ciphersOf(mode: 'trans' | 'tun', protocol: 'esp' | 'ah'): readonly EncryptionAlgorithm[] {
  if (protocol === 'ah') return ['null'];
  return mode === 'tun' ? ['aes-cbc'] : ENCRYPTION_ALGORITHMS;
}

/** Scripts of `npx ims ipsec-man`, run at both ends by who they are for. */
async function byHand(setkey: string): Promise<void> {
  const [local, remote] = [HOSTS.ue.v4, HOSTS.pcscf.v4];
  const [localPort, remotePort] = [15060, 15061];
  const pcscf = await startIn('pcscf', 'python3', ['-c', ANSWERER, remote, String(remotePort)]);
  const runScript = (host: 'ue' | 'pcscf', text: string, program: string): void => {
    const file = `/tmp/${host}.script`;
    writeFileSync(file, text);
    execFileSync('ip', ['netns', 'exec', host, program, ...(program === 'sh' ? [] : ['-f']), file]);
  };
  const ask = async (): Promise<string> => {
    const args = ['-c', ASK, local, String(localPort), remote, String(remotePort)];
    return (await run('ip', ['netns', 'exec', 'ue', 'python3', ...args])).stdout.trim().replaceAll('\n', ', ');
  };
  const programs = [['ip xfrm', 'sh'], ...(setkey === '' ? [] : [['setkey', setkey]])] as const;
  for (const mode of ['trans', 'tun'] as const) {
    for (const protocol of ['esp', 'ah'] as const) {
      for (const encryption of ciphersOf(mode, protocol)) {
        const file = '/tmp/man.json';
        const keys = {
          integrityKey: '5a'.repeat(20),
          encryptionKey: 'a4b7'.repeat(ENCRYPTION_KEY_OCTETS[encryption] / 2),
        };
        const ends = { localPort, remotePort, spiIn: 4096, spiOut: 4097 };
        writeFileSync(
          file,
          JSON.stringify({ ...ends, ...keys, integrity: 'hmac-sha-1-96', encryption, mode, protocol }),
        );
        for (const [name, program] of programs) {
          await suite.check(
            `ipsec-man by ${name} at one end, ip xfrm at the other: ${protocol} ${mode} ${encryption}`,
            async () => {
              const options = { file, local, remote, setkey: program !== 'sh', peer: false, remove: false };
              try {
                runScript('ue', manScript(options), program);
                assert.equal(await ask(), 'silence', 'one end alone');
                runScript('pcscf', manScript({ ...options, setkey: false, peer: true }), 'sh');
                assert.equal(await ask(), 'SIP/2.0 200 OK, SIP/2.0 200 OK');
                runScript('ue', manScript({ ...options, remove: true }), program);
                runScript('pcscf', manScript({ ...options, setkey: false, peer: true, remove: true }), 'sh');
                for (const host of ['ue', 'pcscf'])
                  assert.equal(ip('-n', host, 'xfrm', 'state') + ip('-n', host, 'xfrm', 'policy'), '');
                return 'UDP and TCP';
              } finally {
                flushXfrm('ue');
                flushXfrm('pcscf');
              }
            },
          );
        }
      }
    }
  }
  pcscf.kill();
}

/** A set in transport mode, put in force and taken away by the process of a user who is nobody. */
async function leastPrivilege(): Promise<void> {
  const set: SecurityAssociationSet = {
    local: HOSTS.ue.v4,
    remote: HOSTS.pcscf.v4,
    protocol: 'esp',
    mode: 'trans',
    integrity: 'hmac-sha-1-96',
    encryption: 'aes-cbc',
    integrityKey: new Uint8Array(20).fill(7),
    encryptionKey: new Uint8Array(16).fill(8),
    ports: [{ localPort: OWN_PORT, remotePort: PORT, spiIn: 0x1001, spiOut: 0x2001 }],
  };
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const right = ['--bounding-set=-all,+net_admin', '--inh-caps=-all,+net_admin', '--ambient-caps=-all,+net_admin'];
  const all = 'in force: 2 + 2, then 0 + 0';
  await suite.check(
    'least privilege as in ims-companion.service: nobody with ambient CAP_NET_ADMIN and no new privileges',
    async () => {
      assert.equal(await held(set, [...nobody, ...right, '--no-new-privs']), all);
      return all;
    },
  );
  const helper = '/dev/shm/ims-xfrm-helper';
  await suite.check(
    'least privilege by ims-xfrm-helper: nobody without any right, the helper has CAP_NET_ADMIN',
    async () => {
      execFileSync('cc', [
        '-O2',
        '-Wall',
        '-Wextra',
        '-Werror',
        '-o',
        helper,
        'companion/native/ipsec/ims-xfrm-helper.c',
      ]);
      execFileSync('setcap', ['cap_net_admin+ep', helper]);
      assert.equal(await held(set, ['env', `IMS_XFRM_HELPER=${helper}`, ...nobody]), all);
      for (const line of [
        'xfrm state flush',
        'link set lo down',
        'xfrm state add src 1.1.1.1 dst $(id)',
        'xfrm state add a\nxfrm state flush',
      ]) {
        const { status } = spawnSync('ip', ['netns', 'exec', 'ue', ...nobody, helper], { input: `${line}\n` });
        assert.equal(status, 64, line);
      }
      return `${all}; refuses to flush`;
    },
  );
  await suite.check('least privilege, none: the failure says CAP_NET_ADMIN', async () => {
    assert.match(await held(set, nobody), /ipsec-denied.*CAP_NET_ADMIN is missing/);
    return undefined;
  });
}

/** What that process does: puts it in force, says so, takes it away when it is told to. */
async function kernel(set: SecurityAssociationSet): Promise<void> {
  const network = new NodeNetwork();
  try {
    const installed = await network.ipsec.install(set);
    console.log('in force');
    await once(process.stdin, 'data');
    await installed.remove();
  } catch (error) {
    console.log(error instanceof NetworkError ? `${error.reason} ${error.message}` : String(error));
  }
}

/** @returns what the process said, and what the kernel had while it held the set, and after */
async function held(set: SecurityAssociationSet, prefix: readonly string[]): Promise<string> {
  const [program, ...args] = [...prefix, process.execPath, process.argv[1] ?? '', '--ue', 'kernel', printSet(set)];
  const child = spawn('ip', ['netns', 'exec', 'ue', program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const counts = (): string =>
    ['state', 'policy'].map((what) => ip('-n', 'ue', 'xfrm', what).match(/^src/gm)?.length ?? 0).join(' + ');
  const exited = once(child, 'exit');
  child.stdin.on('error', () => undefined);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const during = counts();
  child.stdin.end('end\n');
  await exited;
  return `${line.toString().trim()}: ${during}, then ${counts()}`;
}

function printSet(set: SecurityAssociationSet): string {
  return JSON.stringify(set, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value));
}

if (process.argv[2] === '--ue') {
  const set = JSON.parse(process.argv[4] ?? '') as SecurityAssociationSet;
  const { integrityKey, encryptionKey } = set;
  await (process.argv[3] === 'kernel' ? kernel : ue)({
    ...set,
    integrityKey: Uint8Array.from(integrityKey),
    encryptionKey: Uint8Array.from(encryptionKey),
  });
  process.exit(0);
}
const setkey = (process.argv[2] ?? '').replace('--setkey=', '');
const names = process.argv.slice(3);
const suite = new Suite(names);
connectHosts();
if (names.length === 0 || names.some((name) => name.startsWith('ipsec-man'))) await byHand(setkey);
if (names.length === 0 || names.some((name) => name.startsWith('least'))) await leastPrivilege();
if (names.length === 0 || names.some((name) => name.startsWith('UDP'))) await tunnels();
console.log(suite.summary());
process.exit(suite.failed === 0 && suite.passed > 0 ? 0 : 1);
