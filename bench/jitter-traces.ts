import type { TracePacket } from '../src/media/jitter/trace.js';
import { SeededRandom } from '../tools/fuzz/seeded-random.js';

/** ms between packets, and the way of the fastest one. */
const PTIME = 20;
const WAY = 30;

/** One network: what happens to a packet that is sent at `sent` ms. */
interface Network {
  /** ms beyond the fastest way; null: lost */
  delay(sent: number): number | null;
  /** Packets stay in order, as in a queue: the default. */
  readonly reorders?: boolean;
  /** Probability of a second copy. */
  readonly duplicates?: number;
  /** How much faster the sender's clock runs. */
  readonly ppm?: number;
}

/** Random numbers of the shapes that networks have. */
class Chance {
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  /** From 0 to `limit`. */
  uniform(limit = 1): number {
    return (limit * this.#random.next()) / 2 ** 32;
  }

  is(probability: number): boolean {
    return this.uniform() < probability;
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  /** Gamma of a whole shape. */
  gamma(shape: number, mean: number): number {
    let sum = 0;
    for (let i = 0; i < shape; i += 1) sum += this.exponential(mean / shape);
    return sum;
  }

  /** The next of moments that are `interval` ms apart on average, at least `least`. */
  after(moment: number, interval: number, least: number): number {
    return moment + least + this.exponential(interval - least);
  }
}

/** Packets that are sent while the network is away come all at once when it is back. */
function outages(c: Chance, interval: number, length: () => number): (sent: number) => number {
  const least = Math.min(interval / 2, 2000);
  let planned = c.after(0, interval, least);
  let start = planned;
  let end = start + length();
  return (sent) => {
    while (sent > end) {
      planned = c.after(planned, interval, least);
      start = Math.max(end, planned);
      end = start + length();
    }
    return sent >= start ? end - sent : 0;
  };
}

const gamma =
  (shape: number, mean: number) =>
  (c: Chance): Network => ({ delay: () => c.gamma(shape, mean) });

function gilbertElliott(good: number, burst: number, mean: number) {
  return (c: Chance): Network => {
    let bad = false;
    return {
      delay: () => {
        bad = bad ? !c.is(1 / burst) : c.is(good);
        return bad ? null : c.gamma(2, mean);
      },
    };
  };
}

function wifi(interval: number, mean: number, contention: number) {
  return (c: Chance): Network => {
    const stall = outages(c, interval, () => c.exponential(mean));
    let busy = false;
    return {
      delay: (sent) => {
        busy = busy ? !c.is(0.01) : c.is(contention);
        return c.exponential(busy ? 15 : 3) + stall(sent);
      },
    };
  };
}

const step =
  (levels: readonly number[], each: number, mean: number) =>
  (c: Chance): Network => ({
    delay: (sent) => (levels[Math.floor(sent / each) % levels.length] ?? 0) + c.gamma(2, mean),
  });

function handover(interval: number, least: number, most: number, loss: number) {
  return (c: Chance): Network => {
    const gap = outages(c, interval, () => least + c.uniform(most - least));
    return {
      delay: (sent) => {
        const away = gap(sent);
        return away > 0 && c.is(loss) ? null : away + c.gamma(2, 4);
      },
    };
  };
}

const drift =
  (ppm: number, mean: number) =>
  (c: Chance): Network => ({ ppm, delay: () => c.gamma(2, mean) });

const reorder =
  (share: number, behind: number, mean: number) =>
  (c: Chance): Network => ({
    reorders: true,
    delay: () => c.gamma(2, mean) + (c.is(share) ? c.uniform(behind) : 0),
  });

const duplicates =
  (share: number, mean: number) =>
  (c: Chance): Network => ({
    duplicates: share,
    reorders: true,
    delay: () => c.gamma(3, mean),
  });

function spikes(period: number, height: number, decay: number, mean: number) {
  return (c: Chance): Network => ({
    delay: (sent) => {
      const since = (sent + 700) % period;
      return c.gamma(2, mean) + (since < decay ? height * (1 - since / decay) : 0);
    },
  });
}

function bufferbloat(period: number, rise: number, most: number, loss: number) {
  return (c: Chance): Network => ({
    delay: (sent) => {
      const since = sent % period;
      const queue = since < rise ? (most * since) / rise : Math.max(0, most - (since - rise) / 4);
      return queue > 0.9 * most && c.is(loss) ? null : queue + c.gamma(2, 4);
    },
  });
}

/** Silence is not sent: packets are missing for whole pauses. */
function talkspurts(talk: number, pause: number, mean: number) {
  return (c: Chance): Network => {
    let until = 0;
    let talking = false;
    return {
      delay: (sent) => {
        while (sent >= until) {
          talking = !talking;
          until += 200 + c.exponential(talking ? talk : pause);
        }
        return talking ? c.gamma(2, mean) : null;
      },
    };
  };
}

/**
 * A page hears a page: the microphone gives pieces of 512 samples at 48 kHz, packets leave when one is full, the loudspeaker
 * takes them in pieces of the same length. What comes while the call is being opened waits; now and then the page is busy.
 */
function page(open: number, busyEvery: number, busy: number) {
  return (c: Chance): Network => {
    const piece = 512 / 48;
    const whole = (ms: number): number => Math.ceil(ms / piece) * piece;
    const late = outages(c, busyEvery, () => c.uniform(busy));
    return {
      delay: (sent) => {
        const full = whole(sent + PTIME) + 0.5;
        return Math.max(open, whole(full + late(full))) - sent - PTIME;
      },
    };
  };
}

function mixed(c: Chance): Network {
  const parts = [
    gamma(2, 5)(c),
    wifi(4000, 60, 0.001)(c),
    handover(25_000, 80, 300, 0.2)(c),
    gilbertElliott(0.005, 2, 1)(c),
  ];
  return {
    ppm: 100,
    delay: (sent) => {
      let sum = 0;
      for (const part of parts) {
        const delay = part.delay(sent);
        if (delay === null) return null;
        sum += delay;
      }
      return sum;
    },
  };
}

/** Kinds of networks by name. */
export const NETWORKS: Readonly<Record<string, (c: Chance) => Network>> = {
  clean: (c) => ({ delay: () => c.uniform(2) }),
  perfect: () => ({ delay: () => 0.5 }),
  gamma2: gamma(2, 2),
  gamma5: gamma(2, 5),
  gamma10: gamma(2, 10),
  gamma20: gamma(2, 20),
  gamma40: gamma(2, 40),
  exponential10: gamma(1, 10),
  exponential30: gamma(1, 30),
  ge1b1: gilbertElliott(0.01, 1.2, 4),
  ge5b3: gilbertElliott(0.016, 3, 4),
  ge3b8: gilbertElliott(0.004, 8, 4),
  ge10b2: gilbertElliott(0.055, 2, 8),
  wifi: wifi(3000, 60, 0.001),
  wifiRare: wifi(12_000, 80, 0.0005),
  wifiBusy: wifi(1200, 40, 0.01),
  wifiLong: wifi(8000, 150, 0.002),
  step80: step([0, 80], 60_000, 1),
  steps: step([0, 60, 20, 120, 40], 20_000, 3),
  stepDown: step([100, 0], 90_000, 3),
  handover: handover(20_000, 50, 250, 0),
  handoverLong: handover(25_000, 200, 500, 0),
  handoverLoss: handover(15_000, 60, 300, 0.5),
  'drift+50': drift(50, 2),
  'drift+300': drift(300, 4),
  'drift-300': drift(-300, 4),
  'drift+500': drift(500, 4),
  'drift-500': drift(-500, 4),
  reorder: reorder(0.1, 60, 15),
  reorderMild: reorder(0.05, 30, 4),
  duplicates: duplicates(0.05, 8),
  spikes: spikes(5000, 150, 100, 4),
  spikesRare: spikes(15_000, 250, 200, 4),
  spikesOften: spikes(1500, 60, 60, 3),
  bufferbloat: bufferbloat(20_000, 5000, 300, 0.05),
  bufferbloatFast: bufferbloat(8000, 1500, 120, 0),
  talkspurts: talkspurts(1500, 800, 6),
  page: page(90, 20_000, 30),
  pageBusy: page(200, 2000, 30),
  mixed,
};

/** A trace of `seconds`, the same for the same kind and seed. */
export function makeTrace(kind: string, seed: number, seconds = 180): TracePacket[] {
  const chance = new Chance(seed * 7919 + kind.length);
  const network = NETWORKS[kind]?.(chance);
  if (network === undefined) throw new Error(`no network called ${kind}`);
  const packets: TracePacket[] = [];
  let before = 0;
  for (let sequence = 0; sequence < (seconds * 1000) / PTIME; sequence += 1) {
    const sent = (sequence * PTIME) / (1 + (network.ppm ?? 0) / 1e6);
    const delay = network.delay(sent);
    if (delay === null) continue;
    const arrival = Math.max(network.reorders === true ? 0 : before, sent + WAY + delay);
    before = arrival;
    packets.push({ sequence, arrival: round(arrival) });
    if (chance.is(network.duplicates ?? 0))
      packets.push({ sequence, arrival: round(arrival + chance.exponential(20)) });
  }
  return packets.sort((a, b) => a.arrival - b.arrival);
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
