import type { Codec, CodecDescription } from './codec.js';
import { g711, PCMA, PCMU } from './codecs/g711.js';
import type { WasmName } from './wasm/wasm-modules.js';

/** A codec that can be offered before its module is loaded. */
export interface CodecEntry {
  readonly description: CodecDescription;
  /** The kernel that it needs. */
  readonly wasm: WasmName;
  /** Format parameters that we offer and answer with, or null. */
  readonly fmtp: string | null;
  readonly instantiate: (module: WebAssembly.Module) => Codec;
}

/** Every codec, in our order of preference. */
export const CODECS: readonly CodecEntry[] = [PCMA, PCMU].map((description) => ({
  description,
  wasm: 'g711' as const,
  fmtp: null,
  instantiate: (module: WebAssembly.Module) => g711(description, module),
}));

/** @param name encoding name, any case */
export function findCodec(name: string, clockRate: number): CodecEntry | undefined {
  return CODECS.find((c) => c.description.name === name.toUpperCase() && c.description.clockRate === clockRate);
}
