import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/**
 * Stands before a UDP peer and loses the first copy of every different message, in both
 * directions; retransmissions pass. Peers must name its `port` in Via and Contact.
 */
export class LossyRelay {
  /** First line of every message that was lost. */
  readonly lost: string[] = [];
  readonly passed: string[] = [];
  readonly #seen = new Set<string>();
  #client: RemoteInfo | null = null;

  private constructor(
    private readonly front: Socket,
    private readonly back: Socket,
    peer: { readonly address: string; readonly port: number },
    client: number | null,
  ) {
    if (client !== null) this.#client = { address: '127.0.0.1', port: client, family: 'IPv4', size: 0 };
    front.on('message', (data, from) => {
      this.#client = from;
      if (this.#survives('>', data)) back.send(data, peer.port, peer.address);
    });
    back.on('message', (data) => {
      if (this.#client && this.#survives('<', data)) front.send(data, this.#client.port, this.#client.address);
    });
  }

  /** @param client port of the other side, where the peer speaks first */
  static async open(peer: { address: string; port: number }, client: number | null = null): Promise<LossyRelay> {
    const [front, back] = await Promise.all([bind(), bind()]);
    return new LossyRelay(front, back, peer, client);
  }

  /** Where the side under test sends to, and what the peer calls itself. */
  get port(): number {
    return this.front.address().port;
  }

  /** Where the peer sends to when it speaks first. */
  get peerSidePort(): number {
    return this.back.address().port;
  }

  close(): void {
    this.front.close();
    this.back.close();
  }

  #survives(direction: string, data: Buffer): boolean {
    const text = data.toString('latin1');
    // Keep-alives carry no message.
    if (text.trim() === '') return true;
    const line = `${direction} ${text.slice(0, text.indexOf('\r\n'))}`;
    const key = direction + text;
    if (this.#seen.has(key)) {
      this.passed.push(line);
      return true;
    }
    this.#seen.add(key);
    this.lost.push(line);
    return false;
  }
}

function bind(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => resolve(socket));
  });
}
