import { readFileSync } from 'node:fs';

/** Waits until some process of this machine has bound a UDP port. */
export async function listening(port: number): Promise<void> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const bound = new RegExp(`:${hex} 00000000:0000`);
  for (let tries = 0; tries < 100; tries++) {
    if (bound.test(readFileSync('/proc/net/udp', 'utf8'))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody listens on ${port}`);
}
