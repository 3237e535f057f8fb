import { expect } from '@open-wc/testing';
import { AudioHost } from '../../../src/client/audio/audio-host.js';
import { renderCadence, renderKeyTone } from '../../../src/client/audio/cadence.js';
import { Tones } from '../../../src/client/audio/tones.js';
import type { WorkletReply, WorkletRequest } from '../../../src/workers/media-protocol.js';

const WORKLET = new URL('../../../src/workers/audio.worklet.ts', import.meta.url);

/** Frames that arrive on the port of media.worker within `ms`. */
async function collect(port: MessagePort, ms: number): Promise<Float32Array[]> {
  const frames: Float32Array[] = [];
  port.onmessage = ({ data }: MessageEvent<WorkletReply>) => data.type === 'frames' && frames.push(data.frames);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return frames;
}

/** ms without sound. */
function longestSilence(frames: readonly Float32Array[], sampleRate: number): number {
  let [silence, longest] = [0, 0];
  for (const value of frames.flatMap((block) => [...block])) {
    // A tone goes through zero, but does not stay there.
    silence = Math.abs(value) < 0.001 ? silence + 1 : 0;
    longest = Math.max(longest, silence);
  }
  return (longest / sampleRate) * 1000;
}

describe('AudioHost', () => {
  it('brings the microphone to the port, and silence once it is released', async () => {
    const changes: string[] = [];
    const host = new AudioHost({ worklet: WORKLET, onChange: (s) => changes.push(s.microphone) });
    const port = host.connect();
    const capture: WorkletRequest = { type: 'capture', on: true };
    port.postMessage(capture);
    expect(await host.start()).to.equal(null);
    expect(host.snapshot.microphone).to.equal('granted');
    expect(host.snapshot.inputs.length).to.be.greaterThan(0);
    // The fake microphone beeps once a second.
    const loud = await collect(port, 2500);
    expect(Math.max(...loud.flatMap((f) => [...f]))).to.be.greaterThan(0.01);
    host.releaseMicrophone();
    await collect(port, 200);
    const silent = await collect(port, 1500);
    expect(silent.length).to.be.greaterThan(80);
    expect(Math.max(...silent.flatMap((f) => [...f]))).to.equal(0);
    await host.stop();
    expect(changes).to.include('granted');
  });

  describe('during a call', () => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    let context: AudioContext;
    let opened: MediaStream[] = [];

    // The fake microphone only beeps: once it is open, as late as it opens, a steady tone speaks in its place.
    before(() => {
      context = new AudioContext();
      mediaDevices.getUserMedia = async (constraints) => {
        for (const track of (await open(constraints)).getTracks()) track.stop();
        const [oscillator, destination] = [context.createOscillator(), context.createMediaStreamDestination()];
        oscillator.connect(destination);
        oscillator.start();
        opened.push(destination.stream);
        return destination.stream;
      };
    });
    beforeEach(() => {
      opened = [];
    });
    after(async () => {
      mediaDevices.getUserMedia = open;
      await context.close();
    });

    for (const [what, change] of [
      [
        'another microphone is chosen',
        (host: AudioHost) => host.setInputDevice(host.snapshot.inputs.at(-1)?.id ?? null),
      ],
      [
        'the processing is changed',
        (host: AudioHost) =>
          host.setProcessing({ echoCancellation: false, noiseSuppression: false, autoGainControl: false }),
      ],
      [
        'the microphone is unplugged',
        () => {
          for (const track of opened[0]?.getTracks() ?? []) track.stop();
          mediaDevices.dispatchEvent(new Event('devicechange'));
        },
      ],
    ] as const)
      it(`is silent for less than 200 ms when ${what}`, async () => {
        const host = new AudioHost({ worklet: WORKLET });
        const port = host.connect();
        const capture: WorkletRequest = { type: 'capture', on: true };
        port.postMessage(capture);
        await host.start();
        await collect(port, 500);
        const collecting = collect(port, 1500);
        await change(host);
        const gap = longestSilence(await collecting, 48_000);
        expect(opened.length).to.equal(2);
        expect(gap).to.be.lessThan(200);
        await host.stop();
      });
  });

  it('says that a chosen microphone is missing', async () => {
    const host = new AudioHost({ worklet: WORKLET });
    await host.setInputDevice('no-such-device');
    const failure = await host.start();
    expect(failure?.reason).to.equal('microphone-missing');
    expect(host.snapshot.microphone).to.equal('missing');
    await host.stop();
  });

  it('says that the sound failed when the worklet is not there', async () => {
    const host = new AudioHost({ worklet: new URL('/no-such-worklet.js', location.href) });
    expect((await host.unlock())?.reason).to.equal('media-failed');
    await host.stop();
  });
});

describe('Tones', () => {
  it('begin, change and end without a click', async () => {
    const context = new OfflineAudioContext(1, 48_000, 48_000);
    const tones = new Tones(context, context.destination);
    tones.play('busy');
    tones.playKey('5');
    void context.suspend(0.3).then(() => {
      tones.play(null);
      return context.resume();
    });
    const rendered = (await context.startRendering()).getChannelData(0);
    let steepest = 0;
    for (let i = 1; i < rendered.length; i += 1)
      steepest = Math.max(steepest, Math.abs((rendered[i] ?? 0) - (rendered[i - 1] ?? 0)));
    expect(steepest).to.be.lessThan(0.05);
    expect(Math.max(...rendered)).to.be.greaterThan(0.05);
  });

  it('are the frequencies of the standards', () => {
    const key = renderKeyTone('5', 8000);
    expect(key?.length).to.equal(960);
    const strength = (f: number): number => {
      let [s, c] = [0, 0];
      key?.forEach((v, i) => {
        s += v * Math.sin((2 * Math.PI * f * i) / 8000);
        c += v * Math.cos((2 * Math.PI * f * i) / 8000);
      });
      return Math.hypot(s, c);
    };
    expect(Math.min(strength(770), strength(1336))).to.be.greaterThan(10 * Math.max(strength(852), strength(1209)));
    expect(renderKeyTone('x', 8000)).to.equal(null);
    expect(renderCadence('ring-back', 8000).length).to.equal(40_000);
  });
});
