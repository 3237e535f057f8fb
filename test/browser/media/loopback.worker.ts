import { RtpMediaFactory } from '../../../src/media/rtp-media-factory.js';
import { FetchedModules } from '../../../src/media/wasm/wasm-modules.js';
import { MemoryFabric } from '../../../src/net/memory-fabric.js';
import { SystemClock } from '../../../src/platform/system-clock.js';
import { SystemRandom } from '../../../src/platform/system-random.js';
import { WorkletAudioEngine } from '../../../src/workers/worklet-audio-engine.js';

/** A media.worker that calls itself: what the microphone gives comes back through RTP over a wire in memory. */
addEventListener('message', ({ data }: MessageEvent<{ audio: MessagePort; wasm: string }>) => {
  void (async () => {
    const clock = new SystemClock();
    const random = new SystemRandom();
    const modules = new FetchedModules(data.wasm);
    const audio = new WorkletAudioEngine(data.audio, modules);
    const fabric = new MemoryFabric({ clock, random });
    const [alice, bob] = ['192.0.2.1', '192.0.2.2'].map((address) =>
      new RtpMediaFactory({ network: fabric.host(address), clock, random, audio, modules }).create(address),
    );
    if (alice === undefined || bob === undefined) return;
    alice.events.on('quality', (quality) => postMessage({ type: 'alice', quality }));
    bob.events.on('quality', (quality) => postMessage({ type: 'bob', quality }));
    // Bob only listens, else the microphone would come back twice.
    const offer = await alice.createOffer({ audio: 'sendrecv' });
    await alice.setLocalDescription(offer);
    await bob.setRemoteDescription(offer);
    const answer = await bob.createAnswer({ audio: 'recvonly' });
    await bob.setLocalDescription(answer);
    await alice.setRemoteDescription(answer);
    postMessage({ type: 'ready' });
  })();
});
