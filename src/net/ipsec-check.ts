import { ipFamily } from './ip-address.js';
import {
  ENCRYPTION_KEY_OCTETS,
  INTEGRITY_KEY_OCTETS,
  type IkeNegotiation,
  type SecurityAssociationSet,
} from './ipsec.js';
import { NetworkError } from './network.js';

/** RFC 4303 §2.1: 0 is never sent. 1 to 255 are reserved, and given away by Kamailio's P-CSCF. */
const MIN_SPI = 1;
const MAX_SPI = 0xffff_ffff;
/** Pairs of ports in one set. */
const MAX_PAIRS = 8;

/** @throws NetworkError `unsupported` that says what is wrong with the set; never tells a key */
export function checkSet(set: SecurityAssociationSet): void {
  const family = ipFamily(set.local);
  must(family !== null && family === ipFamily(set.remote), 'both addresses are literals of one family');
  const { integrity, encryption, protocol, mode, ports } = set;
  must(set.integrityKey.length === INTEGRITY_KEY_OCTETS[integrity], `${integrity} has its key length`);
  must(set.encryptionKey.length === ENCRYPTION_KEY_OCTETS[encryption], `${encryption} has its key length`);
  must(protocol === 'esp' || encryption === 'null', 'AH goes without encryption');
  must(protocol === 'esp' || mode !== 'UDP-enc-tun', 'AH does not pass a NAT');
  must(ports.length > 0 && ports.length <= MAX_PAIRS, 'there are pairs of ports');
  for (const { localPort, remotePort, spiIn, spiOut } of ports) {
    for (const port of [localPort, remotePort]) must(within(port, 1, 65535), 'ports are 1 to 65535');
    for (const spi of [spiIn, spiOut]) must(within(spi, MIN_SPI, MAX_SPI), 'SPIs are 1 to 4294967295');
  }
  must(new Set(ports.map(({ spiIn }) => spiIn)).size === ports.length, 'each association has an SPI of its own');
  must(new Set(ports.map(({ spiOut }) => spiOut)).size === ports.length, 'each association has an SPI of its own');
  must(
    new Set(ports.map(({ localPort, remotePort }) => `${localPort} ${remotePort}`)).size === ports.length,
    'no pair of ports stands twice',
  );
}

/** Octets of a pre-shared key, UTF-16 units of a name and of PEM. */
const MAX_SECRET = 512;
const MAX_ID = 255;
const MAX_PEM = 60_000;
/** Printable, and nothing that an IKE daemon takes for "anybody". */
const ID = /^(?!%)[^*\p{C}]+$/u;

/** @throws NetworkError `unsupported` that says what is wrong with the negotiation; never tells a secret */
export function checkNegotiation(negotiation: IkeNegotiation): void {
  const { local, remote, localPort, remotePort, localId, remoteId, secret, certificate, privateKey } = negotiation;
  const family = ipFamily(local);
  mustIke(family !== null && family === ipFamily(remote), 'both addresses are literals of one family');
  for (const port of [localPort, remotePort]) mustIke(within(port, 1, 65535), 'ports are 1 to 65535');
  for (const id of [localId, remoteId])
    mustIke(id === undefined || (ID.test(id) && id.length <= MAX_ID), 'the name of an end is text without wildcards');
  const withKey = certificate !== undefined && privateKey !== undefined;
  mustIke((secret === undefined) === withKey, 'there is a secret, or a certificate with its private key');
  for (const pem of [certificate, privateKey])
    mustIke(
      pem === undefined || (pem.startsWith('-----BEGIN ') && pem.length <= MAX_PEM),
      'certificate and key are PEM',
    );
  if (secret === undefined) return;
  mustIke(within(new TextEncoder().encode(secret).length, 1, MAX_SECRET), 'a secret has 1 to 512 octets');
  mustIke(certificate === undefined && privateKey === undefined, 'there is one kind of credentials');
}

function mustIke(holds: boolean, rule: string): void {
  if (!holds) throw new NetworkError('unsupported', `Not an IKE negotiation: ${rule}`);
}

function within(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function must(holds: boolean, rule: string): void {
  if (!holds) throw new NetworkError('unsupported', `Not a set of security associations: ${rule}`);
}
