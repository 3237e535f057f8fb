import { checkNegotiation } from '../../../src/net/ipsec-check.js';
import type { IkeNegotiation, InstalledSet } from '../../../src/net/ipsec.js';
import { NetworkError } from '../../../src/net/network.js';
import { startOf } from '../ipsec/process-start.js';
import { ikeConnection } from './ike-connection.js';
import { ikeFailure } from './ike-failure.js';
import { ViciClient } from './vici-client.js';
import { viciSection, viciText, viciTexts, type ViciSection, type ViciTree } from './vici-message.js';

export const DEFAULT_VICI = '/var/run/charon.vici';
/** Negotiations in force at once. */
const MAX_SETS = 64;
/** ms that a peer gets to answer. */
const PATIENCE = 20_000;
/** ms that a farewell may take; without an answer the daemon forgets the peer. */
const FAREWELL = 2000;
/** What the daemon tells meanwhile is kept, so many lines. */
const MAX_LINES = 64;

/** Names of what we load: of which process, so that the next one takes away what it left. */
const PREFIX = 'ims-elements';
const OURS = /^ims-elements\.(\d{1,10})\.([0-9a-f]{1,8}-\d{1,20})\.\d+$/;
let next = 1;

/** Associations that the IKE daemon of this machine (strongSwan) negotiates and renews for us, driven over vici. */
export class IkeIpsec {
  readonly #sets = new Set<IkeSet>();
  #pending = 0;
  #closed = false;

  /** @param path of the daemon's socket */
  constructor(private readonly path = DEFAULT_VICI) {}

  /** Sets in force, for leak tests. */
  get size(): number {
    return this.#sets.size;
  }

  /** @throws NetworkError */
  async negotiate(negotiation: IkeNegotiation): Promise<InstalledSet> {
    checkNegotiation(negotiation);
    if (this.#closed) throw closed();
    if (this.#sets.size + this.#pending >= MAX_SETS) throw new NetworkError('limit', 'IPsec: too many negotiations');
    this.#pending++;
    const set = new IkeSet(this.path, (gone) => this.#sets.delete(gone));
    try {
      const client = await ViciClient.connect(this.path);
      try {
        await removeDead(client);
        this.#sets.add(set);
        await set.establish(client, negotiation);
      } finally {
        client.close();
      }
    } catch (error) {
      await set.remove();
      throw error;
    } finally {
      this.#pending--;
    }
    if (this.#isClosed()) {
      await set.remove();
      throw closed();
    }
    return set;
  }

  /** Takes every set away, and negotiates no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sets].map((set) => set.remove()));
  }

  // A method, since it changes while others are waited for.
  #isClosed(): boolean {
    return this.#closed;
  }
}

/** Takes away what processes of ours left in the daemon that are no more. Does nothing where there is no daemon. */
export async function removeIkeOrphans(path = DEFAULT_VICI): Promise<void> {
  const client = await ViciClient.connect(path).catch(() => null);
  await (client && removeDead(client).catch(() => undefined));
  client?.close();
}

async function removeDead(client: ViciClient): Promise<void> {
  // Where no /proc tells, nobody is taken for dead.
  if (startOf(process.pid) === null) return;
  for (const name of viciTexts(await client.request('get-conns'), 'conns')) {
    const [, pid, started] = OURS.exec(name) ?? [];
    if (pid !== undefined && startOf(Number(pid))?.replace(' ', '-') !== started) await unload(client, name, null);
  }
}

/** The connection with what it made; what is not there is nothing to complain about. @param key identifier of a private key */
async function unload(client: ViciClient, name: string, key: string | null): Promise<void> {
  // First the connection: no packet brings its associations back.
  await client.request('unload-conn', viciSection({ name }));
  const farewell = { ike: name, timeout: String(FAREWELL), force: 'yes' };
  await client.request('terminate', viciSection(farewell), 4 * FAREWELL);
  await client.request('unload-shared', viciSection({ id: name }));
  if (key !== null) await client.request('unload-key', viciSection({ id: key }));
}

class IkeSet implements InstalledSet {
  readonly #name = `${PREFIX}.${process.pid}.${(startOf(process.pid) ?? '0 0').replace(' ', '-')}.${next++}`;
  #key: string | null = null;
  #loaded = false;
  #removing: Promise<void> | null = null;

  constructor(
    private readonly path: string,
    private readonly onGone: (set: IkeSet) => void,
  ) {}

  async establish(client: ViciClient, negotiation: IkeNegotiation): Promise<void> {
    const { local, remote, localId = local, remoteId = remote, secret, privateKey } = negotiation;
    this.#loaded = true;
    if (secret !== undefined)
      await load(client, 'load-shared', { id: this.#name, type: 'IKE', data: secret, owners: [localId, remoteId] });
    if (privateKey !== undefined) {
      const answer = await load(client, 'load-key', { type: 'any', data: privateKey });
      this.#key = viciText(answer, 'id');
    }
    await load(client, 'load-conn', ikeConnection(this.#name, negotiation));
    const lines: string[] = [];
    await client.listen('control-log', (event) => {
      lines.push(viciText(event, 'msg') ?? '');
      if (lines.length > MAX_LINES) lines.shift();
    });
    const order = { ike: this.#name, child: this.#name, timeout: String(PATIENCE), loglevel: '1' };
    const answer = await client.request('initiate', viciSection(order), PATIENCE + FAREWELL);
    if (viciText(answer, 'success') !== 'yes') throw ikeFailure(viciText(answer, 'errmsg') ?? '', lines);
  }

  remove(): Promise<void> {
    this.#removing ??= this.#remove();
    return this.#removing;
  }

  async #remove(): Promise<void> {
    // A daemon that is gone has nothing of ours.
    const client = this.#loaded ? await ViciClient.connect(this.path).catch(() => null) : null;
    if (client) await unload(client, this.#name, this.#key).catch(() => undefined);
    client?.close();
    this.onGone(this);
  }
}

/** @throws NetworkError `unsupported` with what the daemon has against it */
async function load(client: ViciClient, command: string, tree: ViciTree): Promise<ViciSection> {
  const answer = await client.request(command, viciSection(tree));
  if (viciText(answer, 'success') === 'yes') return answer;
  const why = (viciText(answer, 'errmsg') ?? '').slice(0, 200);
  throw new NetworkError('unsupported', `IPsec: the IKE daemon does not take it (${command}: ${why})`);
}

function closed(): NetworkError {
  return new NetworkError('closed', 'The network is closed');
}
