import { SipEndpoint, type WireTrace } from '../../src/ims/sip/endpoint.js';
import { createRejection, judgeSupport, type Capabilities, type SipRequest } from '../../src/ims/sip/index.js';
import type { ServerTransaction } from '../../src/ims/sip/transaction/server-transaction.js';
import type { Flow, SipTransport } from '../../src/ims/sip/transport/flow.js';
import type { ListeningPoint } from '../../src/ims/sip/transport/transport-layer.js';
import type { Network } from '../../src/net/network.js';
import type { Clock } from '../../src/platform/clock.js';
import { silentLogger, type Logger } from '../../src/platform/logger.js';
import type { Random } from '../../src/platform/random.js';
import { DigestVerifier } from './digest-verifier.js';
import { KeyedToken } from './keyed-token.js';
import { LocationService } from './location-service.js';
import { OwnRoute } from './own-route.js';
import { Proxy } from './proxy.js';
import { Registrar } from './registrar.js';
import { Subscribers, type Subscriber } from './subscribers.js';

export interface CoreListen {
  /** Literal, no wildcard: it stands in Route headers. */
  readonly address: string;
  /** Ports, 0: any free one; a transport that is absent is not served. */
  readonly udp?: number;
  readonly tcp?: number;
  readonly tls?: { readonly port: number; readonly certificate: string; readonly privateKey: string };
}

export interface CoreOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger?: Logger;
  readonly trace?: (entry: WireTrace) => void;
  /** Home domain and realm. */
  readonly domain: string;
  readonly subscribers: readonly Subscriber[];
  readonly listen: CoreListen;
  /** Seconds. */
  readonly minExpires?: number;
  readonly maxExpires?: number;
}

export interface Core {
  readonly domain: string;
  readonly subscribers: readonly Subscriber[];
  readonly location: LocationService;
  /** `sip:` URI of the proxy, as {@link Account.proxy} takes it. @throws Error if the transport is not served */
  proxyUri(transport: SipTransport): string;
  /** What is alive, for leak tests. */
  readonly usage: { readonly transactions: number; readonly sockets: number; readonly forwardings: number };
  close(): void;
}

/** RFC 3261 §16.3: what a proxy refuses whoever it is for. */
const AS_PROXY: Capabilities = {
  role: 'proxy',
  methods: [],
  extensions: [],
  schemes: ['sip', 'sips', 'tel'],
  contentTypes: [],
};
/** RFC 3261 §10.3: what the registrar refuses. */
const AS_REGISTRAR: Capabilities = {
  role: 'endpoint',
  methods: ['REGISTER'],
  extensions: ['path', 'outbound', 'gruu'],
  schemes: ['sip', 'sips'],
  contentTypes: ['*/*'],
};

/**
 * A small IMS core on one address: registrar with digest, and proxy. For the newcomer's first
 * minute and for tests; no production server.
 * @throws NetworkError when an address or port cannot be used
 */
export async function startCore(options: CoreOptions): Promise<Core> {
  const { network, clock, random, domain, listen, logger = silentLogger } = options;
  const endpoint = new SipEndpoint({
    network,
    clock,
    random,
    logger,
    ...(options.trace ? { trace: options.trace } : {}),
  });
  const subscribers = new Subscribers(domain, options.subscribers);
  const location = new LocationService(clock);
  const verifier = new DigestVerifier(subscribers, clock, random);
  const route = new OwnRoute(domain, new KeyedToken(random));
  const registrar = new Registrar({
    subscribers,
    location,
    verifier,
    clock,
    logger,
    tag: () => endpoint.token(),
    serviceRoute: (flow) => route.serviceRoute(flow),
    ...(options.minExpires === undefined ? {} : { minExpires: options.minExpires }),
    ...(options.maxExpires === undefined ? {} : { maxExpires: options.maxExpires }),
  });
  const proxy = new Proxy({ endpoint, clock, subscribers, location, verifier, route });

  endpoint.onRequest = (request: SipRequest, transaction: ServerTransaction | null, flow: Flow): void => {
    if (transaction === null) return proxy.handleAck(request);
    const verdict = judgeSupport(request, request.method === 'REGISTER' ? AS_REGISTRAR : AS_PROXY);
    if (verdict.kind === 'reject') transaction.respond(createRejection(request, verdict, { toTag: endpoint.token() }));
    else if (request.method === 'REGISTER') transaction.respond(registrar.register(request, flow));
    else proxy.handle(request, transaction, flow);
  };
  // A 2xx that outlived its transaction is for the caller, who repeats nothing: the callee will end the call itself.
  endpoint.onStrayResponse = null;

  const points = new Map<SipTransport, string>();
  let datagramPort = 0;
  try {
    for (const transport of ['udp', 'tcp', 'tls'] as const) {
      const wanted = listen[transport];
      if (wanted === undefined) continue;
      const tls =
        typeof wanted === 'number' ? {} : { tls: { certificate: wanted.certificate, privateKey: wanted.privateKey } };
      const port = typeof wanted === 'number' ? wanted : wanted.port;
      const bind = (at: number): Promise<ListeningPoint> =>
        endpoint.listen({ transport, address: listen.address, port: at, ...tls });
      // Large requests go to the same port by TCP (RFC 3261 §18.1.1), so "any" means that of UDP if it is free.
      const point = port === 0 && datagramPort !== 0 ? await bind(datagramPort).catch(() => bind(0)) : await bind(port);
      if (transport === 'udp') datagramPort = point.local.port;
      route.add(transport, point.local);
      const host = point.local.address.includes(':') ? `[${point.local.address}]` : point.local.address;
      points.set(transport, `sip:${host}:${point.local.port};transport=${transport}`);
    }
  } catch (error) {
    endpoint.close();
    throw error;
  }
  return {
    domain,
    subscribers: options.subscribers,
    location,
    proxyUri: (transport) => {
      const uri = points.get(transport);
      if (uri === undefined) throw new Error(`the core does not serve ${transport}`);
      return uri;
    },
    get usage() {
      return { transactions: endpoint.usage.transactions, sockets: endpoint.usage.sockets, forwardings: proxy.size };
    },
    close: () => {
      proxy.close();
      endpoint.close();
    },
  };
}
