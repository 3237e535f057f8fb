import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AudioEngine } from '../../../src/media/audio/audio-engine.js';
import { CapturePreroll } from '../../../src/media/audio/capture-preroll.js';

/** 10 ms at 8 kHz. */
const block = (value: number): Float32Array => new Float32Array(80).fill(value);

function microphone(): { engine: AudioEngine; speak: (frames: Float32Array) => void; isOpen: () => boolean } {
  let sink: ((frames: Float32Array, rate: number) => void) | null = null;
  const engine: AudioEngine = {
    openPlayout: () => Promise.reject(new Error('not used')),
    openCapture: (onFrames) => {
      sink = onFrames;
      return { close: () => (sink = null) };
    },
  };
  return { engine, speak: (frames) => sink?.(frames, 8000), isOpen: () => sink !== null };
}

describe('CapturePreroll', () => {
  it('hands on the newest 30 ms, oldest first, and then what comes', () => {
    const { engine, speak } = microphone();
    const preroll = new CapturePreroll(engine);
    for (let i = 1; i <= 6; i += 1) speak(block(i));
    const heard: number[] = [];
    preroll.connect((frames) => heard.push(frames[0] ?? NaN));
    assert.deepEqual(heard, [4, 5, 6]);
    speak(block(7));
    assert.deepEqual(heard, [4, 5, 6, 7]);
  });

  it('keeps copies, because the engine uses its buffer again', () => {
    const { engine, speak } = microphone();
    const preroll = new CapturePreroll(engine);
    const shared = block(1);
    speak(shared);
    shared.fill(9);
    const heard: number[] = [];
    preroll.connect((frames) => heard.push(frames[0] ?? NaN));
    assert.deepEqual(heard, [0, 1]);
  });

  it('lets silence stand in for what a microphone that is still opening has not delivered', () => {
    const { engine, speak } = microphone();
    const early = new CapturePreroll(engine);
    const heard: [number, number, number][] = [];
    const listen = (frames: Float32Array, rate: number): unknown => heard.push([frames[0] ?? NaN, frames.length, rate]);
    early.connect(listen);
    assert.deepEqual(heard.splice(0), [[0, 1440, 48_000]]);
    const late = new CapturePreroll(engine);
    speak(block(1));
    late.connect(listen);
    assert.deepEqual(heard.splice(0), [
      [0, 160, 8000],
      [1, 80, 8000],
    ]);
  });

  it('lets go of the microphone', () => {
    const { engine, isOpen } = microphone();
    const preroll = new CapturePreroll(engine);
    assert.ok(isOpen());
    preroll.close();
    assert.ok(!isOpen());
  });
});
