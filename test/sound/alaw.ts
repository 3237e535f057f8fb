/** Plain G.711 A-law after ITU-T G.711 table 1a, for sounds that a peer is to send. @param sample signed 16 bit */
export function alaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  // Negative values are mirrored so that -1 and 0 fall into the same first step.
  const magnitude = Math.min(sample >= 0 ? sample >> 4 : ~sample >> 4, 0x7ff);
  let segment = 0;
  while (magnitude >> (segment + 5) > 0) segment++;
  const mantissa = (segment < 2 ? magnitude >> 1 : magnitude >> segment) & 0x0f;
  return (sign | (segment << 4) | mantissa) ^ 0x55;
}
