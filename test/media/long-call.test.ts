import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { tone, toneToRest, TwoPhones } from './two-phones.js';

setFlagsFromString('--expose-gc');
const collector: unknown = runInNewContext('gc');
/** Frees what is not kept, so that the heap's size says what is. */
function collect(): void {
  if (typeof collector === 'function') Reflect.apply(collector, undefined, []);
}

describe('a call of one hour', () => {
  it('drifts no delay and grows no memory, with sound cards 600 ppm apart', async () => {
    const call = await TwoPhones.create(
      { delay: 20, jitter: 5 },
      { microphone: tone(440, 8000), driftPpm: 300 },
      { driftPpm: -300 },
    );
    await call.negotiate();
    const { bob } = call;
    const heaps: number[] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      // Only the last minute is listened to.
      bob.keep = minute === 59 ? 480_000 : 0;
      call.alice.keep = 0;
      await call.clock.advance(60_000);
      const quality = bob.quality[bob.quality.length - 1];
      assert.ok(quality && quality.playoutDelayMs < 40, `${quality?.playoutDelayMs} ms after ${minute} min`);
      assert.ok(quality.concealedRatio < 0.01);
      bob.quality.length = 0;
      call.alice.quality.length = 0;
      collect();
      heaps.push(process.memoryUsage().heapUsed);
    }
    assert.ok(toneToRest(bob.heard.slice(-1600), 440, 8000) > 20);
    const grown = Math.min(...heaps.slice(40, 59)) - Math.min(...heaps.slice(5, 20));
    assert.ok(grown < 1e6, `${grown} octets`);
    await call.close();
    assert.equal(call.clock.pending, 0);
  });
});
