import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { xfrmSteps } from '../../../companion/native/ipsec/xfrm-commands.js';
import type { InstalledSet, Ipsec, SecurityAssociationSet } from '../../../src/net/ipsec.js';

/** Takes UDP 4500 for the kernel's ESP (RFC 3948): UDP_ENCAP, UDP_ENCAP_ESPINUDP. */
const PORT_HOLDER = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((sys.argv[1], 4500)); s.setsockopt(socket.IPPROTO_UDP, 100, 2)
print('ready', flush=True)
sys.stdin.read()
`;

/**
 * The P-CSCF's end of UDP-enc-tun by Linux's kernel, in the namespace that this process is in. The UE is known inside the
 * tunnel by its own address, outside by what the NAT makes of it; the port that the NAT has chosen comes from the kernel, which
 * tells when it hears from another one than it knows.
 */
export class KernelEncapsulation implements Pick<Ipsec, 'install'> {
  /** The port that the NAT uses; null: not heard yet. */
  mapping: number | null = null;
  readonly #sets = new Set<readonly string[]>();

  private constructor(
    private readonly outer: string,
    private readonly children: readonly ChildProcess[],
  ) {}

  /** @param outer address of the NAT */
  static async start(local: string, outer: string): Promise<KernelEncapsulation> {
    const holder = spawn('python3', ['-c', PORT_HOLDER, local], { stdio: ['pipe', 'pipe', 'inherit'] });
    const monitor = spawn('ip', ['xfrm', 'monitor'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const encapsulation = new KernelEncapsulation(outer, [holder, monitor]);
    createInterface({ input: monitor.stdout }).on('line', (line) => {
      const port = /^Mapping change .*:(\d+)\s*$/i.exec(line)?.[1];
      if (port !== undefined) encapsulation.#moved(Number(port));
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    return encapsulation;
  }

  install(set: SecurityAssociationSet): Promise<InstalledSet> {
    const steps = xfrmSteps({ ...set, mode: 'tun' });
    const toOuter = (line: string): string => {
      const at = line.startsWith('xfrm state') ? 0 : line.indexOf(' tmpl ');
      return at < 0 ? line : line.slice(0, at) + line.slice(at).replaceAll(` ${set.remote} `, ` ${this.outer} `);
    };
    const added = steps.map(({ add }) => toOuter(add));
    ipBatch(added.map((line) => this.#encapsulated(line)));
    this.#sets.add(added);
    return Promise.resolve({
      remove: () => {
        if (this.#sets.delete(added)) ipBatch(steps.map(({ remove }) => toOuter(remove)).reverse());
        return Promise.resolve();
      },
    });
  }

  close(): void {
    for (const child of this.children) child.kill();
  }

  #encapsulated(line: string): string {
    if (!line.startsWith('xfrm state')) return line;
    const port = this.mapping ?? 4500;
    const isOut = line.includes(` dst ${this.outer} `);
    return `${line} encap espinudp ${isOut ? `4500 ${port}` : `${port} 4500`} 0.0.0.0`;
  }

  #moved(port: number): void {
    if (this.mapping === port) return;
    this.mapping = port;
    const states = [...this.#sets].flat().filter((line) => line.startsWith('xfrm state add'));
    ipBatch(states.map((line) => this.#encapsulated(line.replace('state add', 'state update'))));
  }
}

function ipBatch(lines: readonly string[]): void {
  execFileSync('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
}
