import { ipFamily } from '../../src/net/ip-address.js';
import { checkNegotiation, checkSet } from '../../src/net/ipsec-check.js';
import { IKE_PORTS, type InstalledSet, type Ipsec, type SecurityAssociationSet } from '../../src/net/ipsec.js';
import { NetworkError, type Endpoint } from '../../src/net/network.js';
import { fromHex } from '../../src/platform/hex.js';
import { ENCAPSULATION_PORT } from '../native/esp/encapsulation-port.js';
import type { Params } from '../protocol/calls.js';

/** Sets of one WebSocket: a registration, the one before it, and a few accounts. */
const MAX_SETS = 32;

export interface IpsecSetsContext {
  readonly ipsec: Ipsec;
  permits(address: string, port: number): boolean;
  /** Whether the page has bound this UDP port itself. */
  owns(local: Endpoint): boolean;
}

/** The security associations that a page has in force through one WebSocket. */
export class IpsecSets {
  readonly #sets = new Map<number, InstalledSet>();
  #next = 1;
  #pending = 0;
  #closed = false;

  constructor(private readonly context: IpsecSetsContext) {}

  /** @throws NetworkError */
  async install(params: Params['ipsec.install']): Promise<number> {
    const set = readSet(params);
    checkSet(set);
    for (const { localPort, remotePort } of set.ports) this.#mayProtect(set, localPort, remotePort);
    // ESP in UDP is sent there.
    if (set.mode === 'UDP-enc-tun') this.#mustPermit(set.remote, set.encapsulationPort ?? ENCAPSULATION_PORT);
    return this.#keep(() => this.context.ipsec.install(set));
  }

  /** @throws NetworkError */
  async negotiate(params: Params['ipsec.negotiate']): Promise<number> {
    checkNegotiation(params);
    this.#mayProtect(params, params.localPort, params.remotePort);
    // The daemon of this machine speaks there because the page wants it.
    for (const port of IKE_PORTS) this.#mustPermit(params.remote, port);
    return this.#keep(() => this.context.ipsec.negotiate(params));
  }

  async remove(number: number): Promise<void> {
    const installed = this.#sets.get(number);
    this.#sets.delete(number);
    await installed?.remove();
  }

  /** The page is gone: its associations go too. */
  close(): void {
    this.#closed = true;
    for (const installed of this.#sets.values()) void installed.remove();
    this.#sets.clear();
  }

  #mayProtect(ends: { readonly local: string; readonly remote: string }, localPort: number, remotePort: number): void {
    this.#mustPermit(ends.remote, remotePort);
    // Else a page could cut off the traffic of other programs, or take part in it.
    if (!this.context.owns({ address: ends.local, port: localPort }))
      throw new NetworkError('denied', `${ends.local} port ${localPort} is not a UDP port of this page`);
  }

  #mustPermit(address: string, port: number): void {
    if (!this.context.permits(address, port))
      throw new NetworkError('denied', `${address} port ${port} is not allowed to this page`);
  }

  async #keep(make: () => Promise<InstalledSet>): Promise<number> {
    if (this.#sets.size + this.#pending >= MAX_SETS) throw new NetworkError('limit', 'Too many sets of associations');
    this.#pending++;
    try {
      const installed = await make();
      if (this.#isClosed()) {
        await installed.remove();
        throw new NetworkError('closed', 'The page is gone');
      }
      const number = this.#next++;
      this.#sets.set(number, installed);
      return number;
    } finally {
      this.#pending--;
    }
  }

  // A method, since it changes while others are waited for.
  #isClosed(): boolean {
    return this.#closed;
  }
}

function readSet({ integrityKey, encryptionKey, ...rest }: Params['ipsec.install']): SecurityAssociationSet {
  const keys = [fromHex(integrityKey), fromHex(encryptionKey)] as const;
  if (!keys[0] || !keys[1]) throw new NetworkError('unsupported', 'The keys are not hexadecimal');
  if (ipFamily(rest.remote) === null) throw new NetworkError('unsupported', 'The address is no literal');
  return { ...rest, integrityKey: keys[0], encryptionKey: keys[1] };
}
