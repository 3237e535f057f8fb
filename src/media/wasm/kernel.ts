/** A function that a kernel exports: numbers in, a number (or nothing) out. */
export type KernelFunction = (...values: number[]) => number;

/**
 * One instance of an AssemblyScript kernel: fixed memory, pointer exports, no imports. The views stay
 * valid for its life, because the memory never grows.
 */
export class Kernel {
  readonly #exports: WebAssembly.Exports;
  readonly #memory: ArrayBuffer;

  constructor(module: WebAssembly.Module) {
    this.#exports = new WebAssembly.Instance(module, {}).exports;
    const { memory } = this.#exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('the kernel exports no memory');
    this.#memory = memory.buffer;
  }

  function(name: string): KernelFunction {
    const value = this.#exports[name];
    if (!isKernelFunction(value)) throw new TypeError(`the kernel exports no function ${name}`);
    return value;
  }

  /** Octets at the address that the export `pointer` returns. */
  octets(pointer: string, length: number): Uint8Array {
    return new Uint8Array(this.#memory, this.function(pointer)(), length);
  }

  samples(pointer: string, length: number): Int16Array {
    return new Int16Array(this.#memory, this.function(pointer)(), length);
  }

  floats(pointer: string, length: number): Float32Array {
    return new Float32Array(this.#memory, this.function(pointer)(), length);
  }

  doubles(pointer: string, length: number): Float64Array {
    return new Float64Array(this.#memory, this.function(pointer)(), length);
  }

  /** All of the memory, for addresses that change. */
  get memory(): Uint8Array {
    return new Uint8Array(this.#memory);
  }
}

function isKernelFunction(value: unknown): value is KernelFunction {
  return typeof value === 'function';
}
