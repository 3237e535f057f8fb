import { NodeNetwork } from '../../companion/native/node-network.js';
import { UserAgent } from '../../src/ims/agent/index.js';
import type { CallSnapshot } from '../../src/ims/snapshot.js';
import { RtpMediaFactory } from '../../src/media/rtp-media-factory.js';
import { SystemClock } from '../../src/platform/system-clock.js';
import { SystemRandom } from '../../src/platform/system-random.js';
import { SoundDesk } from '../../tools/cli/sound-desk.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';

/** Carol, who is on no page: what pages do to her calls. */
export class FarPhone {
  readonly #network = new NodeNetwork();
  readonly #agent: UserAgent;

  private constructor(proxy: string) {
    const [clock, random, network] = [new SystemClock(), new SystemRandom(), this.#network];
    const modules = new WasmFromDisk('dist/wasm');
    const desk = new SoundDesk(clock, modules);
    this.#agent = new UserAgent({
      account: { publicIdentity: 'sip:carol@ims.test', password: 'carol-secret', proxy },
      clock,
      random,
      network,
      media: new RtpMediaFactory({ network, clock, random, audio: desk.audio, modules }),
    });
  }

  static async start(proxy: string): Promise<FarPhone> {
    const phone = new FarPhone(proxy);
    await phone.#agent.start();
    return phone;
  }

  call(target: string): void {
    this.#agent.call(target);
  }

  async answer(): Promise<void> {
    await this.#agent.answer((await this.until('ringing-in')).id);
  }

  /** A call that is in this state, the last of them. @throws Error after `limit` ms */
  async until(state: CallSnapshot['state'], limit = 5000): Promise<CallSnapshot> {
    const end = Date.now() + limit;
    for (;;) {
      const last = this.#agent.snapshot.calls.slice(-1)[0];
      if (last?.state === state) return last;
      if (Date.now() > end)
        throw new Error(`no call is ${state} after ${limit} ms, but ${last?.state ?? 'there is none'}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async stop(): Promise<void> {
    await this.#agent.stop();
    this.#network.close();
  }
}
