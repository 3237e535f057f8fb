/** Noise from a linear congruence, the same in every decoder of a stream. */

/** @param seed address of a u32 @param deviation standard deviation of the uniform noise */
export function noise(deviation: f32, seed: usize): f32 {
  const value = load<u32>(seed) * 1664525 + 1013904223;
  store<u32>(seed, value);
  const uniform = reinterpret<f32>(0x3f800000 | (value & 0x007fffff)) - 1.5;
  return (3.4642 as f32) * deviation * uniform;
}
