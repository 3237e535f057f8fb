import { NetworkError } from '../../net/network.js';
import { randomUint32, type Random } from '../../platform/random.js';
import type { SipEndpoint } from '../sip/endpoint.js';
import type { ListeningPoint } from '../sip/transport/transport-layer.js';
import type { IpsecEnds } from './ipsec-parameters.js';

/** Ports that nobody is born with and no system gives away by itself. */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;
const ATTEMPTS = 16;
/** Client ports that are not taken again for a while: the peer may still hold associations for them. */
const REMEMBERED = 512;

/** Our side of one set of associations, not yet in force. */
export interface PreparedEnds extends IpsecEnds {
  readonly address: string;
  readonly client: ListeningPoint;
}

/** Opens our protected ports: one server port for good, a client port for each registration (TS 33.203 §7.4). */
export class ProtectedPorts {
  #server: { readonly udp: ListeningPoint; readonly tcp: ListeningPoint } | null = null;
  readonly #used = new Set<number>();

  constructor(
    private readonly endpoint: Pick<SipEndpoint, 'protection'>,
    private readonly random: Random,
  ) {}

  /** Both ports are bound before any association exists: an unbound one would answer in clear. @throws NetworkError */
  async prepare(address: string): Promise<PreparedEnds> {
    const server = await this.#serverAt(address);
    const client = await this.#open((port) => this.endpoint.protection.openProtected('udp', { address, port }));
    const spiC = this.#spi();
    let spiS = this.#spi();
    while (spiS === spiC) spiS = this.#spi();
    return { address, client, spiC, spiS, portC: client.local.port, portS: server.udp.local.port };
  }

  close(): void {
    this.#server?.udp.close();
    this.#server?.tcp.close();
    this.#server = null;
  }

  async #serverAt(address: string): Promise<{ readonly udp: ListeningPoint; readonly tcp: ListeningPoint }> {
    if (this.#server?.udp.local.address === address && !this.#server.udp.closed && !this.#server.tcp.closed)
      return this.#server;
    this.close();
    const { protection } = this.endpoint;
    this.#server = await this.#open(async (port) => {
      const udp = await protection.openProtected('udp', { address, port });
      try {
        return { udp, tcp: await protection.openProtected('tcp', { address, port }) };
      } catch (error) {
        udp.close();
        throw error;
      }
    });
    return this.#server;
  }

  async #open<T>(open: (port: number) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const port = this.#port();
      try {
        return await open(port);
      } catch (error) {
        const taken = error instanceof NetworkError && error.reason === 'address-in-use';
        if (!taken || attempt >= ATTEMPTS) throw error;
      }
    }
  }

  #port(): number {
    const draw = (): number => FIRST_PORT + (randomUint32(this.random) % (LAST_PORT - FIRST_PORT));
    let port = draw();
    while (this.#used.has(port)) port = draw();
    this.#used.add(port);
    for (const oldest of this.#used) if (this.#used.size > REMEMBERED) this.#used.delete(oldest);
    return port;
  }

  /** Below 2^31: some peers read it as a signed number. */
  #spi(): number {
    return 0x1000_0000 + (randomUint32(this.random) % 0x6fff_ffff);
  }
}
