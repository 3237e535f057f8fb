import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { NetworkError, type NetworkErrorReason } from '../../../src/net/network.js';

/** Runs lines of `ip -batch`, one process each: `ip xfrm` ends at the first error and does not say where. */
export interface IpCommand {
  /** @throws NetworkError */
  run(line: string): Promise<void>;
  /** For the last moment of a process. @returns whether it went well */
  runNow(line: string): boolean;
}

/** ms for one change of the kernel's tables. */
const TIMEOUT = 10_000;
const MAX_MESSAGE = 400;

/** The helper that may change xfrm and nothing else (docs/ipsec.md), if the variable names one; else iproute2. */
export class SystemIp implements IpCommand {
  readonly #program: string | null;
  readonly #arguments: readonly string[];

  /** @param helper program that takes the same lines as `ip -batch -`; words separated by spaces */
  constructor(helper: string | undefined = process.env['IMS_XFRM_HELPER']) {
    const words = helper?.split(' ').filter((word) => word !== '') ?? [];
    this.#program = words[0] ?? findIp();
    this.#arguments = words.length > 0 ? words.slice(1) : ['-batch', '-'];
  }

  run(line: string): Promise<void> {
    const program = this.#program;
    if (program === null) return Promise.reject(noTool());
    return new Promise((resolve, reject) => {
      // Keys go through standard input: every user can read the arguments of a process.
      const child = spawn(program, this.#arguments, { stdio: ['pipe', 'ignore', 'pipe'], timeout: TIMEOUT });
      let complaint = '';
      child.stderr
        .setEncoding('utf8')
        .on('data', (text: string) => (complaint = (complaint + text).slice(0, MAX_MESSAGE)));
      child.stdin.on('error', () => undefined);
      child.on('error', (error) => reject(failedToStart(error)));
      child.on('close', (status) => (status === 0 ? resolve() : reject(errorFrom(complaint, status))));
      child.stdin.end(`${line}\n`);
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
  const text = complaint.replace(/\s+/g, ' ').trim();
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
