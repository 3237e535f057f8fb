import { readFileSync } from 'node:fs';
import { integer, oneOf, record, text } from '../../companion/protocol/guard.js';
import {
  MECHANISM_NAMES,
  type IkePolicy,
  type ManualAssociations,
  type SecurityPolicy,
} from '../../src/ims/security/index.js';
import { ENCRYPTION_ALGORITHMS, INTEGRITY_ALGORITHMS, MODES, PROTOCOLS } from '../../src/net/ipsec.js';
import { usage } from './usage-error.js';

/** Options of the security agreement, for parseArgs. */
export const SECURITY_OPTIONS = {
  security: { type: 'string' },
  'ipsec-alg': { type: 'string' },
  'ipsec-ealg': { type: 'string' },
  'ipsec-mode': { type: 'string' },
  'ipsec-protocol': { type: 'string' },
  'ipsec-man': { type: 'string' },
  'ipsec-ike': { type: 'string' },
  'security-optional': { type: 'boolean' },
} as const;

type SecurityOption = keyof typeof SECURITY_OPTIONS;
type Values = { readonly [K in SecurityOption]?: string | boolean | undefined };

/** @returns undefined if no agreement is asked for @throws CommandError `usage` */
export function readSecurity(values: Values): SecurityPolicy | undefined {
  const mechanisms = listOf(values, 'security', MECHANISM_NAMES);
  const integrity = listOf(values, 'ipsec-alg', INTEGRITY_ALGORITHMS);
  const encryption = listOf(values, 'ipsec-ealg', ENCRYPTION_ALGORITHMS);
  const modes = listOf(values, 'ipsec-mode', MODES);
  const protocols = listOf(values, 'ipsec-protocol', PROTOCOLS);
  const optional = values['security-optional'] === true;
  const file = values['ipsec-man'];
  const manual = typeof file === 'string' ? readManual(file) : undefined;
  const ikeFile = values['ipsec-ike'];
  const ike = typeof ikeFile === 'string' ? readIke(ikeFile) : undefined;
  if (!mechanisms) {
    if (manual || ike || integrity || encryption || modes || protocols || optional)
      throw usage('that goes with --security');
    return undefined;
  }
  return {
    mechanisms,
    ...(integrity ? { integrity } : {}),
    ...(encryption ? { encryption } : {}),
    ...(modes ? { modes } : {}),
    ...(protocols ? { protocols } : {}),
    ...(manual ? { manual } : {}),
    ...(ike ? { ike } : {}),
    ...(optional ? { optional } : {}),
  };
}

const port = integer(1, 65535);
const spi = integer(256, 0xffffffff);
const manualShape = record(
  {
    localPort: port,
    remotePort: port,
    spiIn: spi,
    spiOut: spi,
    integrity: oneOf(...INTEGRITY_ALGORITHMS),
    encryption: oneOf(...ENCRYPTION_ALGORITHMS),
    integrityKey: text(40),
  },
  { encryptionKey: text(48), mode: oneOf('trans', 'tun'), protocol: oneOf(...PROTOCOLS) },
);

const pem = text(60_000);
const ikeShape = record(
  {},
  { secret: text(512), certificate: pem, privateKey: pem, localId: text(255), remoteId: text(255), localPort: port, remotePort: port },
); // prettier-ignore

/** What docs/ipsec.md calls the file of ipsec-man. @throws CommandError `usage` that tells no key */
export function readManual(file: string): ManualAssociations {
  const value = readJson(file);
  if (!manualShape(value)) throw usage(`${file}: not what docs/ipsec.md describes for ipsec-man`);
  return value;
}

/** The file of ipsec-ike. @throws CommandError `usage` that tells no secret */
function readIke(file: string): IkePolicy {
  const value = readJson(file);
  if (!ikeShape(value)) throw usage(`${file}: not what docs/ipsec.md describes for ipsec-ike`);
  if ((value.secret === undefined) === (value.certificate === undefined || value.privateKey === undefined))
    throw usage(`${file}: ipsec-ike takes a secret, or a certificate with its privateKey`);
  return value;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // What JSON.parse has against a text quotes it.
    throw usage(`${file}: ${error instanceof SyntaxError ? 'no JSON' : String(error)}`);
  }
}

function listOf<T extends string>(values: Values, name: SecurityOption, known: readonly T[]): readonly T[] | null {
  const text = values[name];
  if (typeof text !== 'string') return null;
  return text.split(',').map((word) => {
    const found = known.find((value) => value.toLowerCase() === word.trim().toLowerCase());
    if (!found) throw usage(`--${name} takes a list of ${known.join(', ')}; not "${word}"`);
    return found;
  });
}
