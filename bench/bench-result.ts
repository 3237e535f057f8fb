/** One figure of ours beside one of a peer, from the same run on the same machine. */
export interface BenchResult {
  readonly name: string;
  /** Of `ours` and `peerValue`: `messages/s`, `ns`, `ms` ... */
  readonly unit: string;
  readonly ours: number;
  readonly peer: string;
  readonly peerValue: number;
  /** How many times better ours is than the peer's; below 1 it is worse. */
  readonly ratio: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
