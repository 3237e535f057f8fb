import { join } from 'node:path';
import { readWav, type Sound } from '../../sound/wav-file.js';
import type { Lab } from '../lab.js';
import type { OurSide } from '../our-side.js';
import { freePort } from './free-port.js';
import { ImsCommand } from './ims-command.js';

/** `ims shell`: lives on after a call until the peer is content. */
export class CommandSide implements OurSide {
  private constructor(
    private readonly command: ImsCommand,
    private readonly file: string,
    readonly localPort: number,
  ) {}

  static async start(lab: Lab): Promise<CommandSide> {
    const file = join(lab.fresh('ims'), 'heard.wav');
    const localPort = await freePort();
    const args = ['shell', '--play', lab.sounds.speechFile, '--repeat', '--record', file];
    const command = new ImsCommand(args, {
      publicIdentity: 'sip:alice@127.0.0.1',
      register: false,
      localPort,
      authorityFile: lab.authorityFile,
    });
    await command.waitFor('ready');
    return new CommandSide(command, file, localPort);
  }

  dial(target: string): Promise<void> {
    this.command.line(`call ${target}`);
    return Promise.resolve();
  }

  async answer(): Promise<void> {
    await this.command.waitFor('call', 'ringing-in');
    this.command.line('answer');
  }

  async active(): Promise<void> {
    await this.command.waitFor('call', 'active');
  }

  hangup(): Promise<void> {
    this.command.line('hangup');
    return Promise.resolve();
  }

  async ended(): Promise<void> {
    await this.command.waitFor('call', 'ended');
  }

  async heard(): Promise<Sound> {
    this.command.line('quit');
    await this.command.ended();
    return readWav(this.file);
  }

  close(): Promise<void> {
    return this.command.stop();
  }
}
