import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { readWav, type Sound } from '../../sound/wav-file.js';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import type { Subscriber } from './kamailio.js';
import { NetstringReader, netstring } from './netstring.js';

/** baresip's code for letting go of a key. */
const KEY_RELEASED = '\u0004';

export interface BaresipOptions {
  readonly folder: string;
  readonly account: Subscriber;
  /** `sip:` URI with transport; null: it does not register and is called at its own port. */
  readonly proxy: string | null;
  /** WAV, mono, at the codec's rate, sent from the moment a call is answered, once. */
  readonly sound: string;
  /** `NAME/RATE/CHANNELS`, as baresip calls it. */
  readonly codec: string;
  /** The module that has the codec. Default g711. */
  readonly codecModule?: string;
  /** URI that it writes messages to; with it, those that come can be read. */
  readonly writesTo?: string;
  /** Further lines of its configuration. */
  readonly lines?: readonly string[];
  /** For TLS: folder with `ca.crt` that signed the proxy, and `server.key`, `server.crt` to be called at. */
  readonly tlsFolder?: string;
  readonly answer?: 'auto' | 'manual';
}

/** An event of baresip's ctrl_tcp module. */
export interface BaresipEvent {
  readonly type: string;
  readonly peeruri?: string;
  readonly param?: string;
}

const MODULES = [
  '/usr/lib/baresip/modules',
  '/usr/lib/x86_64-linux-gnu/baresip/modules',
  '/usr/local/lib/baresip/modules',
];

/** baresip 1.x without sound card: plays a file, writes what it hears to a file, is driven over ctrl_tcp. */
export class Baresip {
  readonly events: BaresipEvent[] = [];
  readonly #child: Child;
  readonly #control: Socket;
  readonly #waiting = new Set<() => void>();
  #console: Socket | null = null;
  #shown = '';

  private constructor(
    private readonly options: BaresipOptions,
    /** Where it is called directly. */
    readonly port: number,
    child: Child,
    control: Socket,
  ) {
    this.#child = child;
    this.#control = control;
    const reader = new NetstringReader((text) => this.#receive(text));
    control.on('data', (data) => reader.push(data));
    control.on('error', () => undefined);
  }

  /** Starts it and waits until it is registered. */
  static async start(options: BaresipOptions): Promise<Baresip> {
    const sip = await freePort('127.0.0.1', 2);
    const control = await freePort();
    const shown = await freePort();
    writeConfiguration(options, sip, control, shown);
    const child = new Child(`baresip ${options.account.user}`, 'baresip', ['-f', options.folder]);
    try {
      await child.waitForText(options.proxy === null ? /baresip is ready/ : /200 OK .*\[\d+ binding/);
      const baresip = new Baresip(options, sip, child, await open(control));
      // What it shows to people goes to its console alone.
      if (options.writesTo !== undefined) baresip.#watch(await open(shown));
      return baresip;
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  get log(): string {
    return this.#child.output;
  }

  dial(target: string): void {
    this.#command('dial', target);
  }

  accept(): void {
    this.#command('accept');
  }

  hangup(): void {
    this.#command('hangup');
  }

  /** Sends a message to {@link BaresipOptions.writesTo}. */
  write(text: string): void {
    this.#command('message', text);
  }

  /** Waits for a message that came. */
  async read(from: string, text: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!this.#shown.includes(`${from}: "${text}"`)) {
      if (Date.now() > deadline) throw new Error(`baresip: no message "${text}", but ${this.#shown}`);
      await this.#change(deadline - Date.now());
    }
  }

  /** Presses a key for 100 ms, by telephone-event. */
  async digit(key: string): Promise<void> {
    this.#command('sndcode', key);
    await new Promise((resolve) => setTimeout(resolve, 100));
    this.#command('sndcode', KEY_RELEASED);
  }

  /** Waits for so many keys of the other side. @returns them */
  async keys(count: number): Promise<string> {
    const pressed = (): string[] =>
      this.events.filter(({ type }) => type === 'CALL_DTMF_START').map(({ param = '' }) => param);
    const deadline = Date.now() + 20_000;
    while (pressed().length < count && Date.now() < deadline) await this.#change(deadline - Date.now());
    return pressed().join('');
  }

  /** Waits for an event of this type after the `from`th. */
  async waitFor(type: string, timeout = 20_000, from = 0): Promise<BaresipEvent> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const found = this.events.slice(from).find((event) => event.type === type);
      if (found) return found;
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(
          `baresip: no ${type} within ${timeout} ms; had ${this.events.map((e) => e.type).join(' ')}\n${this.#child.tail()}`,
        );
      await this.#change(left);
    }
  }

  /** What it heard in its last call. Complete once the call is closed. */
  heard(): Sound {
    return this.#recording('dec');
  }

  async stop(): Promise<void> {
    this.#control.destroy();
    this.#console?.destroy();
    await this.#child.stop();
  }

  #watch(socket: Socket): void {
    this.#console = socket;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      this.#shown += data.toString();
      this.#wake();
    });
  }

  #recording(direction: 'enc' | 'dec'): Sound {
    const files = readdirSync(this.options.folder).filter((file) => file.endsWith(`-${direction}.wav`));
    const [last] = files.sort().reverse();
    if (last === undefined) throw new Error(`baresip recorded nothing\n${this.#child.tail()}`);
    return readWav(join(this.options.folder, last));
  }

  #command(command: string, params = ''): void {
    this.#control.write(netstring(JSON.stringify({ command, params, token: command })));
  }

  #receive(text: string): void {
    const message: unknown = JSON.parse(text);
    if (isEvent(message)) this.events.push(message);
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #change(timeout: number): Promise<void> {
    return new Promise((done) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        done();
      };
      const timer = setTimeout(wake, timeout);
      this.#waiting.add(wake);
    });
  }
}

function isEvent(message: unknown): message is BaresipEvent {
  return typeof message === 'object' && message !== null && 'event' in message && 'type' in message;
}

function writeConfiguration(options: BaresipOptions, sip: number, control: number, shown: number): void {
  const { folder, account } = options;
  const modules = MODULES.find((path) => {
    try {
      return readdirSync(path).includes('account.so');
    } catch {
      return false;
    }
  });
  mkdirSync(folder, { recursive: true });
  const parameters = [
    `auth_user=${account.privateIdentity}`,
    `auth_pass=${account.password}`,
    ...(options.proxy === null ? ['regint=0'] : [`outbound="${options.proxy}"`, 'regint=600']),
    `audio_codecs=${options.codec}`,
    `answermode=${options.answer ?? 'manual'}`,
  ];
  const transport = /transport=\w+/.exec(options.proxy ?? '')?.[0] ?? 'transport=udp';
  writeFileSync(join(folder, 'accounts'), `<${account.identity};${transport}>;${parameters.join(';')}\n`);
  const contact = options.writesTo;
  writeFileSync(join(folder, 'contacts'), contact === undefined ? '' : `"Peer" <${contact}>\n`);
  writeFileSync(join(folder, 'current_contact'), contact ?? '');
  const lines = [
    `sip_listen 127.0.0.1:${sip}`,
    'net_interface 127.0.0.1',
    ...(options.tlsFolder === undefined ? [] : tlsLines(options.tlsFolder, folder)),
    'jitter_buffer_delay 1-3',
    `module_path ${modules ?? ''}`,
    `module ${options.codecModule ?? 'g711'}.so`,
    ...(options.lines ?? []),
    ...(contact === undefined ? [] : ['module cons.so', `cons_listen 127.0.0.1:${shown}`, 'module_app contact.so']),
    'module sndfile.so',
    'module aufile.so',
    `audio_source aufile,${resolve(options.sound)}`,
    `snd_path ${resolve(folder)}`,
    'module_app account.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${control}`,
    'module_tmp uuid.so',
  ];
  writeFileSync(join(folder, 'config'), `${lines.join('\n')}\n`);
}

/** baresip is called at a TLS port of its own, so it needs a certificate as well as the authority. */
function tlsLines(tlsFolder: string, folder: string): string[] {
  const certificate = join(folder, 'certificate.pem');
  writeFileSync(
    certificate,
    ['server.key', 'server.crt'].map((file) => readFileSync(join(tlsFolder, file), 'utf8')).join('\n'),
  );
  return [`sip_cafile ${resolve(tlsFolder, 'ca.crt')}`, `sip_certificate ${resolve(certificate)}`];
}

function open(port: number): Promise<Socket> {
  return new Promise((done, reject) => {
    const socket = connect(port, '127.0.0.1', () => done(socket));
    socket.once('error', reject);
  });
}
