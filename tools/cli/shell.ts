import { createInterface } from 'node:readline';
import type { CallSnapshot } from '../../src/ims/snapshot.js';
import { CommandError, EXIT, type ExitCode } from './exit-code.js';
import { SHELL_HELP } from './help.js';
import { sendMessage } from './message-command.js';
import type { CommandOptions } from './options.js';
import type { Reporter } from './reporter.js';
import type { TerminalAgent } from './terminal-agent.js';

/** What is done with a line; `null` ends the shell. */
type Verb = (words: readonly string[], line: string) => Promise<void> | void;

const LIVE = (call: CallSnapshot): boolean => call.state !== 'ended';

/** Reads commands from standard input until `quit` or its end. A line that fails yields an `error` event, nothing more. */
export async function runShell(
  terminal: TerminalAgent,
  reporter: Reporter,
  options: CommandOptions,
): Promise<ExitCode> {
  const { agent, desk } = terminal;
  agent.events.on('snapshot', ({ calls }) => {
    if (calls.some((call) => call.state === 'active')) desk.start();
  });
  const verbs: Readonly<Record<string, Verb>> = {
    call: ([target]) => void agent.call(needed(target, 'call needs a URI'), options.call),
    message: async ([target], line) => {
      const text = /^\s*\S+\s+\S+\s(.+)$/.exec(line)?.[1];
      await sendMessage(terminal, reporter, needed(target, 'message needs a URI'), needed(text, 'message needs a text'), options.message); // prettier-ignore
    },
    answer: ([id]) => agent.answer(pick(terminal, id, (call) => call.state === 'ringing-in')),
    reject: ([first, second]) => {
      const status = first !== undefined && /^\d{3}$/.test(first) ? Number(first) : undefined;
      return agent.reject(
        pick(terminal, status === undefined ? first : second, (call) => call.state === 'ringing-in'),
        status,
      );
    },
    hangup: ([id]) => agent.hangup(pick(terminal, id, LIVE)),
    hold: ([id]) => agent.hold(pick(terminal, id, LIVE)),
    resume: ([id]) => agent.resume(pick(terminal, id, LIVE)),
    mute: ([id]) => agent.setMuted(pick(terminal, id, LIVE), true),
    unmute: ([id]) => agent.setMuted(pick(terminal, id, LIVE), false),
    dtmf: ([keys, id]) => agent.sendDtmf(pick(terminal, id, LIVE), needed(keys, 'dtmf needs keys')),
    play: ([file]) => desk.play(needed(file, 'play needs a file'), options.repeat),
    record: ([file]) => {
      tellRecorded(terminal, reporter);
      desk.record(needed(file, 'record needs a file'));
      desk.start();
    },
    register: () => agent.register(),
    unregister: () => agent.unregister(),
    state: () => reporter.tell(stateOf(terminal)),
    help: () => void process.stderr.write(SHELL_HELP),
  };
  reporter.tell({ event: 'ready' });
  // Lines are carried out as they come: a call may be hung up while its answer is still awaited.
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb = '', ...words] = line.trim().split(/\s+/);
    if (verb === 'quit') break;
    if (verb !== '') void perform(Object.hasOwn(verbs, verb) ? verbs[verb] : undefined, verb, words, line, reporter);
  }
  return EXIT.done;
}

async function perform(
  action: Verb | undefined,
  verb: string,
  words: readonly string[],
  line: string,
  reporter: Reporter,
): Promise<void> {
  try {
    if (!action) throw new CommandError(EXIT.usage, `no command "${verb}"`);
    await action(words, line);
  } catch (error) {
    reporter.tell({ event: 'error', message: error instanceof Error ? error.message : String(error) });
  }
}

/** The call of this id, or the newest that fits. */
function pick(terminal: TerminalAgent, id: string | undefined, fits: (call: CallSnapshot) => boolean): string {
  if (id !== undefined) return id;
  const call = [...terminal.snapshot.calls].reverse().find(fits);
  if (!call) throw new CommandError(EXIT.usage, 'there is no such call');
  return call.id;
}

function needed(word: string | undefined, message: string): string {
  if (word === undefined) throw new CommandError(EXIT.usage, message);
  return word;
}

function tellRecorded(terminal: TerminalAgent, reporter: Reporter): void {
  const recorded = terminal.desk.finish();
  if (recorded) reporter.tell({ event: 'recorded', ...recorded });
}

function stateOf(terminal: TerminalAgent): Parameters<Reporter['tell']>[0] {
  const { registration, calls } = terminal.snapshot;
  return {
    event: 'state',
    registration: registration.state,
    calls: calls.map(({ id, state, remote }) => ({ id, state, remote: remote.uri })),
  };
}
