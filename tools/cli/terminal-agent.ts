import { defaultStateDirectory, StateDirectory } from '../../companion/access/state-directory.js';
import { IpsecJournal } from '../../companion/native/ipsec/ipsec-journal.js';
import { removeOrphans } from '../../companion/native/ipsec/kernel-ipsec.js';
import { NodeNetwork } from '../../companion/native/node-network.js';
import { UserAgent } from '../../src/ims/agent/index.js';
import type { Account } from '../../src/ims/account.js';
import type { CallSnapshot, ImsSnapshot } from '../../src/ims/snapshot.js';
import type { TraceEntry } from '../../src/ims/user-agent.js';
import type { CodecPreference } from '../../src/media/codec-preference.js';
import { RtpMediaFactory } from '../../src/media/rtp-media-factory.js';
import { silentLogger, type Logger } from '../../src/platform/logger.js';
import type { Store } from '../../src/platform/store.js';
import { SystemClock } from '../../src/platform/system-clock.js';
import { SystemRandom } from '../../src/platform/system-random.js';
import { WasmFromDisk } from '../wasm-from-disk.js';
import { CommandError, describeFailure, EXIT, isNetworkFailure } from './exit-code.js';
import type { Reporter } from './reporter.js';
import { snapshotEvents } from './snapshot-events.js';
import { SoundDesk } from './sound-desk.js';
import { wasmFolder } from './wasm-folder.js';

export interface TerminalAgentOptions {
  readonly account: Account;
  readonly reporter: Reporter;
  readonly trace: boolean;
  readonly verbose: boolean;
  readonly codecs?: readonly CodecPreference[] | null;
  /** Keeps what outlives the command; null: nothing. */
  readonly store?: Store | null;
  /** Socket of the IKE daemon; null: where strongSwan has it. */
  readonly vici?: string | null;
}

/** The stack on Node's own sockets, with files for ears and mouth, telling each change. */
export class TerminalAgent {
  readonly agent: UserAgent;
  readonly desk: SoundDesk;
  readonly #journal: IpsecJournal | null;
  readonly #network: NodeNetwork;
  readonly #watchers = new Set<() => void>();
  #told: ImsSnapshot;

  constructor(private readonly options: TerminalAgentOptions) {
    const clock = new SystemClock();
    const random = new SystemRandom();
    // Only where security associations may be made: nothing is written otherwise.
    this.#journal = options.account.security ? new IpsecJournal(new StateDirectory(defaultStateDirectory())) : null;
    const network = (this.#network = new NodeNetwork({
      ...(this.#journal ? { ipsecJournal: this.#journal } : {}),
      ...(options.vici ? { vici: options.vici } : {}),
    }));
    const modules = new WasmFromDisk(wasmFolder());
    this.desk = new SoundDesk(clock, modules);
    const media = new RtpMediaFactory({
      network,
      clock,
      random,
      audio: this.desk.audio,
      modules,
      codecs: options.codecs ?? null,
      ...localAddress(options.account),
    });
    const logger: Logger = options.verbose ? { log: logLine } : silentLogger;
    this.agent = new UserAgent({
      account: options.account,
      clock,
      random,
      network,
      media,
      logger,
      userAgent: 'ims-elements/cli',
      ...(options.store ? { store: options.store } : {}),
    });
    this.#told = this.agent.snapshot;
    this.agent.events.on('snapshot', (snapshot) => this.#changed(snapshot));
    this.agent.events.on('message', (message) => options.reporter.tell({ event: 'message', ...message }));
    if (options.trace) this.agent.events.on('trace', traceLine);
  }

  get snapshot(): ImsSnapshot {
    return this.agent.snapshot;
  }

  /** Registers, unless the account says no. @throws CommandError `registration` or `network` */
  async start(): Promise<void> {
    if (this.#journal) await removeOrphans(this.#journal);
    await this.agent.start();
    // Told before the next turn of the event loop: the command may end within this one.
    this.#changed(this.snapshot);
    const { link, registration } = this.snapshot;
    const { state, failure } = registration;
    if (this.options.account.register === false) {
      if (failure) throw new CommandError(EXIT.usage, `No account: ${describeFailure(failure)}`);
      if (link.state === 'connected') return;
      throw new CommandError(EXIT.network, `No socket: ${describeFailure(link.failure)}`);
    }
    if (state === 'registered' || state === 'refreshing') return;
    throw new CommandError(
      isNetworkFailure(failure) ? EXIT.network : EXIT.registration,
      `Registration failed: ${describeFailure(failure)}`,
    );
  }

  /** Waits until `find` returns something; it is asked after each change. @param timeout seconds; null: for ever. @returns null after it */
  waitFor<T>(find: (snapshot: ImsSnapshot) => T | null | undefined, timeout: number | null = null): Promise<T | null> {
    return new Promise((resolve) => {
      const finish = (found: T | null): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(found);
      };
      const look = (): void => {
        const found = find(this.snapshot);
        if (found !== null && found !== undefined) finish(found);
      };
      const timer = timeout === null ? undefined : setTimeout(() => finish(null), timeout * 1000);
      this.#watchers.add(look);
      look();
    });
  }

  /** The call as it is now; as it was last once it left the snapshot. */
  call(id: string): CallSnapshot | undefined {
    return this.snapshot.calls.find((call) => call.id === id);
  }

  /** Writes the recording, de-registers, closes every socket. */
  async stop(): Promise<void> {
    const recorded = this.desk.finish();
    if (recorded) this.options.reporter.tell({ event: 'recorded', ...recorded });
    await this.agent.stop();
    this.#network.close();
    await this.#network.ipsec.close();
  }

  #changed(snapshot: ImsSnapshot): void {
    const before = this.#told;
    this.#told = snapshot;
    for (const event of snapshotEvents(before, snapshot)) this.options.reporter.tell(event);
    for (const watcher of [...this.#watchers]) watcher();
  }
}

function localAddress(account: Account): { localAddress?: () => Promise<string> } {
  const { localAddress: address } = account;
  return address === undefined ? {} : { localAddress: () => Promise.resolve(address) };
}

function logLine(level: string, area: string, message: string, details?: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${level} ${area}: ${message}${details ? ` ${JSON.stringify(details)}` : ''}\n`);
}

function traceLine(entry: TraceEntry): void {
  const arrow = entry.direction === 'out' ? '->' : entry.direction === 'in' ? '<-' : 'x-';
  const note = entry.note === undefined ? '' : ` (${entry.note})`;
  const time = new Date(entry.time).toISOString();
  process.stderr.write(`${time} ${entry.transport} ${entry.local} ${arrow} ${entry.remote}${note}\n${entry.text}\n`);
}
