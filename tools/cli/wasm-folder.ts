import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandError, EXIT } from './exit-code.js';

/** Seen from the bundle in `dist/cli/`, and from this source file. */
const PLACES = ['../wasm', '../../build/wasm', '../../dist/wasm'];

/** The folder with the compiled kernels. @throws CommandError if nothing was built */
export function wasmFolder(): string {
  for (const place of PLACES) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(`${folder}/g711.wasm`)) return folder;
  }
  throw new CommandError(EXIT.internal, 'The codecs are not built: run npm run build');
}
