import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import { listening } from './listening.js';

export type SippScenario =
  'uac-hangs-up' | 'uac-is-hung-up' | 'uas-hangs-up' | 'uas-is-hung-up' | 'uas-busy' | 'uac-cancels';

export interface SippOptions {
  /** A file of `test/interop/scenarios`, or the text of one, after {@link sippScript}. */
  readonly scenario: SippScenario | { readonly name: string; readonly text: string; readonly serves: boolean };
  /** Where its logs go; `tone.alaw` is in the folder above. */
  readonly folder: string;
  /** `host:port` it calls, or answers to. */
  readonly remote: string;
  /** Its own; default 127.0.0.1. */
  readonly address?: string;
  readonly transport?: 'udp' | 'tcp';
  /** False: it sends what its scenario says and nothing by itself; else it answers every copy with a copy. */
  readonly retransmits?: boolean;
  /** User part of the request URI. */
  readonly callee?: string;
  readonly port?: number;
  /** Port that it calls itself in Via and Contact: a relay before it. Default its own. */
  readonly visiblePort?: number;
  /** Transport of its Contact, where another one stands before it. */
  readonly visibleTransport?: string;
  /** Port where its ear is: a tap. */
  readonly tapPort: number;
  /** Milliseconds that a call lasts where SIPp ends it. After its tone began; default 3000. */
  readonly talk?: number;
}

/** One call of SIPp: a scenario of `test/interop/scenarios`. It says `tone.alaw`. */
export class Sipp {
  private constructor(
    private readonly child: Child,
    readonly port: number,
  ) {}

  static async start(options: SippOptions): Promise<Sipp> {
    const { address = '127.0.0.1' } = options;
    const port = options.port ?? (await freePort(address));
    const media = await freePort(address, 4);
    const { scenario } = options;
    const [name, serves] =
      typeof scenario === 'string' ? [scenario, scenario.startsWith('uas')] : [scenario.name, scenario.serves];
    const file =
      typeof scenario === 'string'
        ? resolve('test/interop/scenarios', `${name}.xml`)
        : resolve(options.folder, `${name}.xml`);
    if (typeof scenario !== 'string') writeFileSync(file, scenario.text);
    const args = [
      '-sf',
      file,
      '-m',
      '1',
      '-nostdin',
      '-i',
      address,
      '-p',
      String(port),
      '-mi',
      address,
      '-mp',
      String(media),
    ];
    args.push(
      '-t',
      options.transport === 'tcp' ? 't1' : 'u1',
      '-s',
      options.callee ?? 'ims',
      '-timeout',
      '60s',
      '-timeout_error',
    );
    args.push('-key', 'visible_port', String(options.visiblePort ?? port), '-d', String(options.talk ?? 3000));
    args.push('-key', 'visible_transport', options.visibleTransport ?? options.transport ?? 'udp');
    args.push('-key', 'tap_port', String(options.tapPort));
    args.push('-trace_err', '-error_file', join(options.folder, `${name}-errors.log`));
    args.push('-trace_msg', '-message_file', join(options.folder, `${name}-messages.log`));
    if (options.retransmits === false) args.push('-nr');
    args.push(options.remote);
    const child = new Child(`sipp ${name}`, 'sipp', args, { cwd: dirname(options.folder) });
    // A server is ready once it has bound its port; SIPp says nothing about that.
    const sipp = new Sipp(child, port);
    if (serves)
      await Promise.race([listening(port, address.includes(':') ? 6 : 4, options.transport), sipp.finished()]);
    return sipp;
  }

  /** Waits for its end. @throws Error when its scenario failed */
  async finished(): Promise<void> {
    const code = await this.child.exited;
    if (code !== 0) throw new Error(`SIPp failed (${code}):\n${this.child.tail(60)}`);
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}
