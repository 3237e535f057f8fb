import type { NetworkErrorReason } from '../../src/net/network.js';
import { ENCRYPTION_ALGORITHMS, INTEGRITY_ALGORITHMS, MODES, PROTOCOLS } from '../../src/net/ipsec.js';
import {
  either,
  flag,
  integer,
  list,
  nullOr,
  oneOf,
  record,
  span,
  text,
  texts,
  type Guard,
  type Guarded,
} from './guard.js';
import { TRAFFIC_CLASSES } from './version.js';

/** The calls of the protocol: names and shapes, checked at both ends. */
const port = integer(0, 65535);
const channel = integer(1, 0xffffffff);
const address = text(64);
const pem = text(65536);
const endpoint = record({ address, port });
const nothing = record({});

const REASONS = [
  'refused', 'unreachable', 'timeout', 'reset', 'closed', 'address-in-use', 'address-unavailable', 'denied', 'ipsec-denied',
  'ipsec-kernel', 'ipsec-tool', 'dns',
  'tls-expired', 'tls-name', 'tls-authority', 'tls-pinned', 'tls', 'too-large', 'limit', 'unsupported', 'companion-absent',
  'companion-unpaired', 'companion-refused', 'companion-lost', 'internal',
] as const satisfies readonly NetworkErrorReason[]; // prettier-ignore
export const reason: Guard<NetworkErrorReason> = oneOf(...REASONS);
const failure = record({ reason, message: text(4096) });

const tls = record(
  {},
  {
    serverName: text(255),
    authorities: list(pem, 64),
    pins: list(text(128), 64),
    certificate: pem,
    privateKey: pem,
    alpn: list(text(255), 16),
  },
);
const ttl = integer(0, 0xffffffff);
const u16 = integer(0, 65535);
const spi = integer(1, 0xffffffff);
const dnsRecord = either(
  record({ type: oneOf('A', 'AAAA'), address, ttl }),
  record({ type: oneOf('SRV'), priority: u16, weight: u16, port, target: text(255), ttl }),
  record({
    type: oneOf('NAPTR'),
    order: u16,
    preference: u16,
    flags: text(255),
    service: text(255),
    regexp: text(255),
    replacement: text(255),
    ttl,
  }),
);

const shapes = {
  hello: {
    params: record({ version: integer(1, 65535) }, { token: text(128) }),
    result: record({
      version: integer(1, 65535),
      companion: text(64),
      trafficClass: oneOf(...TRAFFIC_CLASSES),
      maxMessage: integer(1024, 0x7fffffff),
    }),
  },
  pair: { params: record({ code: text(32) }), result: record({ token: text(128) }) },
  unpair: { params: nothing, result: nothing },
  ping: { params: nothing, result: nothing },
  'udp.bind': {
    params: record({}, { address, port, family: oneOf(4, 6) }),
    result: record({ channel, local: endpoint }),
  },
  'tcp.connect': {
    params: record({ remote: endpoint }, { localAddress: address, localPort: port, tls, timeout: span(0, 600000) }),
    result: record({ channel, local: endpoint, remote: endpoint, secure: flag }, { pinned: flag }),
  },
  'tcp.listen': {
    params: record({}, { address, port, tls: record({ certificate: pem, privateKey: pem }) }),
    result: record({ channel, local: endpoint }),
  },
  close: { params: record({ channel }), result: nothing },
  'dns.resolve': {
    params: record({ name: text(255), type: oneOf('A', 'AAAA', 'SRV', 'NAPTR') }),
    result: record({ records: list(dnsRecord, 512) }),
  },
  'http.request': {
    params: record(
      { url: text(8192), method: text(32) },
      {
        headers: texts(64, 8192),
        /** base64 */
        body: text(0x4000000),
        tls,
        timeout: span(0, 600000),
        maxBody: integer(0, 0x2000000),
      },
    ),
    result: record({ status: integer(100, 999), headers: texts(512, 65536), body: text(0x4000000) }),
  },
  interfaces: {
    params: nothing,
    result: record({
      interfaces: list(record({ name: text(256), address, family: oneOf(4, 6), internal: flag }), 1024),
    }),
  },
  localAddressFor: { params: record({ remote: address }), result: record({ address }) },
  'ipsec.install': {
    params: record(
      {
        local: address,
        remote: address,
        protocol: oneOf(...PROTOCOLS),
        mode: oneOf(...MODES),
        integrity: oneOf(...INTEGRITY_ALGORITHMS),
        encryption: oneOf(...ENCRYPTION_ALGORITHMS),
        /** Keys in hexadecimal. */
        integrityKey: text(64),
        encryptionKey: text(64),
        ports: list(record({ localPort: port, remotePort: port, spiIn: spi, spiOut: spi }), 8),
      },
      { encapsulationPort: port },
    ),
    result: record({ set: channel }),
  },
  'ipsec.negotiate': {
    params: record(
      { local: address, remote: address, localPort: port, remotePort: port },
      { localId: text(255), remoteId: text(255), secret: text(512), certificate: pem, privateKey: pem },
    ),
    result: record({ set: channel }),
  },
  'ipsec.remove': { params: record({ set: channel }), result: nothing },
  'will.leave': {
    /** base64 */
    params: record({ channel, name: text(256), data: text(10924) }, { remote: endpoint, last: flag }),
    result: nothing,
  },
  'will.drop': { params: record({ name: text(256) }), result: nothing },
  statistics: {
    params: nothing,
    result: record({
      sockets: integer(0, 1e6),
      /** Datagrams to the page that were dropped because it did not keep up. */
      droppedIn: integer(0, Number.MAX_SAFE_INTEGER),
      /** Datagrams from the page that were dropped: rate, destination, host busy. */
      droppedOut: integer(0, Number.MAX_SAFE_INTEGER),
    }),
  },
};

const notificationShapes = {
  'tcp.accepted': record({ listener: channel, channel, local: endpoint, remote: endpoint, secure: flag }),
  closed: record({ channel, error: nullOr(failure) }),
  error: record({ channel, error: failure }),
};

type Shapes = typeof shapes;
type NotificationShapes = typeof notificationShapes;
export type Method = keyof Shapes;
export type Params = { [M in Method]: Guarded<Shapes[M]['params']> };
export type Result = { [M in Method]: Guarded<Shapes[M]['result']> };
export type Notification = keyof NotificationShapes;
export type NotificationParams = { [N in Notification]: Guarded<NotificationShapes[N]> };

export const CALLS: {
  readonly [M in Method]: { readonly params: Guard<Params[M]>; readonly result: Guard<Result[M]> };
} = shapes;
export const NOTIFICATIONS: { readonly [N in Notification]: Guard<NotificationParams[N]> } = notificationShapes;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(shapes, name);
}

export function isNotification(name: string): name is Notification {
  return Object.hasOwn(notificationShapes, name);
}
