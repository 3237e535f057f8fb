import { join } from 'node:path';
import { resample } from '../../sound/resample.js';
import { readWav } from '../../sound/wav-file.js';
import { judgeSpeech, judgeTone } from '../judge-sound.js';
import { pause, type Lab } from '../lab.js';
import { FfmpegEar, ffmpegSays, mediaOf, type FfmpegStream } from '../peers/ffmpeg-rtp.js';
import { freePort } from '../peers/free-port.js';
import { ImsCommand } from '../peers/ims-command.js';
import { Sipp } from '../peers/sipp.js';
import { sippScript, type SippStep } from '../peers/sipp-script.js';
import type { Suite } from '../suite.js';

/** A codec that baresip lacks and ffmpeg has for RTP. */
interface PeerCodec extends FfmpegStream {
  /** For `ims --codec`. */
  readonly ours: string;
  /** dB that the tone must stand above the rest after the codec; null: ffmpeg has no encoder. */
  readonly tone: number | null;
  /** How much alike speech must be after the codec. */
  readonly speech: number;
  /** Its mouth uses the payload type of its answer, against RFC 3264 §6.1, as some do, and not that of our offer. */
  readonly stray?: boolean;
}

const CODECS: readonly PeerCodec[] = [
  { ours: 'speex', payloadType: 97, encoding: 'speex', sampleRate: 8000, tone: 15, speech: 0.8, stray: true }, // prettier-ignore
  { ours: 'speex/16000', payloadType: 98, encoding: 'speex', sampleRate: 16_000, tone: 15, speech: 0.85 },
  { ours: 'speex/32000', payloadType: 99, encoding: 'speex', sampleRate: 32_000, tone: 15, speech: 0.85 },
  { ours: 'iLBC', payloadType: 100, encoding: 'iLBC', sampleRate: 8000, parameters: 'mode=20', tone: null, speech: 0.8 }, // prettier-ignore
  { ours: 'iLBC', payloadType: 100, encoding: 'iLBC', sampleRate: 8000, parameters: 'mode=30', tone: null, speech: 0.8 }, // prettier-ignore
];

/** s: we speak; then ffmpeg does too, from a port of its own, which draws our sound away from its ear. */
const EAR = 4;
const MOUTH = 3;

/** `ims` calls SIPp, whose ear and mouth are ffmpeg's: RTP of codecs that no softphone of Debian has. */
export async function codecsWithFfmpeg(suite: Suite, lab: Lab): Promise<void> {
  const calls = CODECS.map((codec) => () => {
    const name = [codec.ours, codec.parameters].filter(Boolean).join(' ');
    return suite.check(`ims and ffmpeg talk by ${name} over RTP`, () => talk(lab, codec));
  });
  // They wait more than they work.
  const worker = async (): Promise<void> => {
    for (let next = calls.shift(); next; next = calls.shift()) await next();
  };
  await Promise.all([worker(), worker(), worker()]);
}

async function talk(lab: Lab, codec: PeerCodec): Promise<string> {
  const folder = lab.fresh('ffmpeg');
  const ear = await FfmpegEar.start(folder, codec);
  const port = await freePort();
  const sipp = await Sipp.start({
    scenario: { name: 'takes-codec', text: sippScript('takes-codec', answerWith(codec)), serves: true },
    folder,
    remote: '127.0.0.1',
    port,
    tapPort: ear.port,
  });
  try {
    const file = join(folder, 'heard.wav');
    const duration = codec.tone === null ? EAR : EAR + MOUTH + 1;
    const call = ['call', `sip:sipp@127.0.0.1:${port}`, '--codec', codec.ours, '--duration', String(duration)];
    const command = new ImsCommand([...call, '--play', lab.sounds.speechFile, '--repeat', '--record', file], {
      publicIdentity: 'sip:alice@127.0.0.1',
      register: false,
    });
    await command.waitFor('call', 'active');
    let said = 'no encoder there';
    if (codec.tone !== null) {
      await pause(EAR * 1000);
      await ffmpegSays(lab.sounds.toneFileAt(codec.sampleRate), offered(command, codec), MOUTH);
    }
    await Promise.all([command.ended(), sipp.finished()]);
    if (codec.tone !== null) said = `we heard ${judgeTone(readWav(file), codec.tone)}`;
    const heard = resample(await ear.heard(), 8000);
    return `${said}; ffmpeg: ${judgeSpeech(lab.sounds.speech, heard, codec.speech)}`;
  } finally {
    await Promise.all([ear.stop(), sipp.stop()]);
  }
}

/** Where our offer wants the codec, and by which number. */
function offered(command: ImsCommand, codec: PeerCodec): FfmpegStream & { readonly port: number } {
  const find = (pattern: string): number => Number(new RegExp(pattern, 'm').exec(command.output)?.[1]);
  const payloadType = find(`^a=rtpmap:(\\d+) ${codec.encoding}/${codec.sampleRate}\r?$`);
  return { ...codec, port: find('^m=audio (\\d+) '), payloadType: codec.stray ? codec.payloadType : payloadType };
}

function answerWith(codec: PeerCodec): readonly SippStep[] {
  const session = ['v=0', 'o=sipp 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
  return [
    { kind: 'request', method: 'INVITE' },
    { kind: 'answer', line: '200 OK', tag: 's1', sdp: [...session, ...mediaOf(codec, '[tap_port]')].join('\n') },
    { kind: 'request', method: 'ACK' },
    { kind: 'request', method: 'BYE' },
    { kind: 'answer', line: '200 OK' },
  ];
}
