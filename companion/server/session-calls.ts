import { ipFamily } from '../../src/net/ip-address.js';
import { NetworkError } from '../../src/net/network.js';
import type { Grant } from '../access/grants.js';
import { NodeNetwork } from '../native/node-network.js';
import { fromBase64, toBase64 } from '../../src/platform/base64.js';
import type { Method, Params, Result } from '../protocol/calls.js';
import type { Channel, ChannelHost } from './channel.js';
import type { ChannelTable } from './channel-table.js';
import type { IpsecSets } from './ipsec-sets.js';
import { ListenerChannel } from './listener-channel.js';
import { StreamChannel } from './stream-channel.js';
import { UdpChannel } from './udp-channel.js';
import type { PageWills } from './wills.js';

/** The calls a page may make once it has said hello; `hello` and `pair` are the session's own. */
export type SessionMethod = Exclude<Method, 'hello' | 'pair' | 'unpair'>;
export type SessionCalls = { readonly [M in SessionMethod]: (params: Params[M]) => Promise<Result[M]> };

export interface SessionCallsContext {
  readonly host: ChannelHost;
  readonly channels: ChannelTable;
  readonly network: NodeNetwork;
  readonly grant: Grant;
  readonly ipsecSets: IpsecSets;
  readonly wills: PageWills;
  droppedIn(): number;
  droppedOut(): number;
}

export function sessionCalls(context: SessionCallsContext): SessionCalls {
  const { host, channels, network, grant } = context;

  /** Makes a socket within the limit on their number. */
  async function opened<S>(
    make: () => Promise<S>,
    wrap: (socket: S, channel: number) => Channel,
  ): Promise<[S, number]> {
    if (!channels.reserve()) throw new NetworkError('limit', 'Too many sockets');
    try {
      const socket = await make();
      return [socket, channels.add((channel) => wrap(socket, channel))];
    } finally {
      channels.unreserve();
    }
  }

  return {
    ping: () => Promise.resolve({}),
    'udp.bind': async (params) => {
      const [socket, channel] = await opened(
        () => network.bindUdp(params),
        (bound, number) => new UdpChannel(host, number, bound),
      );
      return { channel, local: socket.local };
    },
    'tcp.connect': async (params) => {
      const { address, port } = params.remote;
      // What is no literal is the network's to refuse.
      if (ipFamily(address) !== null && !host.permits(address, port)) {
        throw new NetworkError('denied', `${address} port ${port} is not allowed to this page`);
      }
      const [stream, channel] = await opened(
        () => network.connect(params),
        (connection, number) => new StreamChannel(host, number, connection),
      );
      const pinned = params.tls?.pins ? { pinned: true } : {};
      return { channel, local: stream.local, remote: stream.remote, secure: stream.secure, ...pinned };
    },
    'tcp.listen': async (params) => {
      if (!grant.listen) throw new NetworkError('denied', 'This page may not listen');
      const [listener, channel] = await opened(
        () => network.listen(params),
        (listening, number) => new ListenerChannel(host, number, listening),
      );
      return { channel, local: listener.local };
    },
    close: ({ channel }) => {
      channels.close(channel);
      return Promise.resolve({});
    },
    'dns.resolve': async (query) => ({ records: await network.resolve(query) }),
    'http.request': async ({ body, ...request }) => {
      const octets = body === undefined ? undefined : fromBase64(body);
      if (octets === null) throw new NetworkError('unsupported', 'The body is not base64');
      const response = await network.http(octets === undefined ? request : { ...request, body: octets });
      return { ...response, body: toBase64(response.body) };
    },
    interfaces: async () => ({ interfaces: await network.interfaces() }),
    localAddressFor: async ({ remote }) => ({ address: await network.localAddressFor(remote) }),
    'ipsec.install': async (params) => ({ set: await context.ipsecSets.install(params) }),
    'ipsec.negotiate': async (params) => ({ set: await context.ipsecSets.negotiate(params) }),
    'ipsec.remove': async ({ set }) => {
      await context.ipsecSets.remove(set);
      return {};
    },
    'will.leave': ({ channel, name, data, remote, last }) => {
      const octets = fromBase64(data);
      if (!octets) throw new NetworkError('unsupported', 'The will is not base64');
      context.wills.leave({ name, data: octets, last: last === true }, channel, remote);
      return Promise.resolve({});
    },
    'will.drop': ({ name }) => {
      context.wills.drop(name);
      return Promise.resolve({});
    },
    statistics: () => {
      const dropped = { droppedIn: context.droppedIn(), droppedOut: context.droppedOut() };
      return Promise.resolve({ sockets: channels.size, ...dropped });
    },
  };
}
