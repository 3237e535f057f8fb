import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { NetworkError, type NetworkErrorReason } from '../../../src/net/network.js';

/** Runs lines of `ip -batch`. */
export interface IpCommand {
  /** In their order, up to the first that fails. Never rejects. */
  run(lines: readonly string[]): Promise<BatchResult>;
  /** For the last moment of a process. @returns whether it went well */
  runNow(line: string): boolean;
}

export interface BatchResult {
  /** Lines that went well. */
  readonly done: number;
  /** Why the next one did not; null: all did. */
  readonly error: NetworkError | null;
}

/** `ip xfrm` ends at the first error and does not say where: after each line, this one tells that it came so far. */
const MILESTONE = 'xfrm state count';
const MILESTONE_SAYS = /SAD count/g;

/** ms for one change of the kernel's tables. */
const TIMEOUT = 10_000;
/** Characters of what is printed that are looked at, and of a complaint that are passed on. */
const MAX_OUTPUT = 4000;
const MAX_MESSAGE = 400;

/** The helper that may change xfrm and nothing else (docs/ipsec.md), if the variable names one; else iproute2. */
export class SystemIp implements IpCommand {
  readonly #program: string | null;
  readonly #arguments: readonly string[];
  readonly #oneByOne: boolean;

  /** @param helper program that takes one line as of `ip -batch -`; words separated by spaces */
  constructor(helper: string | undefined = process.env['IMS_XFRM_HELPER']) {
    const words = helper?.split(' ').filter((word) => word !== '') ?? [];
    this.#oneByOne = words.length > 0;
    this.#program = words[0] ?? findIp();
    this.#arguments = words.length > 0 ? words.slice(1) : ['-batch', '-'];
  }

  async run(lines: readonly string[]): Promise<BatchResult> {
    if (!this.#oneByOne) return this.#runBatch(lines);
    for (const [done, line] of lines.entries()) {
      const { error } = await this.#spawn(line);
      if (error) return { done, error };
    }
    return { done: lines.length, error: null };
  }

  /** One process for all of them: a set of associations is eight lines, and a registration waits for it. */
  async #runBatch(lines: readonly string[]): Promise<BatchResult> {
    const { output, error } = await this.#spawn(lines.map((line) => `${line}\n${MILESTONE}`).join('\n'));
    return { done: error ? (output.match(MILESTONE_SAYS) ?? []).length : lines.length, error };
  }

  #spawn(input: string): Promise<{ readonly output: string; readonly error: NetworkError | null }> {
    const program = this.#program;
    if (program === null) return Promise.resolve({ output: '', error: noTool() });
    return new Promise((resolve) => {
      // Keys go through standard input: every user can read the arguments of a process.
      const child = spawn(program, this.#arguments, { stdio: ['pipe', 'pipe', 'pipe'], timeout: TIMEOUT });
      const texts = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (text: string) => {
          texts[name] = (texts[name] + text).slice(0, MAX_OUTPUT);
        });
      }
      const settle = (error: NetworkError | null): void => resolve({ output: texts.stdout, error });
      child.stdin.on('error', () => undefined);
      child.on('error', (error) => settle(failedToStart(error)));
      child.on('close', (status) => settle(status === 0 ? null : errorFrom(texts.stderr, status)));
      child.stdin.end(`${input}\n`);
    });
  }

  runNow(line: string): boolean {
    if (this.#program === null) return false;
    const options = { input: `${line}\n`, stdio: ['pipe', 'ignore', 'ignore'] as const, timeout: TIMEOUT };
    return spawnSync(this.#program, this.#arguments, { ...options, stdio: [...options.stdio] }).status === 0;
  }
}

/** Services often have no sbin in their PATH. */
function findIp(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return folders.map((folder) => join(folder, 'ip')).find((path) => existsSync(path)) ?? null;
}

/** What the kernel says through iproute2, and what it means for who asked. */
const COMPLAINTS: readonly (readonly [RegExp, NetworkErrorReason, string])[] = [
  [/operation not permitted|permission denied/i, 'ipsec-denied', 'it may not change security associations: CAP_NET_ADMIN is missing'],
  [/file exists/i, 'address-in-use', 'an association with this SPI or these ports exists'],
  [/algorithm not found|protocol not supported|not implemented|no such file|address family not supported|operation not supported|no buffer space|not available/i, 'ipsec-kernel', 'the kernel lacks ESP, XFRM or this algorithm'],
]; // prettier-ignore

function errorFrom(complaint: string, status: number | null): NetworkError {
  const text = complaint.replace(/\s+/g, ' ').trim().slice(0, MAX_MESSAGE);
  for (const [pattern, reason, meaning] of COMPLAINTS) {
    if (pattern.test(text)) return new NetworkError(reason, `IPsec: ${meaning} (${text})`);
  }
  return new NetworkError('internal', `IPsec: ip xfrm failed (${text || `status ${status ?? 'none: too slow'}`})`);
}

function failedToStart(error: Error & { readonly code?: string }): NetworkError {
  return error.code === 'ENOENT' ? noTool() : new NetworkError('ipsec-tool', `IPsec: ${error.message}`, error);
}

function noTool(): NetworkError {
  const hint = process.platform === 'linux' ? 'the program "ip" (package iproute2) is missing' : 'only Linux has xfrm';
  return new NetworkError('ipsec-tool', `IPsec: ${hint}`);
}
