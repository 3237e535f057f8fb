import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from '../access/access.js';
import { PROTOCOL_VERSION } from '../protocol/version.js';
import type { StaticFiles } from './static-files.js';

/**
 * True if the Host header names this server by a loopback name: any other name was made to point
 * here by somebody's DNS (rebinding).
 */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port}`);
}

/** The plain HTTP side: `/health`, and files if a directory is served. */
export class HttpFront {
  constructor(
    private readonly access: Access,
    private readonly files: StaticFiles | null,
    private readonly companionVersion: string,
  ) {}

  handle(request: IncomingMessage, response: ServerResponse, port: number): void {
    response.setHeader('vary', 'origin');
    if (!isOwnHost(request.headers.host, port)) {
      response.writeHead(421, { 'content-type': 'text/plain' }).end('Not a name of this host\n');
      return;
    }
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const { origin } = request.headers;
    if (origin !== undefined && this.access.mayConnect(origin)) this.#allow(origin, request, response);
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405).end();
    else if (path === '/health') {
      // A page of our own sends no Origin with a GET.
      this.#health(origin ?? `http://${request.headers.host ?? ''}`, response);
    } else if (this.files) void this.files.serve(path, request.method === 'HEAD', response);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
  }

  #allow(origin: string, request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-methods', 'GET');
    // The preflight of Private Network Access, and the name its successor uses.
    for (const name of ['private-network', 'local-network']) {
      if (request.headers[`access-control-request-${name}`] === 'true') {
        response.setHeader(`access-control-allow-${name}`, 'true');
      }
    }
  }

  #health(origin: string, response: ServerResponse): void {
    const known = this.access.isKnown(origin);
    const body = { companion: this.companionVersion, protocol: PROTOCOL_VERSION, known };
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  }
}
