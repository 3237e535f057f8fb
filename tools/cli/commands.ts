import { readFileSync } from 'node:fs';
import type { Account } from '../../src/ims/account.js';
import { SystemRandom } from '../../src/platform/system-random.js';
import { parseReport } from '../parse-report.js';
import { runCodecCommand } from './codec-command.js';
import { DeviceState } from './device-state.js';
import { CommandError, describeFailure, EXIT, type ExitCode } from './exit-code.js';
import { runJitterCommand } from './jitter-command.js';
import { runManCommand } from './man-command.js';
import { runMessageCommand } from './message-command.js';
import { usage, type CommandOptions } from './options.js';
import { Reporter } from './reporter.js';
import { runShell } from './shell.js';
import { talk } from './talk.js';
import { TerminalAgent } from './terminal-agent.js';

/** Runs one command to its end. @param interrupted settles when the person wants to stop. @throws CommandError */
export async function runCommand(options: CommandOptions, interrupted: Promise<void>): Promise<ExitCode> {
  switch (options.command) {
    case 'register':
      return withAgent(options, interrupted, (terminal) => register(terminal, options, interrupted));
    case 'call':
      return withAgent(options, interrupted, (terminal) => call(terminal, options));
    case 'message':
      return withAgent(options, interrupted, (terminal, reporter) => runMessageCommand(terminal, reporter, options));
    case 'answer':
      return withAgent(options, interrupted, (terminal) => answer(terminal, options));
    case 'shell':
    case 'interactive':
      return withAgent(
        { ...options, json: true },
        interrupted,
        (terminal, reporter) => runShell(terminal, reporter, options),
        false,
      );
    case 'parse':
      return parseFiles(options.operands);
    case 'codec':
      return runCodecCommand(options);
    case 'jitter':
      return runJitterCommand(options);
    case 'ipsec-man':
      return runManCommand(options.manual ?? fail('ipsec-man needs FILE, --local-address and --remote-address'));
    default:
      throw usage(options.command === '' ? 'No command given' : `No command "${options.command}"`);
  }
}

function fail(why: string): never {
  throw usage(why);
}

type Work = (terminal: TerminalAgent, reporter: Reporter) => Promise<ExitCode>;

/** @param mustRegister false: the work goes on although registration failed */
async function withAgent(
  options: CommandOptions,
  interrupted: Promise<void>,
  work: Work,
  mustRegister = true,
): Promise<ExitCode> {
  const { account, trace, verbose, codecs, vici } = options;
  if (!account) throw usage(`${options.command} needs --identity or --user`);
  const reporter = new Reporter(options.json);
  // Nothing is written for who neither registers nor has keys.
  const store = account.register === false && !account.aka ? null : DeviceState.open();
  const terminal = new TerminalAgent({
    account: await withInstance(account, store),
    reporter,
    trace,
    verbose,
    codecs,
    store,
    vici,
  });
  try {
    if (options.play !== null) terminal.desk.play(options.play, options.repeat);
    if (options.record !== null) terminal.desk.record(options.record);
    const stop = interrupted.then((): ExitCode => EXIT.interrupted);
    const run = async (): Promise<ExitCode> => {
      await terminal.start().catch((error: unknown) => {
        if (mustRegister) throw error;
        reporter.tell({ event: 'error', message: error instanceof Error ? error.message : String(error) });
      });
      return work(terminal, reporter);
    };
    return await Promise.race([run(), stop]);
  } finally {
    await terminal.stop();
  }
}

async function withInstance(account: Account, store: DeviceState | null): Promise<Account> {
  if (account.instanceId !== undefined || account.register === false || !store) return account;
  return { gruu: false, ...account, instanceId: await store.instance(new SystemRandom()) };
}

async function register(
  terminal: TerminalAgent,
  options: CommandOptions,
  interrupted: Promise<void>,
): Promise<ExitCode> {
  if (options.account?.register === false) throw usage('register and --no-register do not go together');
  if (!options.keep) return EXIT.done;
  await Promise.race([
    interrupted,
    terminal.waitFor(({ registration }) => (registration.state === 'unregistered' ? true : null)),
  ]);
  return EXIT.done;
}

async function call(terminal: TerminalAgent, options: CommandOptions): Promise<ExitCode> {
  const [target] = options.operands;
  if (target === undefined) throw usage('call needs a URI');
  const id = terminal.agent.call(target, options.call);
  const { timeout } = options;
  const answered = (): true | null => (terminal.call(id)?.answeredAt === null ? null : true);
  const late =
    timeout === null ? Promise.resolve(false) : terminal.waitFor(answered, timeout).then((found) => found === null);
  void late.then((isLate) => (isLate ? terminal.agent.hangup(id).catch(() => undefined) : undefined));
  const last = await talk(terminal, id, options);
  if (last?.answeredAt != null) return EXIT.done;
  if (await late) return EXIT.timeout;
  throw new CommandError(EXIT.call, `The call failed: ${describeFailure(last?.failure ?? null)}`);
}

async function answer(terminal: TerminalAgent, options: CommandOptions): Promise<ExitCode> {
  const seen = new Set<string>();
  for (let done = 0; done < options.count; done++) {
    const incoming = await terminal.waitFor(
      ({ calls }) => calls.find((c) => c.direction === 'in' && c.state === 'ringing-in' && !seen.has(c.id)),
      options.timeout,
    );
    if (!incoming) return EXIT.timeout;
    const { id } = incoming;
    seen.add(id);
    if (options.delay > 0)
      await terminal.waitFor(() => (terminal.call(id)?.state === 'ringing-in' ? null : true), options.delay);
    if (terminal.call(id)?.state !== 'ringing-in') continue;
    if (options.reject !== null) await terminal.agent.reject(id, options.reject);
    else await terminal.agent.answer(id).catch(() => undefined);
    await talk(terminal, id, options);
  }
  return EXIT.done;
}

/** A file that cannot be read is told of, and the others are still judged. */
function parseFiles(files: readonly string[]): ExitCode {
  if (files.length === 0) throw usage('parse needs a file');
  let code: ExitCode = EXIT.done;
  for (const file of files) {
    const octets = readFile(file);
    if (octets === null) {
      code = EXIT.usage;
      continue;
    }
    const report = parseReport(file, octets);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    if (code === EXIT.done && (report.verdict !== 'accept' || report.response !== null)) code = EXIT.rejected;
  }
  return code;
}

/** @param file `-` is standard input @returns null if it cannot be read, after a word about it */
function readFile(file: string): Uint8Array | null {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    process.stderr.write(`ims: cannot read ${file}: ${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}
