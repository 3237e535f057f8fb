import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a build is made of. */
const SOURCES = ['src', 'demo', 'assembly', 'companion', 'tools', 'package-lock.json'];

/** Whether `product` is there and younger than everything it is made of. */
export function isFresh(product: string, sources: readonly string[] = SOURCES): boolean {
  if (!existsSync(product)) return false;
  const made = statSync(product).mtimeMs;
  return sources.every((source) => newest(source) <= made);
}

function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((entry) => newest(join(path, entry))));
}
