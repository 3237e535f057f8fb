import { flag, integer, record, text } from '../../../companion/protocol/guard.js';
import type { ProbeFetch } from './web-socket-like.js';

/**
 * What is found where the companion should be:
 * - `known`: a companion that knows this page;
 * - `unknown`: something answers, but tells this page nothing: not paired, or no companion;
 * - `absent`: nothing answers, or the browser keeps the page from asking.
 */
export type Presence =
  | { readonly found: 'known'; readonly version: string; readonly protocol: number }
  | { readonly found: 'unknown' }
  | { readonly found: 'absent' };

const health = record({ companion: text(64), protocol: integer(1, 65535), known: flag });
const TIMEOUT = 5000;

/** @param url `ws://` or `http://` address of the companion */
export async function probeCompanion(url: string, fetch: ProbeFetch): Promise<Presence> {
  const target = new URL('/health', url.replace(/^ws/, 'http')).href;
  const ask = (mode: 'cors' | 'no-cors'): ReturnType<ProbeFetch> =>
    fetch(target, { mode, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT) });
  try {
    const response = await ask('cors');
    const body: unknown = response.ok ? await response.json() : null;
    if (!health(body)) return { found: 'unknown' };
    return body.known ? { found: 'known', version: body.companion, protocol: body.protocol } : { found: 'unknown' };
  } catch {
    // An origin it does not know may not read the answer, but sees that there is one.
    return ask('no-cors').then(
      () => ({ found: 'unknown' }) as const,
      () => ({ found: 'absent' }) as const,
    );
  }
}
