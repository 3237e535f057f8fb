import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { WorkletSound, type SoundPort } from '../../src/workers/worklet-sound.js';
import type { WorkletReply, WorkletRequest } from '../../src/workers/media-protocol.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';

class FakePort implements SoundPort {
  onmessage: ((event: MessageEvent<WorkletRequest>) => void) | null = null;
  readonly posted: WorkletReply[] = [];
  postMessage(message: WorkletReply): void {
    // As the real port does: what is posted is a copy.
    this.posted.push(structuredClone(message));
  }
  tell(data: WorkletRequest): void {
    this.onmessage?.(new MessageEvent('message', { data }));
  }
}

const PCMA = [{ payloadType: 8, name: 'PCMA', clockRate: 8000, fmtp: '' }];

async function open(): Promise<{ sound: WorkletSound; port: FakePort }> {
  if (!existsSync('build/wasm/jitter.wasm')) await buildAssembly();
  const disk = new WasmFromDisk();
  const modules = { g711: await disk.get('g711'), jitter: await disk.get('jitter') };
  const sound = new WorkletSound(48_000);
  const port = new FakePort();
  sound.connect(port);
  port.tell({ type: 'open', voice: 1, formats: PCMA, modules });
  return { sound, port };
}

describe('WorkletSound', () => {
  it('posts captured sound in pieces of about 10 ms while it is wanted', async () => {
    const { sound, port } = await open();
    const [input, output] = [new Float32Array(128).fill(0.25), new Float32Array(128)];
    for (let i = 0; i < 8; i += 1) sound.process(i / 375, input, output);
    port.tell({ type: 'capture', on: true });
    for (let i = 8; i < 24; i += 1) sound.process(i / 375, input, output);
    sound.process(24 / 375, undefined, output);
    const frames = port.posted.filter((m) => m.type === 'frames');
    assert.equal(frames.length, 4);
    assert.ok(frames.every((m) => m.frames.length === 512 && m.sampleRate === 48_000 && m.frames[0] === 0.25));
    assert.deepEqual(port.posted[0], { type: 'opened', voice: 1, error: null });
  });

  it('says why a voice does not open, and lives on', () => {
    const sound = new WorkletSound(48_000);
    const port = new FakePort();
    sound.connect(port);
    port.tell({ type: 'open', voice: 1, formats: PCMA, modules: {} });
    const [first] = port.posted;
    assert.ok(first?.type === 'opened' && first.error !== null);
    sound.process(0, undefined, new Float32Array(128));
  });

  it('forgets the voices of a worker that was replaced', async () => {
    const { sound, port } = await open();
    const next = new FakePort();
    sound.connect(next);
    port.tell({ type: 'capture', on: true });
    for (let i = 0; i < 400; i += 1) sound.process(i / 375, undefined, new Float32Array(128));
    assert.equal(port.posted.filter((m) => m.type !== 'opened').length, 0);
    assert.deepEqual(next.posted, []);
  });

  it('allocates next to nothing per second of playout', async () => {
    const { sound, port } = await open();
    const gc = globalThis.gc;
    const output = new Float32Array(128);
    const payload = new Uint8Array(160).fill(0xd5);
    const packet = {
      type: 'packet' as const,
      voice: 1,
      ssrc: 1,
      sequenceNumber: 0,
      timestamp: 0,
      payloadType: 8,
      payload,
    };
    const event = new MessageEvent('message', { data: packet });
    const second = (s: number): void => {
      for (let i = 0; i < 375; i += 1) {
        if (i % 7 === 0) {
          const n = (s * 375 + i) / 7;
          packet.sequenceNumber = Math.floor(n) & 0xffff;
          packet.timestamp = Math.floor(n) * 160;
          port.onmessage?.(event);
        }
        sound.process(s + i / 375, undefined, output);
      }
    };
    for (let s = 0; s < 60; s += 1) second(s);
    port.posted.length = 0;
    gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let s = 60; s < 120; s += 1) second(s);
    const grown = (process.memoryUsage().heapUsed - before) / 60;
    // Two statistics messages a second are kept by the fake port; boxed numbers of unoptimized code come on top.
    assert.ok(grown < 60_000, `${Math.round(grown)} octets a second`);
  });
});
