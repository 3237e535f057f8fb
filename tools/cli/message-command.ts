import type { MessageFailure, MessageOptions, MessageOutcome } from '../../src/ims/messaging/index.js';
import { CommandError, describeFailure, EXIT, isNetworkFailure, type ExitCode } from './exit-code.js';
import type { CommandOptions } from './options.js';
import { readOctets } from './read-octets.js';
import type { Reporter } from './reporter.js';
import type { TerminalAgent } from './terminal-agent.js';
import { usage } from './usage-error.js';

/** What a person can do about it. */
const REMEDIES: Readonly<Partial<Record<MessageFailure['reason'], string>>> = {
  'address-invalid': 'Give a sip:, sips: or tel: URI, user@host or digits.',
  'not-found': 'Check the address.',
  unavailable: 'Try again when they are back.',
  forbidden: 'Ask the provider whether this account may send messages to them.',
  declined: 'They have seen it and do not want it.',
  'message-too-large': 'Write less, or in several messages.',
  'message-type': 'Send text/plain.',
  'message-unsupported': 'They take no messages: call them.',
  'message-failed': 'Try again later.',
};

/** `message URI TEXT`, or the octets of `--file`. @throws CommandError */
export async function runMessageCommand(
  terminal: TerminalAgent,
  reporter: Reporter,
  { operands, file, message }: CommandOptions,
): Promise<ExitCode> {
  const [target, ...words] = operands;
  if (target === undefined) throw usage('message needs a URI');
  if ((file === null) === (words.length === 0)) throw usage('message needs a text or --file');
  const body = file === null ? words.join(' ') : readOctets(file);
  const outcome = await sendMessage(terminal, reporter, target, body, message);
  if (outcome.state !== 'failed') return EXIT.done;
  const { failure } = outcome;
  const remedy = REMEDIES[failure.reason];
  throw new CommandError(
    isNetworkFailure(failure) ? EXIT.network : EXIT.message,
    `The message was not delivered: ${describeFailure(failure)}${remedy === undefined ? '' : `. ${remedy}`}`,
  );
}

/** Sends, and tells what came of it. */
export async function sendMessage(
  { agent }: TerminalAgent,
  reporter: Reporter,
  target: string,
  body: string | Uint8Array,
  options: MessageOptions,
): Promise<MessageOutcome> {
  const outcome = await agent.sendMessage(target, body, options);
  const failure = outcome.state === 'failed' ? outcome.failure : null;
  reporter.tell({ event: 'message-sent', id: outcome.id, to: target, state: outcome.state, failure });
  return outcome;
}
