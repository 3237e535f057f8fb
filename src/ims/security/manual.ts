import {
  ENCRYPTION_ALGORITHMS,
  INTEGRITY_ALGORITHMS,
  type EncryptionAlgorithm,
  type IntegrityAlgorithm,
  type IpsecMode,
  type IpsecProtocol,
  type SecurityAssociationSet,
} from '../../net/ipsec.js';
import { checkSet } from '../../net/ipsec-check.js';
import { NetworkError } from '../../net/network.js';
import { fromHex } from '../../platform/hex.js';

/**
 * What both ends of ipsec-man were given by hand (RFC 3329 §2.4): one pair of ports, used for nothing else, and an
 * association in either direction.
 */
export interface ManualAssociations {
  readonly localPort: number;
  readonly remotePort: number;
  /** What comes in, and what goes out. 256 to 2^32-1. */
  readonly spiIn: number;
  readonly spiOut: number;
  readonly integrity: IntegrityAlgorithm;
  readonly encryption: EncryptionAlgorithm;
  /** Hexadecimal, the same in both directions: 40 digits for hmac-sha-1-96, 32 for hmac-md5-96. */
  readonly integrityKey: string;
  /** 32 digits for aes-cbc, 48 for des-ede3-cbc, none for null. */
  readonly encryptionKey?: string;
  /** Default `trans`. */
  readonly mode?: Exclude<IpsecMode, 'UDP-enc-tun'>;
  /** Default `esp`. */
  readonly protocol?: IpsecProtocol;
}

/** @param local @param remote address literals @throws NetworkError `unsupported` that says what is wrong, and tells no key */
export function manualSet(manual: ManualAssociations, local: string, remote: string): SecurityAssociationSet {
  const { integrity, encryption, mode = 'trans', protocol = 'esp', localPort, remotePort, spiIn, spiOut } = manual;
  const [integrityKey, encryptionKey] = [fromHex(manual.integrityKey), fromHex(manual.encryptionKey ?? '')];
  if (!integrityKey || !encryptionKey) throw wrong('the keys are hexadecimal');
  const known = INTEGRITY_ALGORITHMS.includes(integrity) && ENCRYPTION_ALGORITHMS.includes(encryption);
  if (!known || !['trans', 'tun'].includes(mode) || !['esp', 'ah'].includes(protocol))
    throw wrong('algorithms, mode and protocol are those of RFC 3329');
  // RFC 4303 §2.1: those below are reserved, and setkey refuses them.
  if (Math.min(spiIn, spiOut) < 256) throw wrong('SPIs are 256 to 4294967295');
  const ports = [{ localPort, remotePort, spiIn, spiOut }];
  const set = { local, remote, protocol, mode, integrity, encryption, integrityKey, encryptionKey, ports };
  checkSet(set);
  return set;
}

function wrong(rule: string): NetworkError {
  return new NetworkError('unsupported', `ipsec-man: ${rule}`);
}
