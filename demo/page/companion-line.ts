import type { ClientSnapshot } from '../../src/client/client-api.js';

/** One line about the companion, for the head of the live phones. */
export function companionLine(snapshot: ClientSnapshot | null): {
  readonly tone: 'ok' | 'busy' | 'problem';
  readonly text: string;
} {
  switch (snapshot?.link.state) {
    case 'connected':
      return { tone: 'ok', text: 'Companion connected' };
    case 'unpaired':
      return { tone: 'problem', text: 'Companion found: pair this page with it' };
    case 'lost':
      return { tone: 'problem', text: 'No companion: run npx ims-companion' };
    case 'connecting':
      return { tone: 'busy', text: 'Looking for the companion…' };
    case 'idle':
    case undefined:
      return { tone: 'busy', text: 'Companion not asked yet' };
  }
}
