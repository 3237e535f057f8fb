import { readFileSync } from 'node:fs';

/** Waits until some process of this machine has bound a UDP port, or listens for TCP connections on it. */
export async function listening(port: number, family: 4 | 6 = 4, transport: 'udp' | 'tcp' = 'udp'): Promise<void> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  // The remote end is nobody; for TCP the state is LISTEN.
  const bound = new RegExp(`:${hex} 0+:0000 ${transport === 'tcp' ? '0A' : '07'} `);
  const table = `/proc/net/${transport}${family === 6 ? '6' : ''}`;
  for (let tries = 0; tries < 400; tries++) {
    if (bound.test(readFileSync(table, 'utf8'))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody listens on ${port}`);
}
