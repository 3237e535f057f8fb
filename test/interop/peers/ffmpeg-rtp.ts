import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWav, type Sound } from '../../sound/wav-file.js';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import { listening } from './listening.js';

/** What is agreed on for a stream. */
export interface FfmpegStream {
  readonly payloadType: number;
  /** As in `a=rtpmap`. */
  readonly encoding: string;
  /** Hz */
  readonly sampleRate: number;
  /** As in `a=fmtp`. */
  readonly parameters?: string;
}

/** The media section that offers or takes `stream` at `port`. @returns lines */
export function mediaOf({ payloadType, encoding, sampleRate, parameters }: FfmpegStream, port: string): string[] {
  return [
    `m=audio ${port} RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${encoding}/${sampleRate}`,
    ...(parameters === undefined ? [] : [`a=fmtp:${payloadType} ${parameters}`]),
  ];
}

/** ffmpeg that receives RTP and records what it decodes. */
export class FfmpegEar {
  readonly #file: string;
  readonly #child: Child;

  private constructor(
    folder: string,
    readonly port: number,
    stream: FfmpegStream,
  ) {
    const description = join(folder, 'stream.sdp');
    this.#file = join(folder, 'heard-by-ffmpeg.wav');
    const session = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
    writeFileSync(description, [...session, ...mediaOf(stream, String(port)), ''].join('\r\n'));
    const input = ['-protocol_whitelist', 'file,udp,rtp', '-i', description];
    this.#child = new Child('ffmpeg, the ear', 'ffmpeg', [
      ...['-hide_banner', '-nostdin', '-y', ...input],
      ...['-ar', String(stream.sampleRate), '-ac', '1', this.#file],
    ]);
  }

  static async start(folder: string, stream: FfmpegStream): Promise<FfmpegEar> {
    const ear = new FfmpegEar(folder, await freePort('127.0.0.1', 2), stream);
    await listening(ear.port);
    return ear;
  }

  /** Ends it. @returns what it heard */
  async heard(): Promise<Sound> {
    await this.stop();
    return readWav(this.#file);
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }
}

/** ffmpeg says a file at the pace of speech. @param to stream and port of who hears it @throws Error */
export async function ffmpegSays(
  file: string,
  to: FfmpegStream & { readonly port: number },
  seconds: number,
): Promise<void> {
  const child = new Child('ffmpeg, the mouth', 'ffmpeg', [
    ...['-hide_banner', '-nostdin', '-re', '-t', String(seconds), '-i', file],
    ...['-c:a', `lib${to.encoding}`, '-ar', String(to.sampleRate), '-ac', '1'],
    ...['-payload_type', String(to.payloadType), '-f', 'rtp', `rtp://127.0.0.1:${to.port}`],
  ]);
  const code = await child.exited;
  if (code !== 0) throw new Error(`ffmpeg cannot say it (${code}):\n${child.tail()}`);
}
