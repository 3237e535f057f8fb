import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '../../../src/ims/account.js';
import { Child } from './child.js';

/** Only what the command line can say. */
export type CommandAccount = Pick<
  Account,
  'publicIdentity' | 'password' | 'aka' | 'proxy' | 'register' | 'localPort'
> & {
  readonly authorityFile?: string;
};

/** What a command keeps for the next one, as long as this run lasts. */
const STATE = mkdtempSync(join(tmpdir(), 'ims-state-'));
process.once('exit', () => rmSync(STATE, { recursive: true, force: true }));

interface CommandEvent {
  readonly event: string;
  readonly state?: string;
  readonly failure?: { readonly reason: string } | null;
  readonly text?: string;
  readonly from?: { readonly uri: string };
  readonly identities?: readonly { readonly state: string; readonly event: string | null }[];
}

/** Our side without a page: the `ims` command as a process, read by its JSON lines. */
export class ImsCommand {
  readonly #child: Child;

  constructor(args: readonly string[], account: CommandAccount) {
    const { password, aka, publicIdentity, proxy, register, localPort, authorityFile } = account;
    const identity = ['--identity', publicIdentity, '--json', '--trace'];
    if (proxy !== undefined) identity.push('--proxy', proxy);
    if (register === false) identity.push('--no-register');
    if (localPort !== undefined) identity.push('--local-port', String(localPort));
    if (authorityFile !== undefined) identity.push('--ca', authorityFile);
    if (aka?.sqn !== undefined) identity.push('--aka-sqn', aka.sqn);
    const env: NodeJS.ProcessEnv = { ...process.env, XDG_STATE_HOME: STATE };
    if (password !== undefined || !aka) env['IMS_PASSWORD'] = password ?? '';
    if (aka) env['IMS_AKA_K'] = aka.k;
    if (aka?.op !== undefined) env['IMS_AKA_OP'] = aka.op;
    if (aka?.opc !== undefined) env['IMS_AKA_OPC'] = aka.opc;
    this.#child = new Child(`ims ${args[0] ?? ''}`, process.execPath, ['dist/cli/ims.js', ...args, ...identity], {
      env,
      input: true,
    });
  }

  get output(): string {
    return this.#child.output;
  }

  /** Events so far, oldest first. */
  get events(): readonly CommandEvent[] {
    return this.#child.output
      .split('\n')
      .flatMap((line) => (line.startsWith('{"event"') ? [JSON.parse(line) as CommandEvent] : []));
  }

  /** Waits for a message that came, and looks that it came once. @returns URI of its sender */
  async message(text: string): Promise<string> {
    const find = (): CommandEvent[] => this.events.filter((e) => e.event === 'message' && e.text === text);
    await this.#child.waitFor(`a message ${text.slice(0, 40)}`, () => (find().length > 0 ? true : null));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const [first, ...more] = find();
    if (more.length > 0) throw new Error(`${this.#child.name}: ${text.slice(0, 40)} came ${1 + more.length} times`);
    return first?.from?.uri ?? '';
  }

  line(text: string): void {
    this.#child.write(`${text}\n`);
  }

  /** Waits for an event in a state. */
  waitFor(event: string, state?: string, timeout?: number): Promise<CommandEvent> {
    const find = (): CommandEvent | undefined =>
      this.events.find((e) => e.event === event && (state === undefined || e.state === state));
    return this.#child.waitFor(`${event} ${state ?? ''}`, find, timeout);
  }

  /** Waits until the reg event told this of an identity. */
  identity(state: string, event: string): Promise<unknown> {
    const find = (): CommandEvent | undefined =>
      this.events.find((e) => e.identities?.some((identity) => identity.state === state && identity.event === event));
    return this.#child.waitFor(`an identity ${state} by ${event}`, find);
  }

  /** Waits until the newest event of this name is in a state. */
  waitForLast(event: string, state: string, timeout?: number): Promise<CommandEvent> {
    const find = (): CommandEvent | null => {
      const [last] = this.events.filter((e) => e.event === event).slice(-1);
      return last?.state === state ? last : null;
    };
    return this.#child.waitFor(`${event} ${state} at last`, find, timeout);
  }

  /** Registers again, in a shell, and waits for that: by the trace, since states that follow each other may be one event. */
  async refresh(): Promise<void> {
    const accepted = (): number =>
      this.output.match(/^SIP\/2\.0 200 .*\r?\n(?:[^\r\n]+\r?\n)*?CSeq: \d+ REGISTER/gm)?.length ?? 0;
    const before = accepted();
    this.line('register');
    await this.#child.waitFor('another 200 to a REGISTER', () => (accepted() > before ? true : null));
    await this.waitForLast('registration', 'registered');
  }

  /** Waits for text among everything it said, its trace included. */
  async waitForText(pattern: RegExp, timeout?: number): Promise<void> {
    await this.#child.waitForText(pattern, timeout);
  }

  /** Waits for its end. @throws Error if it ends with another code */
  async ended(code = 0): Promise<void> {
    const actual = await this.#child.exited;
    if (actual !== code) throw new Error(`ims ended with ${actual} instead of ${code}:\n${this.#child.tail(80)}`);
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }
}
