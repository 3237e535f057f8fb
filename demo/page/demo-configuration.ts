import type { Account } from '../../src/ims/account.js';

/** What `npm start` serves as `/config.json`. */
export interface DemoConfiguration {
  readonly companionUrl: string;
  /** Alice first, then Bob. */
  readonly accounts: readonly Account[];
}

/** @returns null where the page is served without one: the elements then show their sign-in forms */
export async function loadConfiguration(): Promise<DemoConfiguration | null> {
  try {
    const response = await fetch('/config.json', { cache: 'no-store' });
    return response.ok ? readConfiguration(await response.json()) : null;
  } catch {
    return null;
  }
}

export function readConfiguration(value: unknown): DemoConfiguration | null {
  if (!isRecord(value) || typeof value['companionUrl'] !== 'string' || !Array.isArray(value['accounts'])) return null;
  return { companionUrl: value['companionUrl'], accounts: value['accounts'].flatMap(readAccount) };
}

function readAccount(value: unknown): Account[] {
  if (!isRecord(value) || typeof value['publicIdentity'] !== 'string') return [];
  const text = (name: string): string | undefined => (typeof value[name] === 'string' ? value[name] : undefined);
  const [password, proxy, domain, displayName] = [text('password'), text('proxy'), text('domain'), text('displayName')];
  return [
    {
      publicIdentity: value['publicIdentity'],
      ...(password === undefined ? {} : { password }),
      ...(proxy === undefined ? {} : { proxy }),
      ...(domain === undefined ? {} : { domain }),
      ...(displayName === undefined ? {} : { displayName }),
    },
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
