import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultStateDirectory, StateDirectory } from '../../companion/access/state-directory.js';
import { createInstanceId, isInstanceId } from '../../src/platform/instance-id.js';
import type { Random } from '../../src/platform/random.js';
import type { Store } from '../../src/platform/store.js';

const FILE = 'device.json';
/** Processes of one person that each keep a name; more of them have one for as long as they live. */
const MAX_SLOTS = 16;

/** What the command keeps between two runs: the name of this device, and the sequence numbers of AKA. */
export class DeviceState implements Store {
  private constructor(private readonly directory: StateDirectory) {}

  /** @returns null where nothing can be written */
  static open(): DeviceState | null {
    try {
      return new DeviceState(new StateDirectory(defaultStateDirectory()));
    } catch {
      return null;
    }
  }

  get(key: string): Promise<string | null> {
    const value = this.#all[key];
    return Promise.resolve(typeof value === 'string' ? value : null);
  }

  set(key: string, value: string): Promise<void> {
    return new Promise((resolve) => {
      this.directory.write(FILE, { ...this.#all, [key]: value });
      resolve();
    });
  }

  /** As in a page: of several processes at the same time each is an instance of its own. */
  async instance(random: Random): Promise<string> {
    for (let slot = 0; slot < MAX_SLOTS; slot++) {
      if (!this.#hold(slot)) continue;
      const key = `instance-${slot}`;
      const kept = await this.get(key);
      if (isInstanceId(kept)) return kept;
      const created = createInstanceId(random);
      await this.set(key, created);
      return created;
    }
    return createInstanceId(random);
  }

  /** @returns whether no other process that lives has this slot; it is ours until we end */
  #hold(slot: number): boolean {
    const lock = join(this.directory.path, `instance-${slot}.lock`);
    if (!isAlive(ownerOf(lock))) rmSync(lock, { force: true });
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
    } catch {
      return false;
    }
    process.once('exit', () => rmSync(lock, { force: true }));
    return true;
  }

  get #all(): Readonly<Record<string, unknown>> {
    const file = this.directory.read(FILE);
    return typeof file === 'object' && file !== null ? { ...file } : {};
  }
}

function ownerOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
