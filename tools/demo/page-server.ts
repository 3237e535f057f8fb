import { createServer, type Server } from 'node:http';
import { StaticFiles } from '../../companion/server/static-files.js';

export interface PageServerOptions {
  readonly directory: string;
  /** 0: any free port. */
  readonly port: number;
  /** Answer to `/config.json`. */
  readonly configuration: () => unknown;
  /** Sent with every answer: policies, for tests. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The demo page on loopback. */
export class PageServer {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @throws Error (EADDRINUSE) when the port is taken */
  static start(options: PageServerOptions): Promise<PageServer> {
    const files = new StaticFiles(options.directory);
    const server = createServer((request, response) => {
      for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
      const [path = '/'] = (request.url ?? '/').split('?');
      if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405, { allow: 'GET, HEAD' }).end();
      else if (!isLoopbackName(request.headers.host)) response.writeHead(421).end();
      else if (path === '/config.json') {
        // The passwords in it are for this page alone.
        response.writeHead(200, {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          'cross-origin-resource-policy': 'same-origin',
        });
        response.end(JSON.stringify(options.configuration()));
      } else void files.serve(path, request.method === 'HEAD', response);
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port: options.port, exclusive: true }, () => {
        const bound = server.address();
        resolve(new PageServer(server, typeof bound === 'object' && bound ? bound.port : options.port));
      });
    });
  }

  get url(): string {
    return `http://localhost:${this.port}/`;
  }

  /** Every name by which a browser may come here. */
  get origins(): string[] {
    return [`http://localhost:${this.port}`, `http://127.0.0.1:${this.port}`];
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** A foreign name that points here (DNS rebinding) gets nothing. */
function isLoopbackName(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);
}
