import { CompanionNetwork } from '../../src/net/companion-network.js';
import { NetworkError } from '../../src/net/network.js';
import { SystemClock } from '../../src/platform/system-clock.js';

/** What the test asks of the worker; runs in a page's dedicated worker. */
interface Order {
  readonly url: string;
  readonly code?: string;
}

async function run({ url, code }: Order): Promise<object> {
  const page = new CompanionNetwork({ url, trafficClass: 'media', clock: new SystemClock() });
  const presence = await page.probe();
  const paired = code === undefined ? false : (await page.pair(code)).length > 20;
  const a = await page.bindUdp({ address: '127.0.0.1' });
  const b = await page.bindUdp({ address: '127.0.0.1' });
  b.onMessage = (data, from) => b.send(data, from);
  const roundTrips: number[] = [];
  for (let i = 0; i < 50; i++) {
    const start = performance.now();
    const answer = new Promise<Uint8Array>((resolve) => {
      a.onMessage = (data) => resolve(data);
    });
    a.send(new Uint8Array(172).fill(i), b.local);
    if ((await answer).length !== 172) throw new Error('Another datagram came back');
    roundTrips.push(performance.now() - start);
  }
  const listener = await page.listen({ address: '127.0.0.1' });
  let received = 0;
  const size = 20_000_000;
  const all = new Promise<void>((resolve) => {
    listener.onConnection = (far) => {
      far.onData = (data) => {
        received += data.length;
        if (received === size) resolve();
      };
    };
  });
  const near = await page.connect({ remote: listener.local });
  const start = performance.now();
  for (let sent = 0; sent < size; sent += 100_000) await near.write(new Uint8Array(100_000));
  await all;
  const seconds = (performance.now() - start) / 1000;
  page.close();
  roundTrips.sort((x, y) => x - y);
  return {
    presence: presence.found,
    paired,
    received,
    roundTrip: roundTrips[25],
    megabytesPerSecond: size / 1e6 / seconds,
  };
}

self.addEventListener('message', ({ data }: MessageEvent<Order>) => {
  run(data).then(
    (result) => self.postMessage(result),
    (error: unknown) => self.postMessage({ failure: error instanceof NetworkError ? error.reason : String(error) }),
  );
});
