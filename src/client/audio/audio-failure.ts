import type { Failure } from '../../ims/failure.js';

/** What a refused microphone or a broken audio path means to a person. */
export function audioFailure(error: unknown): Failure {
  const name = error instanceof DOMException ? error.name : '';
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return { reason: 'microphone-denied', detail };
    case 'NotFoundError':
    case 'OverconstrainedError':
    case 'NotReadableError': // there, but another program has it
      return { reason: 'microphone-missing', detail };
    default:
      return { reason: 'media-failed', detail };
  }
}
