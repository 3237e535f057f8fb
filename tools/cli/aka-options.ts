import type { AkaCredentials } from '../../src/ims/account.js';

/** Where a secret may come from: the option, a file, a variable. */
type Source = (name: 'aka-k' | 'aka-op' | 'aka-opc') => string | undefined;

/** @param secret reads one of the keys @param sqn SQN_MS @returns undefined if there is none; what is wrong with them the stack tells */
export function readAka(secret: Source, sqn: string | undefined): AkaCredentials | undefined {
  const [k, op, opc] = [secret('aka-k'), secret('aka-op'), secret('aka-opc')];
  if (k === undefined && op === undefined && opc === undefined) return undefined;
  return {
    k: k ?? '',
    ...(op === undefined ? {} : { op }),
    ...(opc === undefined ? {} : { opc }),
    ...(sqn === undefined ? {} : { sqn }),
  };
}
