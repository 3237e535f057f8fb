import type { CodecDescription } from '../codec.js';

/**
 * RFC 7587 §4.1: always 48 kHz and two channels in SDP, whatever is sent; we send and play one. ITU-T G.113 does not list
 * Opus: by its listening tests at 32 kbit/s it impairs wide-band speech no more than AMR-WB at its highest mode.
 */
export const OPUS: CodecDescription = {
  name: 'opus',
  clockRate: 48_000,
  sampleRate: 48_000,
  channels: 2,
  payloadType: null,
  frameMs: 20,
  ie: 1,
  bpl: 10,
};

export function isOpus(format: { readonly name: string; readonly clockRate: number }): boolean {
  return format.name.toLowerCase() === 'opus' && format.clockRate === 48_000;
}
