import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/**
 * Packets in clear with whatever source, past the policies of the sender: as an attacker on the link of UE 1 would.
 * Lines on standard input: protocol, source, its port, destination, its port, payload in hexadecimal.
 */
const SCRIPT = `
import socket, struct, sys, subprocess, re
mac = lambda ns, dev: bytes.fromhex(re.search(r'link/ether ([0-9a-f:]+)', subprocess.run(['ip', '-n', ns, 'link', 'show', dev], capture_output=True, text=True).stdout)[1].replace(':', ''))
link = mac('ue1', 'ue1') + mac('ic-core', 'ic1') + b'\\x08\\x00'
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('ic1', 0))
def checksum(octets):
    total = sum(struct.unpack('!%dH' % (len(octets) // 2), octets)); total = (total & 0xffff) + (total >> 16); return ~((total & 0xffff) + (total >> 16)) & 0xffff
print('ready', flush=True)
for line in sys.stdin:
    (protocol, sa, sp, da, dp, text) = line.split(' ')
    text = bytes.fromhex(text); ends = socket.inet_aton(sa) + socket.inet_aton(da)
    if protocol == 'udp': body = struct.pack('!HHHH', int(sp), int(dp), 8 + len(text), 0) + text
    else:
        syn = struct.pack('!HHIIBBHHH', int(sp), int(dp), 1, 0, 0x50, 2, 8192, 0, 0)
        body = syn[:16] + struct.pack('!H', checksum(ends + struct.pack('!HH', 6, len(syn)) + syn)) + syn[18:]
    head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(body), 1, 0, 64, 17 if protocol == 'udp' else 6, 0) + ends
    head = head[:10] + struct.pack('!H', checksum(head)) + head[12:]
    s.send(link + head + body)
    print('sent', flush=True)
`;

export class Forger {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  #waiting: (() => void) | null = null;

  private constructor() {
    this.#child = spawn('ip', ['netns', 'exec', 'ic-core', 'python3', '-c', SCRIPT], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout.on('data', () => this.#waiting?.());
  }

  static async start(): Promise<Forger> {
    const forger = new Forger();
    await new Promise<void>((resolve) => (forger.#waiting = resolve));
    return forger;
  }

  /** A UDP datagram. */
  datagram(from: [string, number], to: [string, number], payload: string): Promise<void> {
    return this.#send('udp', from, to, Buffer.from(payload).toString('hex'));
  }

  /** The first packet of a TCP connection. */
  syn(from: [string, number], to: [string, number]): Promise<void> {
    return this.#send('tcp', from, to, '');
  }

  close(): void {
    this.#child.stdin.end();
  }

  #send(protocol: string, from: [string, number], to: [string, number], payload: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#child.stdin.write(`${[protocol, ...from, ...to, payload].join(' ')}\n`);
    });
  }
}
