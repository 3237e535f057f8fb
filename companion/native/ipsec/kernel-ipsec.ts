import { checkSet } from '../../../src/net/ipsec-check.js';
import type { InstalledSet, Ipsec, SecurityAssociationSet } from '../../../src/net/ipsec.js';
import { NetworkError } from '../../../src/net/network.js';
import { SystemIp, type IpCommand } from './ip-command.js';
import type { IpsecJournal } from './ipsec-journal.js';
import { xfrmSteps } from './xfrm-commands.js';

/** Sets at once: a page that never lets go does not fill the kernel's tables. */
const MAX_SETS = 256;

/** Security associations and policies in the kernel of this machine. */
export class KernelIpsec implements Pick<Ipsec, 'install'> {
  readonly #sets = new Set<KernelSet>();
  readonly #ip: IpCommand;
  #closed = false;

  constructor(
    private readonly journal: IpsecJournal | null = null,
    ip: IpCommand = new SystemIp(),
  ) {
    this.#ip = ip;
  }

  /** Sets in force, for leak tests. */
  get size(): number {
    return this.#sets.size;
  }

  async install(set: SecurityAssociationSet): Promise<InstalledSet> {
    checkSet(set);
    if (set.mode === 'UDP-enc-tun') throw new NetworkError('unsupported', 'IPsec: UDP-enc-tun is not for the kernel');
    if (this.#closed) throw closed();
    if (this.#sets.size >= MAX_SETS) throw new NetworkError('limit', 'IPsec: too many sets of associations');
    const steps = xfrmSteps(set);
    const installed = new KernelSet(
      steps.map(({ remove }) => remove),
      this.#ip,
      this.journal,
      (gone) => this.#sets.delete(gone),
    );
    this.#sets.add(installed);
    try {
      await installed.add(steps.map(({ add }) => add));
    } catch (error) {
      await installed.remove();
      throw error;
    }
    if (this.#isClosed()) {
      await installed.remove();
      throw closed();
    }
    return installed;
  }

  /** Takes every set away, and installs no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sets].map((set) => set.remove()));
  }

  /** The same in the last moment of a process, where nothing can be waited for. */
  closeNow(): void {
    this.#closed = true;
    for (const set of this.#sets) set.removeNow();
  }

  // A method, since it changes while others are waited for.
  #isClosed(): boolean {
    return this.#closed;
  }
}

/** Takes away what processes left in the kernel that died without a word. */
export async function removeOrphans(journal: IpsecJournal, ip: IpCommand = new SystemIp()): Promise<void> {
  for (const removal of journal.takeOrphans()) await runAll(ip, removal);
}

class KernelSet implements InstalledSet {
  /** Removals of what was added, last first. */
  #added: readonly string[] = [];
  #adding: Promise<NetworkError | null> | null = null;
  #removing: Promise<void> | null = null;

  /** @param planned every removal: written down before the first addition, so that no crash falls between */
  constructor(
    private readonly planned: readonly string[],
    private readonly ip: IpCommand,
    private readonly journal: IpsecJournal | null,
    private readonly onGone: (set: KernelSet) => void,
  ) {
    journal?.add(planned);
  }

  /** @param lines additions, in the order of the planned removals @throws NetworkError */
  async add(lines: readonly string[]): Promise<void> {
    if (this.#removing) throw closed();
    this.#adding = this.ip.run(lines).then(({ done, error }) => {
      this.#added = this.planned.slice(0, done).reverse();
      this.#adding = null;
      return error;
    });
    const error = await this.#adding;
    if (this.#isRemoving()) {
      await this.remove();
      throw closed();
    }
    if (error) throw error;
  }

  remove(): Promise<void> {
    this.#removing ??= this.#remove();
    return this.#removing;
  }

  removeNow(): void {
    // Nobody waits for what is being added: all of it may be there.
    const lines = this.#adding ? [...this.planned].reverse() : this.#added;
    for (const line of lines) this.ip.runNow(line);
    this.#forget();
  }

  async #remove(): Promise<void> {
    await this.#adding;
    // Not forgotten before it is done: when the process ends meanwhile, removeNow does it again.
    await runAll(this.ip, this.#added);
    this.#added = [];
    this.#forget();
  }

  // A method, since it changes while others are waited for.
  #isRemoving(): boolean {
    return this.#removing !== null;
  }

  #forget(): void {
    this.journal?.drop(this.planned);
    this.onGone(this);
  }
}

/** Every line, whatever becomes of another: a hard expiry takes a state away, but not its policy. */
async function runAll(ip: IpCommand, lines: readonly string[]): Promise<void> {
  for (let rest = lines; rest.length > 0;) {
    const { done, error } = await ip.run(rest);
    rest = error ? rest.slice(done + 1) : [];
  }
}

function closed(): NetworkError {
  return new NetworkError('closed', 'The network is closed');
}
