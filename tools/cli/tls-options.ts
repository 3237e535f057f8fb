import type { AccountTls } from '../../src/ims/account.js';
import { readPin } from '../../src/net/key-pin.js';
import { usage } from './usage-error.js';

/** Options of TLS, for parseArgs. */
export const TLS_OPTIONS = {
  ca: { type: 'string', multiple: true },
  pin: { type: 'string', multiple: true },
  cert: { type: 'string' },
  key: { type: 'string' },
} as const;

interface Values {
  readonly pin?: readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** @param read text of a file @returns undefined if nothing is asked for @throws CommandError `usage` */
export function readTls({ pin, cert, key }: Values, read: (file: string) => string): AccountTls | undefined {
  for (const text of pin ?? [])
    if (readPin(text) === null)
      throw usage(`--pin takes SHA-256 of a public key in base64 or hexadecimal, not "${text}"`);
  if ((cert === undefined) !== (key === undefined)) throw usage('--cert and --key go together');
  if (!pin && cert === undefined) return undefined;
  return {
    ...(pin ? { pins: pin } : {}),
    ...(cert === undefined || key === undefined ? {} : { certificate: read(cert), privateKey: read(key) }),
  };
}
