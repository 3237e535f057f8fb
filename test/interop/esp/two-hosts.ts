import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';

/** Two network namespaces with a wire between them. */
export const HOSTS = {
  ue: { v4: '10.9.0.1', v6: 'fd09::1' },
  pcscf: { v4: '10.9.0.2', v6: 'fd09::2' },
} as const;
export type Host = keyof typeof HOSTS;

export function ip(...args: string[]): string {
  return execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

export function connectHosts(): void {
  // The guest loads no module by itself.
  spawnSync('modprobe', ['-a', 'ah4', 'ah6']);
  for (const host of ['ue', 'pcscf']) {
    ip('netns', 'add', host);
    ip('-n', host, 'link', 'set', 'lo', 'up');
  }
  ip('link', 'add', 'wire0', 'netns', 'ue', 'type', 'veth', 'peer', 'name', 'wire1', 'netns', 'pcscf');
  for (const [host, device] of [['ue', 'wire0'], ['pcscf', 'wire1']] as const) {
    ip('-n', host, 'addr', 'add', `${HOSTS[host].v4}/24`, 'dev', device);
    ip('-n', host, 'addr', 'add', `${HOSTS[host].v6}/64`, 'dev', device, 'nodad');
    ip('-n', host, 'link', 'set', device, 'up');
  }
} // prettier-ignore

/** `ip -batch` lines, one process each. */
export function applyLines(host: Host, lines: readonly string[]): void {
  for (const line of lines)
    execFileSync('ip', ['-n', host, '-batch', '-'], { input: `${line}\n`, stdio: ['pipe', 'ignore', 'pipe'] });
}

export function flushXfrm(host: Host): void {
  ip('-n', host, 'xfrm', 'policy', 'flush');
  ip('-n', host, 'xfrm', 'state', 'flush');
}

/** A process in a namespace, until its first line. */
export async function startIn(host: Host, program: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('ip', ['netns', 'exec', host, program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (status) => reject(new Error(`${program} ended: ${status}`)));
  });
  return child;
}

/** A P-CSCF that answers every request by UDP and TCP with 200 and as many octets; ESP in UDP goes to the kernel. */
export const ANSWERER = `
import socket, sys, threading
address, ports = sys.argv[1], [int(p) for p in sys.argv[2:]]
family = socket.AF_INET6 if ':' in address else socket.AF_INET
def answer(text):
    head = b'SIP/2.0 200 OK\\r\\n'
    return head + text[len(head):]
def udp(s):
    while True:
        text, who = s.recvfrom(65535); s.sendto(answer(text), who)
def tcp(s):
    while True:
        c, who = s.accept(); c.sendall(answer(c.recv(65535))); c.close()
nat = socket.socket(family, socket.SOCK_DGRAM); nat.bind((address, 4500)); nat.setsockopt(socket.IPPROTO_UDP, 100, 2)
for port in ports:
    u = socket.socket(family, socket.SOCK_DGRAM); u.bind((address, port)); threading.Thread(target=udp, args=(u,), daemon=True).start()
    t = socket.socket(family, socket.SOCK_STREAM); t.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); t.bind((address, port)); t.listen(); threading.Thread(target=tcp, args=(t,), daemon=True).start()
print('ready', flush=True)
sys.stdin.read()
`;
