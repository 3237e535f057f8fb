/**
 * The 76 parameters of a frame as words, in the order of EN 300 961 table 1.1: LARc[1..8], then for each sub-frame
 * Nc, bc, Mc, xmaxc and xMc[0..12].
 */
export const LARC: usize = memory.data(16 + 4 * 34, 16);
export const SUBFRAMES: usize = LARC + 16;
export const SUBFRAME_SIZE: usize = 34;
export const FRAME_OCTETS: usize = 33;

/** RFC 3551 §4.5.8.1: the signature 0xD, then the parameters, most significant bit first. */
export function pack(to: usize): void {
  const head: u64 =
    (<u64>0xd << 36) |
    (<u64>load<u16>(LARC) << 30) |
    (<u64>load<u16>(LARC, 2) << 24) |
    (<u64>load<u16>(LARC, 4) << 19) |
    (<u64>load<u16>(LARC, 6) << 14) |
    (<u64>load<u16>(LARC, 8) << 10) |
    (<u64>load<u16>(LARC, 10) << 6) |
    (<u64>load<u16>(LARC, 12) << 3) |
    <u64>load<u16>(LARC, 14);
  // Each store of eight octets is followed by one that overwrites its excess.
  store<u64>(to, bswap<u64>(head << 24));
  for (let i: usize = 0; i < 4; i += 1) {
    const from = SUBFRAMES + i * SUBFRAME_SIZE;
    let bits: u64 =
      (<u64>load<u16>(from) << 10) | (<u64>load<u16>(from, 2) << 8) | (<u64>load<u16>(from, 4) << 6) | <u64>load<u16>(from, 6);
    for (let k: usize = 8; k < 34; k += 2) bits = (bits << 3) | <u64>load<u16>(from + k);
    store<u64>(to + 5 + i * 7, bswap<u64>(bits << 8));
  }
}

/** @returns false where the signature is not that of a frame */
export function unpack(from: usize): bool {
  const head = bswap<u64>(load<u64>(from)) >> 24;
  if (head >> 36 !== 0xd) return false;
  store<u16>(LARC, <u16>((head >> 30) & 63));
  store<u16>(LARC, <u16>((head >> 24) & 63), 2);
  store<u16>(LARC, <u16>((head >> 19) & 31), 4);
  store<u16>(LARC, <u16>((head >> 14) & 31), 6);
  store<u16>(LARC, <u16>((head >> 10) & 15), 8);
  store<u16>(LARC, <u16>((head >> 6) & 15), 10);
  store<u16>(LARC, <u16>((head >> 3) & 7), 12);
  store<u16>(LARC, <u16>(head & 7), 14);
  for (let i: usize = 0; i < 4; i += 1) {
    const to = SUBFRAMES + i * SUBFRAME_SIZE;
    let bits = bswap<u64>(load<u64>(from + 5 + i * 7)) >> 8;
    store<u16>(to, <u16>(bits >> 49));
    store<u16>(to, <u16>((bits >> 47) & 3), 2);
    store<u16>(to, <u16>((bits >> 45) & 3), 4);
    store<u16>(to, <u16>((bits >> 39) & 63), 6);
    for (let k: usize = 32; k >= 8; k -= 2) {
      store<u16>(to + k, <u16>(bits & 7));
      bits >>= 3;
    }
  }
  return true;
}
