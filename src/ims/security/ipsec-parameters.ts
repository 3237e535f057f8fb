import {
  ENCRYPTION_ALGORITHMS,
  INTEGRITY_ALGORITHMS,
  MODES,
  PROTOCOLS,
  type EncryptionAlgorithm,
  type IntegrityAlgorithm,
  type IpsecMode,
  type IpsecProtocol,
} from '../../net/ipsec.js';
import type { Parameters } from '../sip/parameters.js';
import type { SecurityMechanism } from './mechanism.js';
import type { IpsecSuite } from './policy.js';

/** SPIs and ports of one side (TS 33.203 annex H). */
export interface IpsecEnds {
  /** SPI of what comes in at the protected client port. */
  readonly spiC: number;
  /** SPI of what comes in at the protected server port. */
  readonly spiS: number;
  readonly portC: number;
  readonly portS: number;
}

/** What an ipsec-3gpp value says. */
export interface Ipsec3gpp extends IpsecSuite, IpsecEnds {}

/** RFC 4303 §2.1: 0 is never sent. 1 to 255 are reserved, and given away by Kamailio's P-CSCF. */
const MIN_SPI = 1;

/** @returns null if something is missing, out of range, or an algorithm that we do not know */
export function readIpsec3gpp({ name, parameters }: SecurityMechanism): Ipsec3gpp | null {
  if (name !== 'ipsec-3gpp') return null;
  const integrity = oneOf<IntegrityAlgorithm>(INTEGRITY_ALGORITHMS, parameters.get('alg'));
  // Annex H: absent are prot=esp, mod=trans, ealg=null.
  const encryption = oneOf<EncryptionAlgorithm>(ENCRYPTION_ALGORITHMS, valueOr(parameters, 'ealg', 'null'));
  const mode = oneOf<IpsecMode>(MODES, valueOr(parameters, 'mod', 'trans'));
  const protocol = oneOf<IpsecProtocol>(PROTOCOLS, valueOr(parameters, 'prot', 'esp'));
  const spiC = number(parameters, 'spi-c', MIN_SPI, 0xffff_ffff);
  const spiS = number(parameters, 'spi-s', MIN_SPI, 0xffff_ffff);
  const portC = number(parameters, 'port-c', 1, 65535);
  const portS = number(parameters, 'port-s', 1, 65535);
  if (!integrity || !encryption || !mode || !protocol) return null;
  if (spiC === null || spiS === null || portC === null || portS === null) return null;
  // TS 33.203 §7.1: four associations by four SPIs, over two pairs of ports.
  if (spiC === spiS || portC === portS) return null;
  return { integrity, encryption, mode, protocol, spiC, spiS, portC, portS };
}

export function printIpsec3gpp(suite: IpsecSuite, ends: IpsecEnds): Parameters {
  return new Map([
    ['alg', suite.integrity],
    ['ealg', suite.encryption],
    ['prot', suite.protocol],
    ['mod', suite.mode],
    ['spi-c', String(ends.spiC)],
    ['spi-s', String(ends.spiS)],
    ['port-c', String(ends.portC)],
    ['port-s', String(ends.portS)],
  ]);
}

function valueOr(parameters: Parameters, name: string, absent: string): string | null {
  return parameters.has(name) ? (parameters.get(name) ?? null) : absent;
}

function oneOf<T extends string>(values: readonly T[], text: string | null | undefined): T | null {
  return values.find((value) => value.toLowerCase() === text?.toLowerCase()) ?? null;
}

function number(parameters: Parameters, name: string, low: number, high: number): number | null {
  const text = parameters.get(name) ?? '';
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  return value >= low && value <= high ? value : null;
}
