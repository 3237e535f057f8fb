/** µs per 20 ms of sound. */
export interface BlockCodecRound {
  readonly encode: number;
  readonly decode: number;
}

/** Calls of a kernel by name and arguments. */
export type KernelCall = readonly [name: string, ...values: number[]];

/** A module, and how it is driven. */
export interface BlockCodecModule {
  /** base64 */
  readonly wasm: string;
  /** Before each round. */
  readonly start: readonly KernelCall[];
  readonly encode: KernelCall;
  readonly decode: KernelCall;
}

interface Driven {
  readonly input: Int16Array;
  readonly octets: Uint8Array;
  readonly start: readonly (() => void)[];
  readonly encode: () => void;
  readonly decode: () => void;
}

const ROUNDS = 15;

/** Codes all of `pcm` and back by each module in turn, round after round, copies in and out included. @param pcm base64 */
async function measureBlockCodec(
  modules: readonly BlockCodecModule[],
  pcm: string,
  frameSamples: number,
  frameOctets: number,
): Promise<BlockCodecRound[][]> {
  const samples = new Int16Array(octetsOf(pcm).buffer);
  const frames = Math.floor(samples.length / frameSamples);
  const blocks = Array.from({ length: frames }, (_, f) => samples.subarray(f * frameSamples, (f + 1) * frameSamples));
  const payloads = blocks.map(() => new Uint8Array(frameOctets));
  const driven = await Promise.all(modules.map((module) => drive(module, frameSamples, frameOctets)));
  const rounds: BlockCodecRound[][] = modules.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    driven.forEach((codec, which) => rounds[which]?.push(oneRound(codec, blocks, payloads)));
  }
  return rounds;
}

function oneRound(codec: Driven, blocks: readonly Int16Array[], payloads: readonly Uint8Array[]): BlockCodecRound {
  for (const call of codec.start) call();
  const begun = performance.now();
  blocks.forEach((block, f) => {
    codec.input.set(block);
    codec.encode();
    payloads[f]?.set(codec.octets);
  });
  const encoded = performance.now();
  for (const call of codec.start) call();
  const restarted = performance.now();
  for (const payload of payloads) {
    codec.octets.set(payload);
    codec.decode();
  }
  const decoded = performance.now();
  const frames = blocks.length;
  return { encode: ((encoded - begun) * 1000) / frames, decode: ((decoded - restarted) * 1000) / frames };
}

async function drive(
  { wasm, start, encode, decode }: BlockCodecModule,
  frameSamples: number,
  frameOctets: number,
): Promise<Driven> {
  const module = await WebAssembly.compile(octetsOf(wasm));
  // C that could print asks for a console: it is never called.
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
  const { exports } = new WebAssembly.Instance(module, imports);
  const { memory } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('no memory');
  const bind = ([name, ...values]: KernelCall): (() => number) => {
    const call = exports[name];
    if (!isFunction(call)) throw new TypeError(`no function ${name}`);
    const [a = 0, b = 0, c = 0] = values;
    return () => call(a, b, c);
  };
  if ('_initialize' in exports) bind(['_initialize'])();
  // The memory of a C module may grow when it starts, not after.
  for (const call of start) bind(call)();
  return {
    input: new Int16Array(memory.buffer, bind(['pcm'])(), frameSamples),
    octets: new Uint8Array(memory.buffer, bind(['octets'])(), frameOctets),
    start: start.map(bind),
    encode: bind(encode),
    decode: bind(decode),
  };
}

function isFunction(value: unknown): value is (a: number, b: number, c: number) => number {
  return typeof value === 'function';
}

function octetsOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

Object.assign(globalThis, { measureBlockCodec });
