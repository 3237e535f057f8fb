import { ipFamily } from '../../src/net/ip-address.js';
import { checkSet } from '../../src/net/ipsec-check.js';
import type { InstalledSet, Ipsec, SecurityAssociationSet } from '../../src/net/ipsec.js';
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
    for (const { localPort, remotePort } of set.ports) {
      if (!this.context.permits(set.remote, remotePort)) {
        throw new NetworkError('denied', `${set.remote} port ${remotePort} is not allowed to this page`);
      }
      // Else a page could cut off the traffic of other programs, or take part in it.
      if (!this.context.owns({ address: set.local, port: localPort })) {
        throw new NetworkError('denied', `${set.local} port ${localPort} is not a UDP port of this page`);
      }
    }
    // ESP in UDP is sent there.
    const encapsulation = set.encapsulationPort ?? ENCAPSULATION_PORT;
    if (set.mode === 'UDP-enc-tun' && !this.context.permits(set.remote, encapsulation)) {
      throw new NetworkError('denied', `${set.remote} port ${encapsulation} is not allowed to this page`);
    }
    if (this.#sets.size + this.#pending >= MAX_SETS) throw new NetworkError('limit', 'Too many sets of associations');
    this.#pending++;
    try {
      const installed = await this.context.ipsec.install(set);
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
