import type { MessageFailure } from '../../src/ims/messaging/index.js';

/** How a command ended; `ims --help` lists them. */
export const EXIT = {
  done: 0,
  internal: 1,
  usage: 2,
  network: 3,
  registration: 4,
  call: 5,
  timeout: 6,
  rejected: 7,
  message: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A reason to end with a sentence instead of a stack trace. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

/** The sentence for a failure that a command ends with. */
export function describeFailure(failure: MessageFailure | null): string {
  if (!failure) return 'no reason given';
  const status = failure.status === undefined ? '' : ` (${failure.status})`;
  return `${failure.reason}${status}${failure.detail === undefined ? '' : `: ${failure.detail}`}`;
}

const NETWORK: ReadonlySet<string> = new Set([
  'server-unreachable', 'server-not-found', 'server-timeout', 'tls-expired', 'tls-name', 'tls-authority', 'tls-pinned', 'tls',
]); // prettier-ignore

/** Whether the network failed before anybody could say yes or no. */
export function isNetworkFailure(failure: MessageFailure | null): boolean {
  return failure !== null && NETWORK.has(failure.reason);
}
