import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startRobots, robotSubscribers } from '../../../../demo/core/robots/start-robots.js';
import { UserAgent } from '../../../../src/ims/agent/index.js';
import type { CallSnapshot } from '../../../../src/ims/snapshot.js';
import { PacedAudio } from '../../../../src/media/audio/paced-audio.js';
import { RtpMediaFactory } from '../../../../src/media/rtp-media-factory.js';
import { WasmFromDisk } from '../../../../tools/wasm-from-disk.js';
import { findIn } from '../../../sound/correlate.js';
import { activePart } from '../../../sound/level.js';
import { sine, syllables } from '../../../sound/synthetic.js';
import { measureTone } from '../../../sound/tone.js';
import { CoreFixture, USERS } from '../core-fixture.js';
import { SeededRandom } from '../../../../src/platform/seeded-random.js';

const RATE = 8000;

describe('startRobots', () => {
  const modules = new WasmFromDisk();
  let f: CoreFixture;
  let stopRobots: () => Promise<void>;
  let alice: UserAgent;
  let said: Int16Array = new Int16Array(0);
  let at = 0;
  let heard: number[] = [];

  before(async () => {
    // Compiled now, so that virtual time does not run ahead of the compiler.
    await Promise.all([modules.get('g711'), modules.get('jitter')]);
    f = await CoreFixture.start({ subscribers: [...USERS, ...robotSubscribers(new SeededRandom(2))] });
    const { clock, random, fabric, core } = f;
    stopRobots = await f.settle(startRobots({ core, network: fabric.host('10.0.0.2'), clock, random, modules }));
    const network = fabric.host('10.0.0.3');
    const audio = new PacedAudio({
      clock,
      modules,
      sampleRate: RATE,
      microphone: (out) => out.forEach((_, i) => (out[i] = (said[at++] ?? 0) / 32768)),
      onHeard: (frames) => void heard.push(...frames),
    });
    const media = new RtpMediaFactory({ network, clock, random, audio, modules });
    const account = { publicIdentity: 'sip:alice@ims.test', password: 'alice-secret', proxy: core.proxyUri('udp') };
    alice = new UserAgent({ account, clock, random, network, media });
    await f.settle(alice.start());
  });
  after(async () => {
    await f.settle(Promise.all([alice.stop(), stopRobots()]));
    f.close();
  });

  const state = (id: string): CallSnapshot | undefined => alice.snapshot.calls.find((call) => call.id === id);
  const sound = (): Int16Array => Int16Array.from(heard, (s) => Math.round(s * 32768));

  async function call(target: string, says: Int16Array = new Int16Array(0)): Promise<string> {
    said = says;
    at = 0;
    heard = [];
    const id = alice.call(target);
    await f.clock.until(() => ['active', 'ended'].includes(state(id)?.state ?? 'ended'), 20_000);
    return id;
  }

  async function hangup(id: string): Promise<void> {
    await f.settle(alice.hangup(id));
    await f.clock.until(() => (state(id)?.state ?? 'ended') === 'ended');
  }

  it('echo says what it hears', async () => {
    const speech = syllables(3).samples;
    const id = await call('echo', speech);
    await f.clock.advance(4000);
    await hangup(id);
    const match = findIn(sound(), speech.subarray(8000, 16000));
    assert.ok(match.coefficient > 0.95, String(match.coefficient));
  });

  it('echo answers a key with its tone', async () => {
    const id = await call('echo');
    await f.settle(alice.sendDtmf(id, '5'));
    await f.clock.advance(1000);
    await hangup(id);
    const tone = activePart(sound(), RATE, 20);
    assert.ok(tone.length > RATE * 0.1, `${tone.length} samples of tone`);
    const [low, high] = [770, 1336].map((hz) =>
      Math.abs(findIn(sine(hz, 0.3).samples, tone.subarray(0, 800)).coefficient),
    );
    assert.ok((low ?? 0) > 0.5 && (high ?? 0) > 0.5, `${low} ${high}`);
  });

  it('announcement plays its melody with 440 Hz in it, and hangs up', async () => {
    const id = await call('announcement');
    await f.clock.until(() => (state(id)?.state ?? 'ended') === 'ended', 20_000);
    const { toneToRestDb, windows } = measureTone(sound().subarray(RATE * 2, RATE * 4), RATE, 440);
    assert.ok(windows > 3 && toneToRestDb > 30, `${toneToRestDb} dB over ${windows} windows`);
  });

  it('time gives a pip each second', async () => {
    const id = await call('time');
    await f.clock.advance(5000);
    await hangup(id);
    const samples = sound();
    let pips = 0;
    for (let i = 80, loud = false; i + 80 <= samples.length; i += 80) {
      const now = samples.subarray(i, i + 80).some((s) => Math.abs(s) > 2000);
      if (now && !loud) pips++;
      loud = now;
    }
    assert.ok(pips >= 4 && pips <= 6, `${pips} pips in 5 s`);
  });

  it('busy is busy, and noanswer rings until the caller gives up', async () => {
    const busy = await call('busy');
    assert.equal(state(busy)?.failure?.reason, 'busy');
    const id = alice.call('noanswer');
    await f.clock.until(() => state(id)?.state === 'ringing-out', 20_000);
    await f.clock.advance(5000);
    assert.equal(state(id)?.state, 'ringing-out');
    await hangup(id);
  });

  it('echo writes back what was written to it, others take no messages', async () => {
    const got: string[] = [];
    const off = alice.events.on('message', ({ from, text }) => got.push(`${from.uri} ${text}`));
    const outcomes = await f.settle(
      Promise.all([
        alice.sendMessage('echo', 'Grüße 👋'),
        alice.sendMessage('busy', 'x'),
        alice.sendMessage('nobody', 'x'),
      ]),
    );
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.state === 'failed' ? outcome.failure.reason : outcome.state)),
      ['delivered', 'message-unsupported', 'not-found'],
    );
    await f.clock.until(() => got.length > 0);
    assert.deepEqual(got, ['sip:echo@ims.test Grüße 👋']);
    off();
  });
});
