import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/** Serves the files under one directory, and nothing beside it. */
export class StaticFiles {
  readonly #root: string;

  constructor(directory: string) {
    this.#root = resolve(directory);
  }

  /** @param path the path of the request target, still percent-encoded. @param head answer without a body */
  async serve(path: string, head: boolean, response: ServerResponse): Promise<void> {
    const file = await this.#find(path);
    if (!file) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file.path)] ?? 'application/octet-stream',
      'content-length': file.size,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    if (head) response.end();
    else
      createReadStream(file.path)
        .on('error', () => response.destroy())
        .pipe(response);
  }

  async #find(path: string): Promise<{ path: string; size: number } | null> {
    try {
      const decoded = decodeURIComponent(path);
      if (decoded.includes('\0') || decoded.split('/').some((part) => part.startsWith('.') && part !== '')) return null;
      const wanted = join(this.#root, decoded.endsWith('/') ? `${decoded}index.html` : decoded);
      // A link may lead out of the directory: judge where it ends.
      const [root, real] = await Promise.all([realpath(this.#root), realpath(wanted)]);
      if (!real.startsWith(root + sep)) return null;
      const status = await stat(real);
      return status.isFile() ? { path: real, size: status.size } : null;
    } catch {
      return null;
    }
  }
}
