import { NetworkError, type Network, type UdpSocket } from '../../net/network.js';
import { randomUint32, type Random } from '../../platform/random.js';

/** An even RTP port and the odd one above it for RTCP (RFC 3550 §11), both bound. */
export interface PortPair {
  readonly rtp: UdpSocket;
  readonly rtcp: UdpSocket;
}

const ATTEMPTS = 20;
/** Below what operating systems hand out by themselves, and where telephones commonly have their media. */
const LOWEST = 16_384;
const PAIRS = 8_192;

/**
 * Binds a pair on `address`, both ports at once: a companion is a round trip away.
 * @throws NetworkError when no pair is free or the address is not ours
 */
export async function bindPortPair(network: Network, address: string, random: Random): Promise<PortPair> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = LOWEST + 2 * (randomUint32(random) % PAIRS);
    const [rtp, rtcp] = await Promise.allSettled([
      network.bindUdp({ address, port }),
      network.bindUdp({ address, port: port + 1 }),
    ]);
    if (rtp.status === 'fulfilled' && rtcp.status === 'fulfilled') return { rtp: rtp.value, rtcp: rtcp.value };
    for (const half of [rtp, rtcp]) if (half.status === 'fulfilled') half.value.close();
    for (const half of [rtp, rtcp]) if (half.status === 'rejected' && !isTaken(half.reason)) throw half.reason;
  }
  throw new NetworkError('address-in-use', 'no pair of RTP ports is free');
}

const isTaken = (error: unknown): boolean => error instanceof NetworkError && error.reason === 'address-in-use';
