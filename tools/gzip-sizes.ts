/**
 * Kernels under their limits of .size-limit.json by gzip too: its blocks are longer than zlib's, and tables that nothing can
 * shorten spoil the code's statistics where both are in one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Budget {
  readonly path: string;
  readonly limit: string;
}

const KILO = 1000;
let over = 0;
for (const { path, limit } of JSON.parse(readFileSync('.size-limit.json', 'utf8')) as readonly Budget[]) {
  if (!path.endsWith('.wasm')) continue;
  const sizes = ['-9', '-6'].map((level) => execFileSync('gzip', [level, '-n', '-c', path]).length);
  const fits = Math.max(...sizes) < Number.parseFloat(limit) * KILO;
  if (!fits) over += 1;
  console.log(`${path}: ${sizes.join(' and ')} octets by gzip -9 and -6${fits ? '' : `, more than ${limit}`}`);
}
process.exit(over > 0 ? 1 : 0);
