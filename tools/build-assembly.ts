/**
 * Compiles the AssemblyScript kernels: assembly/<entry>/index.ts → build/wasm/<name>.wasm.
 * Run as a script, or call `buildAssembly` from a build.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import binaryen from 'binaryen';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface AssemblyModule {
  readonly entry: string;
  /** Its fixed memory, in pages of 64 kB. */
  readonly pages: number;
  /** Inlines less than the others do, for the size of the download: see docs/decisions/2026-11-25-packed-codec-tables.md. */
  readonly small?: true;
}

/** By module name. */
export const ASSEMBLY_MODULES: Readonly<Record<string, AssemblyModule>> = {
  g711: { entry: 'assembly/codecs/g711/index.ts', pages: 1 },
  gsm: { entry: 'assembly/codecs/gsm/index.ts', pages: 1 },
  g722: { entry: 'assembly/codecs/g722/index.ts', pages: 1 },
  dvi4: { entry: 'assembly/codecs/dvi4/index.ts', pages: 1 },
  l16: { entry: 'assembly/codecs/l16/index.ts', pages: 1 },
  ilbc: { entry: 'assembly/codecs/ilbc/index.ts', pages: 1 },
  'amr-nb': { entry: 'assembly/codecs/amr-nb/index.ts', pages: 2, small: true },
  'amr-wb': { entry: 'assembly/codecs/amr-wb/index.ts', pages: 2 },
  'comfort-noise': { entry: 'assembly/codecs/comfort-noise/index.ts', pages: 1 },
  speex: { entry: 'assembly/codecs/speex/index.ts', pages: 2 },
  jitter: { entry: 'assembly/jitter/index.ts', pages: 8 },
};

/** @returns the files written */
export async function buildAssembly(
  outDir = path.join(ROOT, 'build/wasm'),
  names = Object.keys(ASSEMBLY_MODULES),
): Promise<string[]> {
  await mkdir(outDir, { recursive: true });
  const files: string[] = [];
  for (const name of names) {
    const module = ASSEMBLY_MODULES[name];
    if (module === undefined) throw new Error(`no assembly module called ${name}`);
    const outFile = path.join(outDir, `${name}.wasm`);
    const { error, stderr } = await asc.main([
      module.entry,
      '--config',
      'asconfig.json',
      '--baseDir',
      ROOT,
      '--outFile',
      path.relative(ROOT, outFile),
      '--initialMemory',
      String(module.pages),
      '--maximumMemory',
      String(module.pages),
      ...(module.small === true ? ['--optimizeLevel', '0'] : []),
    ]);
    // eslint-disable-next-line @typescript-eslint/no-base-to-string -- the stream's toString is its text
    if (error !== null) throw new Error(`assembly module ${name}: ${error.message}\n${String(stderr)}`);
    if (module.small === true) await writeFile(outFile, optimizeSmall(await readFile(outFile)));
    files.push(outFile);
  }
  return files;
}

/** Largest function that is inlined where it is called from several places, in nodes of Binaryen's. */
const INLINED = 18;

/** The same passes as AssemblyScript's own, but of the compiler's output, twice, and with less inlining. */
function optimizeSmall(octets: Uint8Array): Uint8Array {
  const module = binaryen.readBinary(octets);
  const { SIMD128, BulkMemory, BulkMemoryOpt, SignExt, NontrappingFPToInt, MutableGlobals } = binaryen.Features;
  module.setFeatures(SIMD128 | BulkMemory | BulkMemoryOpt | SignExt | NontrappingFPToInt | MutableGlobals);
  // The compiler has left settings of its own.
  binaryen.setOptimizeLevel(4);
  binaryen.setShrinkLevel(0);
  binaryen.setZeroFilledMemory(false);
  binaryen.setFastMath(false);
  binaryen.setAlwaysInlineMaxSize(2);
  binaryen.setOneCallerInlineMaxSize(-1);
  binaryen.setFlexibleInlineMaxSize(INLINED);
  for (let round = 0; round < 2; round += 1) module.optimize();
  const optimized = module.emitBinary();
  module.dispose();
  return optimized;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const file of await buildAssembly(undefined, process.argv.length > 2 ? process.argv.slice(2) : undefined))
    console.log(path.relative(ROOT, file));
}
