import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The files under `folder` (from the project's root) whose names match, in the order of their names. */
export function readSeeds(folder: string, names: RegExp): Uint8Array[] {
  const path = `${ROOT}${folder}`;
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => names.test(name))
    .sort()
    .map((name) => new Uint8Array(readFileSync(`${path}/${name}`)));
}
