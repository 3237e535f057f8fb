import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWav, type Sound } from '../../sound/wav-file.js';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import { listening } from './listening.js';

/** Linphone's softphone for a terminal, without sound card, proxy and video: plays a file, records what it hears, takes every call. */
export class Linphone {
  private constructor(
    private readonly child: Child,
    /** Where it is called. */
    readonly port: number,
    private readonly recording: string,
  ) {}

  /** @param sound WAV that it says, again and again */
  static async start(folder: string, sound: string): Promise<Linphone> {
    const [port, media] = [await freePort(), await freePort('127.0.0.1', 2)];
    const configuration = join(folder, 'linphonerc');
    const lines = [
      ...['[sip]', `sip_port=${port}`, 'sip_tcp_port=0', 'sip_tls_port=0', 'bind_address=127.0.0.1'],
      ...['contact="bob" <sip:bob@127.0.0.1>', 'guess_hostname=0', 'ipv6_migration_done=1', 'use_ipv6=0'],
      ...['[rtp]', `audio_rtp_port=${media}`, '[net]', 'firewall_policy=0', 'mtu=0', '[video]', 'enabled=0', ''],
    ];
    writeFileSync(configuration, lines.join('\n'));
    // It wants a place for its history.
    mkdirSync(join(folder, '.local', 'share', 'linphone'), { recursive: true });
    const env = { ...process.env, HOME: folder };
    const child = new Child('linphone', 'linphonec', ['-c', configuration, '-a', '-d', '0'], { env, input: true });
    const linphone = new Linphone(child, port, join(folder, 'heard-by-linphone.wav'));
    await listening(port);
    for (const line of ['soundcard use files', `play ${sound}`, `record ${linphone.recording}`]) linphone.line(line);
    return linphone;
  }

  line(text: string): void {
    this.child.write(`${text}\n`);
  }

  async waitForText(pattern: RegExp): Promise<void> {
    await this.child.waitForText(pattern);
  }

  /** Ends it. @returns what it heard in its last call */
  async heard(): Promise<Sound> {
    this.line('quit');
    await this.child.exited;
    return readWav(this.recording);
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}
