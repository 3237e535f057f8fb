/** Packet-loss concealment for decoders that have none of their own, over signed 16-bit frames. */
import { historyNeeded, next, start } from './repetition';

/** 40 ms at 48 kHz. */
const HISTORY_MAX: i32 = 1920;
const HISTORY: usize = memory.data(7680, 16);

let rate: i32 = 8000;
let concealing: bool = false;

export function Concealment_init(sampleRate: i32): void {
  rate = sampleRate;
  concealing = false;
  memory.fill(HISTORY, 0, (<usize>HISTORY_MAX) << 2);
}

/** Fades into the `count` good samples at `pcm` over 5 ms if a concealed stretch precedes, and remembers them. */
export function Concealment_resume(pcm: usize, count: i32): void {
  if (concealing) {
    const fade = min(count, rate / 200);
    for (let i = 0; i < fade; i += 1) {
      const w = <f32>(i + 1) / <f32>(fade + 1);
      const at = pcm + ((<usize>i) << 1);
      store<i16>(at, clip(<f32>load<i16>(at) * w + next() * 32768 * (1 - w)));
    }
    concealing = false;
  }
  remember(pcm, count);
}

export function Concealment_conceal(pcm: usize, count: i32): void {
  if (!concealing) {
    start(HISTORY + ((<usize>historyNeeded(rate)) << 2), rate);
    concealing = true;
  }
  for (let i = 0; i < count; i += 1) store<i16>(pcm + ((<usize>i) << 1), clip(next() * 32768));
  remember(pcm, count);
}

function remember(pcm: usize, count: i32): void {
  const size = historyNeeded(rate);
  const fresh = min(count, size);
  const kept = size - fresh;
  memory.copy(HISTORY, HISTORY + ((<usize>fresh) << 2), (<usize>kept) << 2);
  const from = pcm + ((<usize>(count - fresh)) << 1);
  for (let i = 0; i < fresh; i += 1) {
    store<f32>(HISTORY + ((<usize>(kept + i)) << 2), <f32>load<i16>(from + ((<usize>i) << 1)) / 32768);
  }
}

// @ts-ignore: decorator
@inline
function clip(value: f32): i16 {
  return <i16>max<f32>(-32768, min<f32>(32767, nearest(value)));
}
