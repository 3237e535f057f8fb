/** Names that people know better than those of SDP. */
const NAMES: Readonly<Partial<Record<string, string>>> = {
  PCMA: 'G.711 A',
  PCMU: 'G.711 µ',
  G722: 'G.722',
  SPEEX: 'Speex',
  OPUS: 'Opus',
};

/** @param name encoding name as in SDP @returns what the codec is called */
export function codecName(name: string): string {
  return NAMES[name.toUpperCase()] ?? name;
}

/** Sampling rate, kHz. G.722's clock says 8 and means 16 (RFC 3551 §4.5.2). */
export function codecKilohertz(name: string, clockRate: number): number {
  return name.toUpperCase() === 'G722' ? 16 : clockRate / 1000;
}

/** More than the band of a telephone, 300 to 3400 Hz. */
export function isWideband(name: string, clockRate: number): boolean {
  return codecKilohertz(name, clockRate) >= 16;
}
