import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';

/** Where the companion keeps pairings if nothing else is said. */
export function defaultStateDirectory(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  if (platform() === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'ims-companion');
  return join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'ims-companion');
}

/** JSON files that only their owner can read (0600, in a directory 0700). */
export class StateDirectory {
  constructor(readonly path: string) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  }

  /** @returns undefined if the file is absent or no JSON */
  read(name: string): unknown {
    try {
      return JSON.parse(readFileSync(join(this.path, name), 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Replaces the file in one step: a reader sees the old or the new one. */
  write(name: string, value: object): void {
    const target = join(this.path, name);
    const temporary = `${target}.${process.pid}.tmp`;
    writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, target);
  }

  remove(name: string): void {
    rmSync(join(this.path, name), { force: true });
  }

  /** Changes whenever the file does. */
  stamp(name: string): string {
    try {
      const { mtimeMs, ino, size } = statSync(join(this.path, name));
      return `${mtimeMs} ${ino} ${size}`;
    } catch {
      return '';
    }
  }
}
