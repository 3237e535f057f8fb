import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bindPortPair } from '../../../src/media/rtp/port-pair.js';
import { NetworkError } from '../../../src/net/network.js';
import { MemoryFabric } from '../../../src/net/memory-fabric.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { SeededRandom } from '../../platform/seeded-random.js';

const ADDRESS = '192.0.2.1';

function host() {
  const fabric = new MemoryFabric({ clock: new VirtualClock(), random: new SeededRandom(1), conditions: {} });
  return fabric.host(ADDRESS);
}

/** Chooses these pairs, one after the other. */
const choosing = (...pairs: number[]) => ({
  bytes: () => {
    const pair = pairs.shift() ?? 0;
    return Uint8Array.of(0, 0, pair >> 8, pair & 255);
  },
});

describe('bindPortPair', () => {
  it('binds an even port and the next one', async () => {
    const { rtp, rtcp } = await bindPortPair(host(), ADDRESS, choosing(5));
    assert.deepEqual([rtp.local.port, rtcp.local.port], [16_394, 16_395]);
  });

  for (const taken of [16_394, 16_395])
    it(`takes another pair where port ${taken} is taken, and leaves nothing bound`, async () => {
      const network = host();
      await network.bindUdp({ address: ADDRESS, port: taken });
      const { rtp, rtcp } = await bindPortPair(network, ADDRESS, choosing(5, 9));
      assert.deepEqual([rtp.local.port, rtcp.local.port], [16_402, 16_403]);
      assert.equal(network.openSockets, 3);
    });

  it('gives up after some, and says why', async () => {
    const network = host();
    await network.bindUdp({ address: ADDRESS, port: 16_384 });
    await assert.rejects(
      bindPortPair(network, ADDRESS, choosing()),
      (error) => error instanceof NetworkError && error.reason === 'address-in-use',
    );
    assert.equal(network.openSockets, 1);
  });

  it('does not try again on an address that is not ours', async () => {
    let asked = 0;
    const random = { bytes: () => Uint8Array.of(0, 0, 0, (asked += 1)) };
    await assert.rejects(
      bindPortPair(host(), '192.0.2.9', random),
      (error) => error instanceof NetworkError && error.reason === 'address-unavailable',
    );
    assert.equal(asked, 1);
  });
});
