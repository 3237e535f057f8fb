import { RtpMediaFactory } from '../media/rtp-media-factory.js';
import { FetchedModules } from '../media/wasm/wasm-modules.js';
import { CompanionNetwork } from '../net/companion-network.js';
import { SystemClock } from '../platform/system-clock.js';
import { SystemRandom } from '../platform/system-random.js';
import { serveMedia } from './media-bridge.js';
import type { MediaWorkerInit, MediaWorkerMessage } from './media-protocol.js';
import { webCodecsOpus } from './web-codecs-opus.js';
import { WorkletAudioEngine } from './worklet-audio-engine.js';

let network: CompanionNetwork | null = null;
let factory: RtpMediaFactory | null = null;

function init({ companion, wasm, codecs, bridge, audio }: MediaWorkerInit): void {
  const clock = new SystemClock();
  network = new CompanionNetwork({
    url: companion.url,
    trafficClass: 'media',
    clock,
    ...(companion.token === null ? {} : { token: companion.token }),
  });
  const modules = new FetchedModules(wasm);
  const engine = new WorkletAudioEngine(audio, modules);
  const random = new SystemRandom();
  const calls = new RtpMediaFactory({ network, clock, random, audio: engine, modules, codecs });
  factory = calls;
  serveMedia(bridge, calls);
  webCodecsOpus().then(
    (opus) => (calls.opus = opus),
    () => undefined,
  );
  // What the first call needs is made ready before it; if that fails now, the call says why.
  if (companion.token !== null) network.open().catch(() => undefined);
  Promise.all([modules.get('jitter'), modules.get('g711')]).catch(() => undefined);
}

addEventListener('message', ({ data }: MessageEvent<MediaWorkerMessage>) => {
  if (data.type === 'init') init(data);
  else if (data.type === 'token') network?.setToken(data.token);
  else if (factory !== null) factory.codecs = data.codecs;
});
