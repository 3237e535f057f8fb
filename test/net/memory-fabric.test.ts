import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFabric, type MemoryNetwork } from '../../src/net/memory-network.js';
import { NetworkError, type StreamConnection } from '../../src/net/network.js';
import { SeededRandom } from '../../src/platform/seeded-random.js';
import { VirtualClock } from '../platform/virtual-clock.js';

interface World {
  readonly clock: VirtualClock;
  readonly fabric: MemoryFabric;
  readonly alice: MemoryNetwork;
  readonly bob: MemoryNetwork;
}

function world(seed = 1): World {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(seed) });
  return { clock, fabric, alice: fabric.host('10.0.0.1', 'fd00::1'), bob: fabric.host('10.0.0.2', 'fd00::2') };
}

/** Sends `count` numbered datagrams, 1 ms apart. @returns the numbers as they arrived */
async function exchange({ clock, alice, bob }: World, count: number): Promise<number[]> {
  const from = await alice.bindUdp({ port: 5060 });
  const to = await bob.bindUdp({ port: 5060 });
  const got: number[] = [];
  to.onMessage = (data) => got.push(data[0] ?? -1);
  for (let i = 0; i < count; i++) {
    from.send(Uint8Array.of(i), { address: '10.0.0.2', port: 5060 });
    await clock.advance(1);
  }
  await clock.advance(10000);
  from.close();
  to.close();
  return got;
}

async function joined({ clock, alice, bob }: World): Promise<[near: StreamConnection, far: StreamConnection]> {
  const listener = await bob.listen({ port: 5060 });
  const accepted = new Promise<StreamConnection>((resolve) => (listener.onConnection = resolve));
  const connecting = alice.connect({ remote: { address: '10.0.0.2', port: 5060 } });
  await clock.advance(1000);
  const ends: [StreamConnection, StreamConnection] = [await connecting, await accepted];
  listener.close();
  return ends;
}

const all = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('MemoryFabric', () => {
  it('carries everything in order unless told otherwise', async () => {
    assert.deepEqual(await exchange(world(), 100), all(100));
  });

  it('loses, doubles and reorders by chance, the same for the same seed', async () => {
    const run = async (seed: number): Promise<number[]> => {
      const here = world(seed);
      here.fabric.conditions = { loss: 0.2, duplication: 0.2, delay: 10, jitter: 5, reorder: 0.1 };
      return exchange(here, 200);
    };
    const got = await run(3);
    assert.deepEqual(got, await run(3));
    assert.notDeepEqual(got, await run(4));
    const kinds = new Set(got);
    assert.ok(kinds.size > 130 && kinds.size < 190, `${kinds.size} of 200 arrived`);
    assert.ok(got.length > kinds.size + 10, 'some came twice');
    assert.ok(
      got.some((number, i) => number < (got[i - 1] ?? 0)),
      'some overtook others',
    );
  });

  it('asks the filter about every packet', async () => {
    const here = world();
    const seen: number[] = [];
    here.fabric.filter = ({ number, data, protocol, to }) => {
      assert.deepEqual([protocol, to.address], ['udp', '10.0.0.2']);
      seen.push(number);
      if (data[0] === 2) return 'drop';
      if (data[0] === 3) return 'duplicate';
      return data[0] === 4 ? { delay: 50 } : 'pass';
    };
    assert.deepEqual(await exchange(here, 7), [0, 1, 3, 3, 5, 6, 4]);
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7]);
  });

  it('takes the delay that was set', async () => {
    const here = world();
    here.fabric.conditions = { delay: 40 };
    const from = await here.alice.bindUdp({});
    const to = await here.bob.bindUdp({ family: 4, port: 9999 });
    let at = -1;
    to.onMessage = () => (at = here.clock.now());
    const start = here.clock.now();
    from.send(new Uint8Array(1), { address: '10.0.0.2', port: 9999 });
    await here.clock.advance(39);
    assert.equal(at, -1);
    await here.clock.advance(1);
    assert.equal(at - start, 40);
  });

  it('drops datagrams and stalls streams while there is a partition', async () => {
    const here = world();
    const [near, far] = await joined(here);
    const got: string[] = [];
    far.onData = (data) => got.push(new TextDecoder().decode(data));
    here.fabric.partition('10.0.0.1', '10.0.0.2');
    await near.write(new TextEncoder().encode('a'));
    await near.write(new TextEncoder().encode('b'));
    assert.deepEqual(await exchange(here, 5), []);
    assert.deepEqual(got, []);
    here.fabric.heal();
    await near.write(new TextEncoder().encode('c'));
    await here.clock.advance(10);
    assert.equal(got.join(''), 'abc');
    assert.deepEqual(await exchange(here, 5), all(5));
  });

  it('lets a connection time out across a partition', async () => {
    const here = world();
    here.fabric.partition('10.0.0.1', '10.0.0.2');
    const connecting = assert.rejects(
      here.alice.connect({ remote: { address: '10.0.0.2', port: 5060 }, timeout: 500 }),
      (error) => error instanceof NetworkError && error.reason === 'timeout',
    );
    await here.clock.advance(500);
    await connecting;
    assert.equal(here.alice.openSockets, 0);
  });

  it('resets a stream when the filter drops a segment', async () => {
    const here = world();
    const [near, far] = await joined(here);
    const ends = [near, far].map((end) => new Promise<NetworkError | null>((resolve) => (end.onClose = resolve)));
    here.fabric.filter = () => 'drop';
    await assert.rejects(near.write(new Uint8Array(1)), (error) => error instanceof NetworkError);
    assert.deepEqual(
      (await Promise.all(ends)).map((error) => error?.reason),
      ['reset', 'reset'],
    );
    assert.equal(here.alice.openSockets + here.bob.openSockets, 0);
  });

  it('holds a writer back whose peer is slow to get the data', async () => {
    const here = world();
    const [near] = await joined(here);
    here.fabric.conditions = { delay: 100 };
    let done = false;
    const writing = near.write(new Uint8Array(1_000_000)).then(() => (done = true));
    await here.clock.advance(99);
    assert.equal(done, false);
    await here.clock.advance(1);
    await writing;
  });

  it('tells an unknown host from a closed port', async () => {
    const here = world();
    const reasons: string[] = [];
    for (const address of ['10.0.0.9', '10.0.0.2', 'fd00::2', '2001:db8::9']) {
      const failed = here.alice.connect({ remote: { address, port: 1 } }).catch((error: unknown) => {
        if (error instanceof NetworkError) reasons.push(error.reason);
      });
      await here.clock.advance(10);
      await failed;
    }
    assert.deepEqual(reasons, ['unreachable', 'refused', 'refused', 'unreachable']);
  });
});
