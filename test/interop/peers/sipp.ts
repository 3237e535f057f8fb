import { dirname, join, resolve } from 'node:path';
import { Child } from './child.js';
import { freePort } from './free-port.js';

export type SippScenario =
  'uac-hangs-up' | 'uac-is-hung-up' | 'uas-hangs-up' | 'uas-is-hung-up' | 'uas-busy' | 'uac-cancels';

export interface SippOptions {
  readonly scenario: SippScenario;
  /** Where its logs go; `tone.alaw` is in the folder above. */
  readonly folder: string;
  /** `host:port` it calls, or answers to. */
  readonly remote: string;
  readonly transport?: 'udp' | 'tcp';
  /** User part of the request URI. */
  readonly callee?: string;
  readonly port?: number;
  /** Port that it calls itself in Via and Contact: a relay before it. Default its own. */
  readonly visiblePort?: number;
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
    const port = options.port ?? (await freePort());
    const media = await freePort('127.0.0.1', 4);
    const file = resolve('test/interop/scenarios', `${options.scenario}.xml`);
    const args = [
      '-sf',
      file,
      '-m',
      '1',
      '-nostdin',
      '-i',
      '127.0.0.1',
      '-p',
      String(port),
      '-mi',
      '127.0.0.1',
      '-mp',
      String(media),
    ];
    args.push(
      '-t',
      options.transport === 'tcp' ? 't1' : 'u1',
      '-s',
      options.callee ?? 'ims',
      '-timeout',
      '40s',
      '-timeout_error',
    );
    args.push('-key', 'visible_port', String(options.visiblePort ?? port), '-d', String(options.talk ?? 3000));
    args.push('-key', 'tap_port', String(options.tapPort));
    args.push('-trace_err', '-error_file', join(options.folder, `${options.scenario}-errors.log`));
    args.push('-trace_msg', '-message_file', join(options.folder, `${options.scenario}-messages.log`));
    args.push(options.remote);
    const child = new Child(`sipp ${options.scenario}`, 'sipp', args, { cwd: dirname(options.folder) });
    // A server is ready once it has bound its port; SIPp says nothing about that.
    await new Promise((done) => setTimeout(done, 300));
    return new Sipp(child, port);
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
