import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NodeNetwork } from '../../companion/native/node-network.js';
import { PacedAudio } from '../../src/media/audio/paced-audio.js';
import { RtpMediaFactory } from '../../src/media/rtp-media-factory.js';
import { SystemClock } from '../../src/platform/system-clock.js';
import { SystemRandom } from '../../src/platform/system-random.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';
import { tone, toneToRest, TwoPhones } from './two-phones.js';

describe('RtpMedia on sockets of this machine', () => {
  for (const address of ['127.0.0.1', '::1']) {
    it(`carries a tone over ${address} in real time`, async () => {
      // Builds the kernels where they are missing.
      await TwoPhones.create();
      const [clock, random, modules, network] = [
        new SystemClock(),
        new SystemRandom(),
        new WasmFromDisk(),
        new NodeNetwork(),
      ];
      const heard: number[] = [];
      const phone = (microphone: (out: Float32Array) => void, onHeard: (frames: Float32Array) => void) =>
        new RtpMediaFactory({
          network,
          clock,
          random,
          modules,
          audio: new PacedAudio({ clock, modules, microphone, onHeard }),
        }).create('call', address);
      const alice = phone(tone(440, 8000), () => undefined);
      const bob = phone(
        () => undefined,
        (frames) => heard.push(...frames),
      );
      const offer = await alice.createOffer({ audio: 'sendrecv' });
      assert.match(offer.sdp, new RegExp(`c=IN IP[46] ${address}\r`));
      await alice.setLocalDescription(offer);
      await bob.setRemoteDescription(offer);
      const answer = await bob.createAnswer({ audio: 'sendrecv' });
      await bob.setLocalDescription(answer);
      await alice.setRemoteDescription(answer);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await Promise.all([alice.close(), bob.close()]);
      network.close();
      // A busy machine may stretch: the better half of ten pieces must be clean.
      const pieces = Array.from({ length: 10 }, (_, i) => heard.slice(6000 + i * 1600, 7600 + i * 1600));
      const ratios = pieces.map((p) => toneToRest(p, 440, 8000)).sort((a, b) => b - a);
      assert.ok((ratios[4] ?? 0) > 30, ratios.map((r) => r.toFixed(0)).join(' '));
    });
  }
});
