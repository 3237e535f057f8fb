import { describeFailure } from './exit-code.js';
import type { ImsEvent } from './snapshot-events.js';

/** Tells events on standard output: JSON lines for programs, sentences for people. */
export class Reporter {
  #registration: string | null = null;

  constructor(
    private readonly json: boolean,
    private readonly write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
  ) {}

  tell(event: ImsEvent): void {
    const line = this.json ? JSON.stringify(event) : sentence(event);
    // News of an identity leaves the sentence as it was.
    if (event.event === 'registration' && line === this.#registration) return;
    if (event.event === 'registration') this.#registration = line;
    if (line !== null) this.write(line);
  }
}

/** @returns null for what a person does not want to read; control characters from the network are shown, not obeyed */
export function sentence(event: ImsEvent): string | null {
  const text = plain(event);
  // eslint-disable-next-line no-control-regex -- these are what must not reach a terminal
  return text === null ? null : text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

function plain(event: ImsEvent): string | null {
  switch (event.event) {
    case 'registration':
      if (event.failure) return `Registration failed: ${describeFailure(event.failure)}`;
      if (event.state === 'registered')
        return `Registered as ${event.identity ?? '?'} at ${event.server ?? '?'} over ${event.transport ?? '?'}`;
      return event.state === 'unregistered' ? 'Not registered' : null;
    case 'call': {
      const who = named(event.displayName, event.remote);
      if (event.state !== 'ended')
        return `${event.direction === 'in' ? 'Call from' : 'Call to'} ${who}: ${event.state}${holds(event)}`;
      const packets = event.quality
        ? `, ${event.quality.packetsSent} packets sent, ${event.quality.packetsReceived} received`
        : '';
      return `Call with ${who} ended by ${event.endedBy ?? 'nobody'}${event.failure ? `, ${describeFailure(event.failure)}` : ''}${packets}`;
    }
    case 'message':
      return `Message from ${named(event.from.displayName, event.from.uri)}${isExpired(event) ? ' (expired)' : ''}: ${event.text}`;
    case 'message-sent':
      return `Message to ${event.to}: ${event.failure ? describeFailure(event.failure) : event.state}`;
    case 'dtmf':
      return `They pressed ${event.keys}`;
    case 'recorded':
      return `Recorded ${event.seconds.toFixed(1)} s to ${event.file}`;
    case 'error':
      return event.message;
    case 'state':
      return `${event.registration}, ${event.calls.length} calls`;
    case 'ready':
      return null;
  }
}

function named(displayName: string, uri: string): string {
  return displayName === '' ? uri : `${displayName} <${uri}>`;
}

/** RFC 3428 §7: who shows what has expired says so. */
function isExpired({ expiresAt, receivedAt }: Extract<ImsEvent, { event: 'message' }>): boolean {
  return expiresAt !== null && expiresAt <= receivedAt;
}

function holds(event: { readonly localHold: boolean; readonly remoteHold: boolean; readonly muted: boolean }): string {
  const words = [
    event.localHold ? 'held by us' : '',
    event.remoteHold ? 'held by them' : '',
    event.muted ? 'muted' : '',
  ].filter((w) => w !== '');
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
