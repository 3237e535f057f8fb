import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseWav, printWav, WavError } from '../../../tools/cli/wav.js';

describe('parseWav, printWav', () => {
  it('are inverse', () => {
    fc.assert(
      fc.property(fc.int16Array(), fc.integer({ min: 1000, max: 96000 }), (samples, sampleRate) => {
        const read = parseWav(printWav({ samples, sampleRate }));
        assert.equal(read.sampleRate, sampleRate);
        assert.deepEqual(read.samples, samples);
      }),
    );
  });
  it('throws WavError and nothing else on any octets', () => {
    const wav = printWav({ samples: new Int16Array(50), sampleRate: 8000 });
    const check = (octets: Uint8Array): void => {
      try {
        parseWav(octets);
      } catch (error) {
        assert.ok(error instanceof WavError, String(error));
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check));
    fc.assert(
      fc.property(fc.nat(wav.length - 1), fc.nat(255), fc.nat(wav.length), (at, value, cut) => {
        const mutated = wav.slice(0, cut);
        if (at < mutated.length) mutated[at] = value;
        check(mutated);
      }),
    );
  });
  it('takes the first channel of a stereo file and skips chunks it does not know', () => {
    const wav = printWav({ samples: Int16Array.of(1, -1, 2, -2), sampleRate: 8000 });
    wav[22] = 2;
    const list = Uint8Array.from([...new TextEncoder().encode('LIST'), 3, 0, 0, 0, 1, 2, 3, 0]);
    const stereo = Uint8Array.from([...wav.subarray(0, 36), ...list, ...wav.subarray(36)]);
    assert.deepEqual(parseWav(stereo).samples, Int16Array.of(1, 2));
  });
  it('reads a recording whose header was never completed', () => {
    const wav = printWav({ samples: Int16Array.of(5, 6, 7), sampleRate: 8000 });
    wav.fill(0, 40, 44);
    assert.deepEqual(parseWav(wav).samples, Int16Array.of(5, 6, 7));
  });
});
