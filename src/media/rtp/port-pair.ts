import { NetworkError, type Network, type UdpSocket } from '../../net/network.js';

/** An even RTP port and the odd one above it for RTCP (RFC 3550 §11), both bound. */
export interface PortPair {
  readonly rtp: UdpSocket;
  readonly rtcp: UdpSocket;
}

const ATTEMPTS = 20;

/** Binds a pair on `address`. @throws NetworkError when no pair is free or the address is not ours */
export async function bindPortPair(network: Network, address: string): Promise<PortPair> {
  const rejected: UdpSocket[] = [];
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const first = await network.bindUdp({ address, port: 0 });
      const { port } = first.local;
      const even = port % 2 === 0;
      try {
        const second = await network.bindUdp({ address, port: even ? port + 1 : port - 1 });
        return even ? { rtp: first, rtcp: second } : { rtp: second, rtcp: first };
      } catch (error) {
        // Held until the end, so that the next attempt gets another port.
        rejected.push(first);
        if (!(error instanceof NetworkError) || error.reason !== 'address-in-use') throw error;
      }
    }
    throw new NetworkError('address-in-use', 'no pair of RTP ports is free');
  } finally {
    for (const socket of rejected) socket.close();
  }
}
