import { parentPort, workerData } from 'node:worker_threads';
import { FUZZ_DEFAULTS, runFuzz } from './run-fuzz.js';
import { FUZZ_TARGETS } from './targets.js';

/** What the main thread hands over. `shared` tells it which input is being run: index, length, octets. */
export interface FuzzJob {
  readonly target: string;
  readonly count: number;
  readonly seed: number;
  readonly shared: SharedArrayBuffer;
}

const job = workerData as FuzzJob; // typed by the one place that starts this worker
const numbers = new Int32Array(job.shared, 0, 2);
const room = new Uint8Array(job.shared, 8);
const target = FUZZ_TARGETS.find(({ name }) => name === job.target);

if (target) {
  const report = runFuzz(target, {
    ...FUZZ_DEFAULTS,
    count: job.count,
    seed: job.seed,
    onInput: (octets, index) => {
      room.set(octets.subarray(0, room.length));
      Atomics.store(numbers, 1, octets.length);
      Atomics.store(numbers, 0, index);
    },
  });
  parentPort?.postMessage(report);
}
