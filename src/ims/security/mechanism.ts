import { parseParameters, printParameters, type Parameters } from '../sip/parameters.js';
import { isToken } from '../sip/token.js';

/** RFC 3329 §2.2, TS 33.203 annex H. */
export const MECHANISM_NAMES = ['ipsec-3gpp', 'tls', 'digest', 'ipsec-ike', 'ipsec-man'] as const;
export type MechanismName = (typeof MECHANISM_NAMES)[number];

/** One value of Security-Client, Security-Server or Security-Verify. */
export interface SecurityMechanism {
  /** In lower case; may be one that we do not know. */
  readonly name: string;
  /** By lower-case name. Values are as they came. */
  readonly parameters: Parameters;
  /** 0 to 1. RFC 3329 gives no default: who names none wants it least. */
  readonly q: number;
}

/** Longest value that is looked at, UTF-16 units. */
const MAX_LENGTH = 1024;
/** More parameters than any mechanism has. */
const MAX_PARAMETERS = 32;
/** RFC 3329 §2.2 qvalue. */
const QVALUE = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** One value. Never throws; null if it breaks the grammar of RFC 3329 §2.2. */
export function parseMechanism(text: string): SecurityMechanism | null {
  if (text.length > MAX_LENGTH) return null;
  const semicolon = text.indexOf(';');
  const name = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
  const parameters = parseParameters(semicolon < 0 ? '' : text.slice(semicolon));
  if (!isToken(name) || !parameters || parameters.size > MAX_PARAMETERS) return null;
  const q = parameters.get('q');
  if (parameters.has('q') && (typeof q !== 'string' || !QVALUE.test(q))) return null;
  return { name: name.toLowerCase(), parameters, q: q ? Number(q) : 0 };
}

/** `ipsec-3gpp;alg=hmac-sha-1-96;spi-c=...` */
export function printMechanism({ name, parameters }: Pick<SecurityMechanism, 'name' | 'parameters'>): string {
  return `${name}${printParameters(parameters)}`;
}
