/** File names, without `.wasm`, of the compiled kernels. */
export type WasmName =
  'g711' | 'gsm' | 'g722' | 'dvi4' | 'l16' | 'ilbc' | 'speex' | 'amr-nb' | 'amr-wb' | 'comfort-noise' | 'jitter';

/** Where compiled kernels come from; each is compiled once and its Module shared with every thread. */
export interface WasmModules {
  /** @throws Error when the file is absent or does not compile (a CSP without 'wasm-unsafe-eval') */
  get(name: WasmName): Promise<WebAssembly.Module>;
}

/** Modules fetched from `base` + `name.wasm`. */
export class FetchedModules implements WasmModules {
  readonly #modules = new Map<WasmName, Promise<WebAssembly.Module>>();

  constructor(private readonly base: string) {}

  get(name: WasmName): Promise<WebAssembly.Module> {
    const known = this.#modules.get(name);
    if (known !== undefined) return known;
    const module = this.#load(name);
    this.#modules.set(name, module);
    // A failure is not kept: the next call tries again.
    module.catch(() => this.#modules.delete(name));
    return module;
  }

  async #load(name: WasmName): Promise<WebAssembly.Module> {
    const response = await fetch(new URL(`${name}.wasm`, this.base));
    if (!response.ok) throw new Error(`${name}.wasm: HTTP ${response.status}`);
    return WebAssembly.compile(await response.arrayBuffer());
  }
}
