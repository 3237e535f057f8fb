import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import type { Account } from '../../../src/ims/account.js';
import type { SecurityPolicy } from '../../../src/ims/security/index.js';
import { AgentProcess } from './agent-process.js';

const run = promisify(execFile);

/** A variable that esp-core.sh sets. @throws Error outside of it */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run by test/interop/esp/esp.ts`);
  return value;
}

export type Ue = 1 | 2;
export const PCSCF = variable('ESP_PCSCF');

export function addressOf(ue: Ue): string {
  return variable(`ESP_UE${ue}_ADDR`);
}

export function identityOf(ue: Ue): string {
  return variable(`ESP_UE${ue}_IMPU`);
}

export function account(ue: Ue, transport: 'udp' | 'tcp', security: SecurityPolicy): Account {
  return {
    publicIdentity: identityOf(ue),
    privateIdentity: variable(`ESP_UE${ue}_IMPI`),
    domain: variable('ESP_DOMAIN'),
    proxy: `sip:${PCSCF}:${variable('ESP_PCSCF_PORT')};transport=${transport}`,
    // The P-CSCF takes a first REGISTER from another port for a re-registration.
    localPort: 5060,
    localAddress: addressOf(ue),
    expires: 600,
    aka: { k: variable(`ESP_UE${ue}_K`), op: variable(`ESP_UE${ue}_OP`) },
    security,
  };
}

/** @param prefix a program that starts the agent, with its arguments */
export function agent(ue: Ue, prefix: readonly string[] = []): AgentProcess {
  return new AgentProcess(`ue${ue}`, variable('ESP_AGENT'), prefix);
}

export async function start(
  ue: AgentProcess,
  of: Account,
  through: 'node' | 'companion' = 'node',
  state = `/tmp/${ue.namespace}-state`,
): Promise<void> {
  await ue.tell({ do: 'start', account: of, through, wasm: variable('ESP_WASM'), state });
}

/** States and policies in the kernel of a namespace. */
export function kernelCounts(namespace: string): { readonly states: number; readonly policies: number } {
  const ask = (what: string): number[] =>
    (execFileSync('ip', ['-n', namespace, 'xfrm', what, 'count']).toString().match(/\d+/g) ?? []).map(Number);
  return { states: ask('state')[0] ?? 0, policies: ask('policy').reduce((sum, count) => sum + count, 0) };
}

/** Everything on the wire of a UE. */
export class Capture {
  readonly #file: string;
  readonly #child: ChildProcess;
  private constructor(namespace: string) {
    this.#file = `/tmp/${namespace}-${Date.now()}.pcap`;
    const args = ['netns', 'exec', namespace, 'tcpdump', '-U', '-Z', 'root', '-i', namespace, '-w', this.#file, 'ip'];
    this.#child = spawn('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  static async start(namespace: string): Promise<Capture> {
    const capture = new Capture(namespace);
    await new Promise<void>((resolve, reject) => {
      capture.#child.stderr?.on('data', (text: Buffer) => text.toString().includes('listening') && resolve());
      capture.#child.once('exit', () => reject(new Error('tcpdump did not start')));
    });
    return capture;
  }

  /** Ends it. @returns of the packets to and from the P-CSCF that carry something: ESP, and in clear after the first 401 */
  async stop(): Promise<{ readonly esp: number; readonly clear: readonly string[] }> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGINT');
    await ended;
    const { stdout } = await run('tcpdump', ['-Z', 'root', '-nn', '-tt', '-A', '-r', this.#file, 'host', PCSCF], {
      maxBuffer: 64 << 20,
    });
    const packets = stdout.split(/^(?=\d{9,}\.\d+ IP )/m);
    const first401 = packets.findIndex((packet) => packet.includes('SIP/2.0 401'));
    if (first401 < 0) throw new Error('no 401 in the capture');
    const clear = packets.slice(first401 + 1).filter((packet) => {
      const [head = ''] = packet.split('\n');
      // A bare acknowledgement or end of the first TCP connection carries nothing.
      // The later fragments of a packet have no SPI to show.
      return !/ESP\(|ip-proto-50\b/.test(head) && !/length 0\b/.test(head);
    });
    return { esp: packets.filter((packet) => packet.includes('ESP(')).length, clear };
  }
}

/** A UDP datagram in clear with whatever source, past the policies of the sender: as an attacker on the link would. */
export async function forge(from: [string, number], to: [string, number], payload: string): Promise<void> {
  const script = `
import socket, struct, sys, subprocess, re
(sa, sp, da, dp, text) = (sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5].encode())
mac = lambda ns, dev: bytes.fromhex(re.search(r'link/ether ([0-9a-f:]+)', subprocess.run(['ip', '-n', ns, 'link', 'show', dev], capture_output=True, text=True).stdout)[1].replace(':', ''))
udp = struct.pack('!HHHH', sp, dp, 8 + len(text), 0) + text
head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, socket.inet_aton(sa), socket.inet_aton(da))
total = sum(struct.unpack('!10H', head)); total = (total & 0xffff) + (total >> 16); total = ~((total & 0xffff) + (total >> 16)) & 0xffff
head = head[:10] + struct.pack('!H', total) + head[12:]
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('ic1', 0))
s.send(mac('ue1', 'ue1') + mac('ic-core', 'ic1') + b'\\x08\\x00' + head + udp)
`;
  const address = [from[0], String(from[1]), to[0], String(to[1])];
  await run('ip', ['netns', 'exec', 'ic-core', 'python3', '-c', script, ...address, payload]);
}

/** What the kernel of a namespace threw away because a policy or an association said so. */
export function xfrmDrops(namespace: string): number {
  const text = execFileSync('ip', ['netns', 'exec', namespace, 'cat', '/proc/net/xfrm_stat']).toString();
  return [...text.matchAll(/^XfrmIn\S+\s+(\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}
