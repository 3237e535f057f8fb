import type { IkeNegotiation } from '../../../src/net/ipsec.js';
import type { ViciTree } from './vici-message.js';

/** The arguments of `load-conn` for a negotiation (swanctl.conf(5)). */
export function ikeConnection(name: string, negotiation: IkeNegotiation): ViciTree {
  const { local, remote, localPort, remotePort, localId, remoteId, certificate } = negotiation;
  // RFC 7296 §3.13.1: a selector with ports names its protocol.
  const selectors = (port: number): string[] => ['udp', 'tcp'].map((protocol) => `dynamic[${protocol}/${port}]`);
  const auth = certificate === undefined ? 'psk' : 'pubkey';
  const ourId = localId ?? (certificate === undefined ? local : undefined);
  return {
    [name]: {
      version: '2',
      local_addrs: [local],
      remote_addrs: [remote],
      mobike: 'no',
      dpd_delay: '30s',
      local: {
        auth,
        ...(ourId === undefined ? {} : { id: ourId }),
        ...(certificate === undefined ? {} : { certs: [certificate] }),
      },
      remote: { auth, id: remoteId ?? remote },
      children: {
        [name]: {
          mode: 'transport',
          local_ts: selectors(localPort),
          remote_ts: selectors(remotePort),
          // A policy that outlives the associations: without them nothing goes in clear.
          start_action: 'trap',
        },
      },
    },
  };
}
