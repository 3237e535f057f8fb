import type { PlayoutFormat } from '../../src/media/audio/audio-engine.js';
import { findCodec, modulesFor } from '../../src/media/codec-registry.js';
import { FetchedModules } from '../../src/media/wasm/wasm-modules.js';
import type { GarbageOrder } from './garbage-order.js';

const CODECS = [
  ['PCMA', 8000],
  ['PCMU', 8000],
  ['G722', 8000],
  ['GSM', 8000],
  ['iLBC', 8000],
  ['AMR', 8000],
  ['AMR-WB', 16_000],
  ['speex', 16_000],
  ['DVI4', 8000],
  ['L16', 16_000],
] as const;
/** A packet's worth of each codec, so many times. */
const PACKETS = 50;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const tell = (path: string, body = ''): Promise<unknown> => fetch(path, { method: 'POST', body });

async function main(): Promise<void> {
  const formats: PlayoutFormat[] = CODECS.map(([name, clockRate], i) => ({
    payloadType: 96 + i,
    name,
    clockRate,
    fmtp: name === 'iLBC' ? 'mode=20' : '',
  }));
  const modules = await modulesFor(formats, new FetchedModules(new URL('/wasm/', location.href).href));
  const voices = formats.map((format) => {
    const entry = findCodec(format.name, format.clockRate);
    const module = entry === undefined ? undefined : modules[entry.wasm];
    if (entry === undefined || module === undefined) throw new Error(format.name);
    const encoder = entry.instantiate(module).createEncoder(format.fmtp, 20);
    const samples = entry.description.sampleRate / 50;
    let at = 0;
    const payloads = Array.from({ length: PACKETS }, () => {
      const octets: number[] = [];
      for (let done = 0; done < samples; done += encoder.frameSamples) {
        for (let i = 0; i < encoder.frameSamples; i += 1, at += 1)
          encoder.input[i] = 8000 * Math.sin((2 * Math.PI * 200 * at) / entry.description.sampleRate);
        octets.push(...encoder.output.subarray(0, encoder.encode()));
      }
      return Uint8Array.from(octets);
    });
    return { format, payloads };
  });
  const context = new AudioContext();
  await context.audioWorklet.addModule('/garbage.worklet.js');
  const node = new AudioWorkletNode(context, 'garbage', { numberOfInputs: 0, outputChannelCount: [1] });
  node.connect(context.destination);
  await context.resume();
  const order = (message: GarbageOrder): void => node.port.postMessage(message);
  const answer = (): Promise<unknown> =>
    new Promise((resolve) => (node.port.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data)));
  order({ type: 'open', voices, modules });
  await answer();
  order({ type: 'play' });
  await wait(8000);
  await tell('/begin');
  await wait(8000);
  await tell('/end');
  order({ type: 'count' });
  const statistics = JSON.stringify(await answer());
  await wait(500);
  order({ type: 'waste' });
  await tell('/waste');
  await wait(1500);
  await tell('/done', statistics);
}

main().catch((error: unknown) => tell('/failed', String(error)));
