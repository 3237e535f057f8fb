import { integer, record } from '../protocol/guard.js';
import type { StateDirectory } from '../access/state-directory.js';

const FILE = 'running.json';
const shape = record({ pid: integer(1, 0x7fffffff), port: integer(1, 65535) });

/** What `serve` leaves in the state directory, so that the other verbs find it. */
export interface RunningFile {
  readonly pid: number;
  readonly port: number;
}

export function writeRunning(directory: StateDirectory, port: number): void {
  directory.write(FILE, { pid: process.pid, port });
}

export function removeRunning(directory: StateDirectory): void {
  directory.remove(FILE);
}

/** @returns null if no companion answers at the port that was left there */
export async function findRunning(directory: StateDirectory): Promise<RunningFile | null> {
  const file = directory.read(FILE);
  if (!shape(file)) return null;
  try {
    const response = await fetch(`http://127.0.0.1:${file.port}/health`, { signal: AbortSignal.timeout(2000) });
    return response.ok ? file : null;
  } catch {
    return null;
  }
}
