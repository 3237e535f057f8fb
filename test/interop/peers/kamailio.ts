import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LAB = '../shared/lab/ims-core';
/** Loopback addresses that no other run at the same time has. */
const OWN_NET = `127.${1 + ((process.pid >> 8) % 250)}.${process.pid & 255}`;

export interface Subscriber {
  readonly user: string;
  readonly identity: string;
  readonly privateIdentity: string;
  readonly password: string;
}

/** The lab's registrar and proxy: Kamailio 5.6 with digest, on loopback addresses of its own. */
export class Kamailio {
  static readonly lab = LAB;
  readonly domain = 'ims.test';
  readonly address = `${OWN_NET}.10`;
  readonly #env: NodeJS.ProcessEnv;

  constructor(private readonly folder: string) {
    this.#env = { ...process.env, IC_RUN: resolve(folder), IC_CORE_IP: this.address, IC_AS_IP: `${OWN_NET}.11` };
  }

  static get present(): boolean {
    return existsSync(join(LAB, 'start.sh'));
  }

  async start(): Promise<void> {
    try {
      await run(join(LAB, 'start.sh'), ['core'], { env: this.#env, timeout: 60_000 });
    } catch (error) {
      await this.stop();
      const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
      throw new Error(`Kamailio did not start:\n${output}`);
    }
  }

  async stop(): Promise<void> {
    await run(join(LAB, 'stop.sh'), ['--wipe'], { env: this.#env, timeout: 30_000 });
  }

  /** `sip:` URI of the proxy for a transport. */
  proxy(transport: 'udp' | 'tcp' | 'tls'): string {
    return `sip:${this.address}:${transport === 'tls' ? 5061 : 5060};transport=${transport}`;
  }

  /** Holds `ca.crt`, the authority behind its TLS certificate, and `server.key`, `server.crt`. */
  get tlsFolder(): string {
    return join(this.folder, 'tls');
  }

  subscriber(user: 'alice' | 'bob' | 'carol' | 'dave'): Subscriber {
    const identity = `${user}@${this.domain}`;
    return { user, identity: `sip:${identity}`, privateIdentity: identity, password: `${user}-secret` };
  }

  /** Takes every contact of an identity away: those of pages that were closed without a farewell. */
  async forget(user: string): Promise<void> {
    await this.#control('ul.rm', 'location', `${user}@${this.domain}`).catch(() => undefined);
  }

  /** Contacts that are registered for an identity now. */
  async contacts(user: string): Promise<readonly string[]> {
    const answer = await this.#control('ul.lookup', 'location', `${user}@${this.domain}`).catch(() => '');
    return [...answer.matchAll(/Address: (\S+)/g)].map((match) => match[1] ?? '');
  }

  /** From now on TLS is for those only who have a certificate of its own authority, or for everybody again. */
  async requireCertificates(on: boolean): Promise<void> {
    const file = join(this.folder, 'etc', 'tls.cfg');
    const [server = '', ...rest] = readFileSync(file, 'utf8').split(/(?=^\[client)/m);
    const plain = server.replace(/^ca_list.*\n/m, '');
    const [from, to] = on ? ['no', 'yes'] : ['yes', 'no'];
    const changed = plain.replaceAll(`_certificate = ${from}`, `_certificate = ${to}`);
    const authority = on ? `ca_list = ${resolve(this.tlsFolder)}/ca.crt\n` : '';
    writeFileSync(file, [changed, authority, ...rest].join(''));
    await this.#control('tls.reload');
  }

  /** PEM files of a certificate that its authority made. */
  async clientCertificate(name: string): Promise<{ readonly certFile: string; readonly keyFile: string }> {
    const at = (end: string): string => join(this.tlsFolder, `${name}.${end}`);
    const openssl = (...args: string[]): Promise<unknown> => run('openssl', args);
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    await openssl('req', '-new', ...curve, '-keyout', at('key'), '-subj', `/CN=${name}`, '-out', at('csr'));
    const authority = [
      '-CA',
      join(this.tlsFolder, 'ca.crt'),
      '-CAkey',
      join(this.tlsFolder, 'ca.key'),
      '-CAcreateserial',
    ];
    await openssl('x509', '-req', '-in', at('csr'), ...authority, '-days', '30', '-out', at('crt'));
    return { certFile: at('crt'), keyFile: at('key') };
  }

  async #control(...command: readonly string[]): Promise<string> {
    const { stdout } = await run('kamcmd', ['-s', `unix:${join(this.folder, 'core.ctl')}`, ...command]);
    return stdout;
  }
}
