import { createServer } from 'node:net';

/** @returns a TCP port that was free a moment ago, with the next `span` free too */
export async function freePort(address = '127.0.0.1', span = 1): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = await probe(0, address);
    if (port + span > 65_535) continue;
    const rest = Array.from({ length: span - 1 }, (_, i) => port + 1 + i);
    try {
      for (const next of rest) await probe(next, address);
      return port;
    } catch {
      // A neighbour is taken: look elsewhere.
    }
  }
  throw new Error(`no ${span} free ports in a row on ${address}`);
}

function probe(port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, address, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === 'object' && bound ? bound.port : 0));
    });
  });
}
