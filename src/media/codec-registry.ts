import type { Codec, CodecDescription } from './codec.js';
import { AMR, AMR_WIDE, amr } from './codecs/amr.js';
import { DVI4_16000, DVI4_8000, dvi4 } from './codecs/dvi4.js';
import { g711, PCMA, PCMU } from './codecs/g711.js';
import { G722, g722 } from './codecs/g722.js';
import { GSM, gsm } from './codecs/gsm.js';
import { isComfortNoise } from './codecs/comfort-noise.js';
import { ILBC, ilbc } from './codecs/ilbc.js';
import { L16_16000, L16_8000, l16 } from './codecs/l16.js';
import { speex, SPEEX_16000, SPEEX_32000, SPEEX_8000 } from './codecs/speex.js';
import { AMR_NB, AMR_WB } from './payload/amr-band.js';
import { AMR_OFFER, answerAmrFmtp } from './payload/amr-fmtp.js';
import { ilbcMode } from './payload/ilbc.js';
import type { WasmModules, WasmName } from './wasm/wasm-modules.js';

/** A codec that can be offered before its module is loaded. */
export interface CodecEntry {
  readonly description: CodecDescription;
  /** The kernel that it needs. */
  readonly wasm: WasmName;
  /** Format parameters that we offer and answer with, or null. */
  readonly fmtp: string | null;
  /** A second shape of its payloads, offered under a number of its own where there is room. */
  readonly alternative?: { readonly payloadType: number; readonly fmtp: string };
  /**
   * Named in our offers. The others are taken when the other side offers them: an INVITE that names all of them is
   * too large for a datagram (RFC 3261 §18.1.1).
   */
  readonly offered: boolean;
  /**
   * @param remote parameters of the other side @param local ours
   * @returns those that we answer with; null: we cannot do what they ask. Absent: ours, whatever they are
   */
  readonly negotiate?: (remote: string, local: string | null) => string | null;
  readonly instantiate: (module: WebAssembly.Module) => Codec;
}

const entry = (
  description: CodecDescription,
  wasm: WasmName,
  instantiate: (module: WebAssembly.Module) => Codec,
): CodecEntry => ({ description, wasm, fmtp: null, offered: true, instantiate });

const onRequest = (codec: CodecEntry): CodecEntry => ({ ...codec, offered: false });

/** Every codec, in our order of preference. */
export const CODECS: readonly CodecEntry[] = [
  ...[PCMA, PCMU].map((law) => entry(law, 'g711', (module) => g711(law, module))),
  entry(G722, 'g722', g722),
  entry(GSM, 'gsm', gsm),
  // RFC 3952 §5: both sides use the longer of the two frames.
  { ...entry(ILBC, 'ilbc', ilbc), fmtp: 'mode=20', negotiate: (remote) => `mode=${ilbcMode(remote)}` },
  {
    ...entry(AMR, 'amr-nb', (module) => amr(AMR, module)),
    fmtp: AMR_OFFER,
    alternative: { payloadType: 96, fmtp: 'octet-align=1' },
    negotiate: (remote) => answerAmrFmtp(remote, AMR_NB),
  },
  {
    ...entry(AMR_WIDE, 'amr-wb', (module) => amr(AMR_WIDE, module)),
    fmtp: AMR_OFFER,
    alternative: { payloadType: 97, fmtp: 'octet-align=1' },
    negotiate: (remote) => answerAmrFmtp(remote, AMR_WB),
  },
  ...[SPEEX_16000, SPEEX_8000, SPEEX_32000].map((rate) =>
    onRequest({
      ...entry(rate, 'speex', (module) => speex(rate, module)),
      fmtp: rate === SPEEX_8000 ? 'mode="5,any"' : 'mode="8,any"',
    }),
  ),
  ...[DVI4_16000, DVI4_8000].map((rate) => onRequest(entry(rate, 'dvi4', (module) => dvi4(rate, module)))),
  ...[L16_16000, L16_8000].map((rate) => onRequest(entry(rate, 'l16', (module) => l16(rate, module)))),
];

/** @param name encoding name, any case */
export function findCodec(name: string, clockRate: number): CodecEntry | undefined {
  return CODECS.find(
    (c) => c.description.name.toUpperCase() === name.toUpperCase() && c.description.clockRate === clockRate,
  );
}

/** Kernels that an ear needs for these formats, compiled. @throws Error when one does not load */
export async function modulesFor(
  formats: readonly { readonly name: string; readonly clockRate: number }[],
  modules: WasmModules,
): Promise<Readonly<Partial<Record<WasmName, WebAssembly.Module>>>> {
  const names = new Set<WasmName>(['jitter']);
  for (const format of formats) {
    const wasm = isComfortNoise(format) ? 'comfort-noise' : findCodec(format.name, format.clockRate)?.wasm;
    if (wasm !== undefined) names.add(wasm);
  }
  return Object.fromEntries(
    await Promise.all([...names].map(async (name) => [name, await modules.get(name)] as const)),
  );
}
