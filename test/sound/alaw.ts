/** Plain G.711 A-law after ITU-T G.711 table 1a, for sounds that a peer is to send. @param sample signed 16 bit */
export function alaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  // Negative values are mirrored so that -1 and 0 fall into the same first step.
  const magnitude = Math.min(sample >= 0 ? sample >> 3 : ~sample >> 3, 0xfff);
  let segment = 0;
  while (magnitude >> (segment + 5) > 0) segment++;
  const mantissa = (segment < 2 ? magnitude >> 1 : magnitude >> segment) & 0x0f;
  return (sign | (segment << 4) | mantissa) ^ 0x55;
}

/** The middle of the step that an A-law octet stands for, signed 16 bit. */
export function alawSample(octet: number): number {
  const bits = octet ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}
