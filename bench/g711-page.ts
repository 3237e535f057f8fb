import { Kernel } from '../src/media/wasm/kernel.js';

/** ns per 160 samples, by direction. */
export interface G711Round {
  readonly ours: Record<string, number>;
  readonly table: Record<string, number>;
}

type Run = (n: number) => void;

/** Interleaved rounds, so that a busy moment of the machine hits both alike. @param base64 the g711 kernel */
async function measureG711(base64: string): Promise<G711Round[]> {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const module = await WebAssembly.compile(bytes);
  const kernel = new Kernel(module);
  const call = (name: string): Run => kernel.function(name);
  const pcm = kernel.samples('pcm', 960);
  const octets = kernel.octets('octets', 960);
  const input = Int16Array.from({ length: 160 }, (_, i) => 12_000 * Math.sin(i * i));
  const tables = { encode: new Uint8Array(65_536), decode: new Int16Array(256) };
  // Short enough to fit between two interruptions by other programs.
  const repeats = 6000;
  const rounds: G711Round[] = [];
  for (let round = 0; round < 45; round += 1) {
    const result: G711Round = { ours: {}, table: {} };
    for (const law of ['Alaw', 'Ulaw']) {
      // The tables come from the kernel itself, so both do the same work.
      for (let i = 0; i < 65_536; i += 160) {
        for (let k = 0; k < 160; k += 1) pcm[k] = i + k;
        call(`encode${law}`)(160);
        for (let k = 0; k < 160 && i + k < 65_536; k += 1) tables.encode[i + k] = octets[k] ?? 0;
      }
      for (let i = 0; i < 256; i += 1) octets[i] = i;
      call(`decode${law}`)(256);
      tables.decode.set(pcm.subarray(0, 256));
      for (const direction of ['encode', 'decode'] as const) {
        const name = direction + law;
        const direct = call(name);
        pcm.set(input);
        call(`encode${law}`)(160);
        let begun = performance.now();
        for (let i = 0; i < 4 * repeats; i += 1) direct(160);
        result.ours[name] = ((performance.now() - begun) * 1e6) / (4 * repeats);
        const coded = new Uint8Array(160);
        const decoded = new Int16Array(160);
        begun = performance.now();
        if (direction === 'encode') {
          for (let i = 0; i < repeats; i += 1) encodeByTable(input, coded, tables.encode);
        } else {
          for (let i = 0; i < repeats; i += 1) decodeByTable(coded, decoded, tables.decode);
        }
        result.table[name] = ((performance.now() - begun) * 1e6) / repeats;
      }
    }
    if (round > 2) rounds.push(result);
  }
  return rounds;
}

function encodeByTable(pcm: Int16Array, octets: Uint8Array, table: Uint8Array): void {
  for (let k = 0; k < 160; k += 1) octets[k] = table[(pcm[k] ?? 0) & 0xffff] ?? 0;
}

function decodeByTable(octets: Uint8Array, pcm: Int16Array, table: Int16Array): void {
  for (let k = 0; k < 160; k += 1) pcm[k] = table[octets[k] ?? 0] ?? 0;
}

Object.assign(globalThis, { measureG711 });
