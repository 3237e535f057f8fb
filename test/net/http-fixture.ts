import { createServer } from 'node:http';

export interface HttpFixture {
  readonly url: string;
  close(): Promise<void>;
}

/** `/echo`, `/large` (10 kB), `/silent` (never answers); all else is 404. */
export async function startHttpFixture(): Promise<HttpFixture> {
  const server = createServer((request, response) => {
    if (request.url === '/silent') return;
    if (request.url === '/large') return void response.end(Buffer.alloc(10000));
    if (request.url !== '/echo') return void response.writeHead(404).end();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(200, { etag: '"1"', 'set-cookie': 'a=b' });
      response.end(`${request.method} ${String(request.headers['x-test'])} ${Buffer.concat(chunks).toString()}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
