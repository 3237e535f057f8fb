import { NodeNetwork } from '../companion/native/node-network.js';
import { UserAgent, type Account } from '../src/ims/index.js';
import { PacedAudio } from '../src/media/audio/paced-audio.js';
import { RtpMediaFactory } from '../src/media/rtp-media-factory.js';
import type { UdpOptions, UdpSocket } from '../src/net/network.js';
import { SystemClock } from '../src/platform/system-clock.js';
import { SystemRandom } from '../src/platform/system-random.js';
import { WasmFromDisk } from '../tools/wasm-from-disk.js';

/** Times of one call, ms since 1970. */
export interface CalleeTimes {
  readonly invited: number;
  readonly answered: number;
  readonly firstRtp: number;
}

/** Node's network with an ear on its UDP sockets: tells when RTP arrives. */
class ListeningNetwork extends NodeNetwork {
  onRtp: (() => void) | null = null;

  override async bindUdp(options: UdpOptions): ReturnType<NodeNetwork['bindUdp']> {
    const socket = await super.bindUdp(options);
    return new Proxy(socket, {
      set: (target, key, value: unknown) => {
        if (key !== 'onMessage' || typeof value !== 'function') return Reflect.set(target, key, value);
        target.onMessage = (data, from) => {
          // RFC 3550 §5.1: version 2, and none of RTCP's packet types (RFC 5761 §4).
          if ((data[0] ?? 0) >> 6 === 2 && ((data[1] ?? 0) & 127) < 64) this.onRtp?.();
          (value as NonNullable<UdpSocket['onMessage']>)(data, from);
        };
        return true;
      },
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? (value as (...rest: unknown[]) => unknown).bind(target) : value;
      },
    });
  }
}

const now = (): number => performance.timeOrigin + performance.now();

/** A telephone that answers at once, in a process of its own: what it takes is not ours. Tells its times after each call. */
async function answerCalls(account: Account): Promise<void> {
  const network = new ListeningNetwork();
  const [clock, random] = [new SystemClock(), new SystemRandom()];
  const modules = new WasmFromDisk('dist/wasm');
  const media = new RtpMediaFactory({ network, clock, random, modules, audio: new PacedAudio({ clock, modules }) });
  const agent = new UserAgent({ account, network, clock, random, media });
  let times = { invited: 0, answered: 0 };
  agent.events.on('trace', ({ direction, text }) => {
    if (direction === 'in' && text.startsWith('INVITE ')) times = { invited: now(), answered: 0 };
    if (direction === 'out' && /^SIP\/2\.0 200 [^]*^CSeq: \d+ INVITE/im.test(text)) times.answered ||= now();
  });
  network.onRtp = () => {
    if (times.invited === 0) return;
    const seen: CalleeTimes = { ...times, firstRtp: now() };
    process.send?.(seen);
    times = { invited: 0, answered: 0 };
  };
  agent.events.on('snapshot', ({ calls }) => {
    for (const call of calls) if (call.state === 'ringing-in') agent.answer(call.id).catch(() => undefined);
  });
  await agent.start();
  process.send?.('ready');
  process.once('disconnect', () => void agent.stop().finally(() => process.exit()));
}

process.once('message', (account: Account) => void answerCalls(account));
