import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WasmModules, WasmName } from '../src/media/wasm/wasm-modules.js';

/** Compiled kernels from a folder: by default what `tools/build-assembly.ts` wrote. */
export class WasmFromDisk implements WasmModules {
  readonly #modules = new Map<WasmName, Promise<WebAssembly.Module>>();

  constructor(private readonly folder = fileURLToPath(new URL('../build/wasm', import.meta.url))) {}

  get(name: WasmName): Promise<WebAssembly.Module> {
    let module = this.#modules.get(name);
    if (module === undefined) {
      module = readFile(path.join(this.folder, `${name}.wasm`)).then((bytes) => WebAssembly.compile(bytes));
      this.#modules.set(name, module);
    }
    return module;
  }
}
