import type { StateDirectory } from '../../access/state-directory.js';
import { list, record, text, integer, type Guarded } from '../../protocol/guard.js';
import { startOf } from './process-start.js';

const FILE = 'ipsec.json';
const entryShape = record({
  pid: integer(1, 0x7fffffff),
  /** Start of the process, so that another one with its number is not taken for it. */
  started: text(32),
  /** Lines of `ip -batch` that take the set away. No keys. */
  removal: list(text(512), 64),
});
const fileShape = record({ sets: list(entryShape, 4096) });
type Entry = Guarded<typeof entryShape>;

/** What is in the kernel by our doing, on disk: a process that dies at once leaves it to the next one. */
export class IpsecJournal {
  readonly #started = startOf(process.pid) ?? '';

  constructor(private readonly directory: StateDirectory) {}

  add(removal: readonly string[]): void {
    this.#save([...this.#entries, { pid: process.pid, started: this.#started, removal }]);
  }

  drop(removal: readonly string[]): void {
    const key = removal.join('\n');
    this.#save(this.#entries.filter((entry) => !(this.#isOurs(entry) && entry.removal.join('\n') === key)));
  }

  /** Takes out what processes left that are no more. */
  takeOrphans(): readonly (readonly string[])[] {
    const entries = this.#entries;
    const orphans = entries.filter((entry) => startOf(entry.pid) !== entry.started);
    if (orphans.length > 0) this.#save(entries.filter((entry) => !orphans.includes(entry)));
    return orphans.map(({ removal }) => removal);
  }

  get #entries(): readonly Entry[] {
    const file = this.directory.read(FILE);
    return fileShape(file) ? file.sets : [];
  }

  #isOurs({ pid, started }: Entry): boolean {
    return pid === process.pid && started === this.#started;
  }

  #save(sets: readonly Entry[]): void {
    if (sets.length === 0) this.directory.remove(FILE);
    else this.directory.write(FILE, { sets });
  }
}
