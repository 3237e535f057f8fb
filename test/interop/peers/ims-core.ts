import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { AkaCredentials } from '../../../src/ims/account.js';
import { Kamailio } from './kamailio.js';

const run = promisify(execFile);
/** Loopback addresses that no other run at the same time has; beside those of the registrar without IMS. */
const OWN_NET = `127.${1 + ((process.pid >> 8) % 250)}.${process.pid & 255}`;

/** Keys of the lab's HSS: 3GPP TS 35.208 test sets 1 and 2. */
export const AKA_KEYS = {
  alice: { k: '465b5ce8b199b49faa5f0a2ee238a6bc', op: 'cdc202d5123e20f62b6d676ac72cb318' },
  bob: { k: '0396eb317b6d1c36f19c1c84cd6ffd16', op: 'ff53bade17df5d4e793073ce9d7579fa' },
} as const satisfies Record<string, AkaCredentials>;

/** The lab's IMS core: P-, I- and S-CSCF of Kamailio 5.6 with an HSS behind them. */
export class ImsCore {
  readonly domain = 'ims.test';
  readonly address = `${OWN_NET}.21`;
  readonly #env: NodeJS.ProcessEnv;

  constructor(private readonly folder: string) {
    this.#env = {
      ...process.env,
      IC_RUN: resolve(folder),
      IC_PCSCF_IP: this.address,
      IC_ICSCF_IP: `${OWN_NET}.22`,
      IC_SCSCF_IP: `${OWN_NET}.23`,
      IC_HSS_IP: `${OWN_NET}.24`,
    };
  }

  async start(): Promise<void> {
    try {
      await run(join(Kamailio.lab, 'start.sh'), ['ims'], { env: this.#env, timeout: 60_000 });
    } catch (error) {
      await this.stop();
      const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
      throw new Error(`The IMS core did not start:\n${output}`);
    }
  }

  async stop(): Promise<void> {
    await run(join(Kamailio.lab, 'stop.sh'), ['--wipe'], { env: this.#env, timeout: 30_000 });
  }

  /** `sip:` URI of the P-CSCF for a transport. */
  proxy(transport: 'udp' | 'tcp' | 'tls'): string {
    return `sip:${this.address}:${transport === 'tls' ? 5061 : 5060};transport=${transport}`;
  }

  /** The authority behind its TLS certificate. */
  get authorityFile(): string {
    return join(this.folder, 'tls', 'ca.crt');
  }

  /** The certificate of the P-CSCF. */
  get certificateFile(): string {
    return join(this.folder, 'tls', 'server.crt');
  }

  /** What the HSS wrote so far: its answers to UAR, MAR, SAR and LIR. */
  get hssLog(): string {
    return readFileSync(join(this.folder, 'log', 'hss.log'), 'utf8');
  }
}
