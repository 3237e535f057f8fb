import { runInGuest } from '../esp/esp.js';
import { runIke } from '../esp/ike.js';
import { ensureStrongswan, guestTrouble } from '../install.js';
import type { Suite } from '../suite.js';

/** Of the checks in the guest, those that every run makes: both transports by IPv4 and IPv6, all that differs between algorithms, calls and messages. */
const EVERY_TIME = [
  'udp/hmac-sha-1-96/aes-cbc',
  'tcp/hmac-md5-96/des-ede3-cbc',
  'ESP messages',
  'ESP over IPv6:',
  'ESP at the end',
];
/** Of those by IKE. */
const EVERY_TIME_IKE = ['a secret, udp'];
/** The name of what every run makes, for who asks for nothing else. */
const GROUP = 'esp';
/** How the checks by IKE are called, which run in a guest of their own. */
const IKE = 'ESP by IKE';

/** A run of everything has 20 minutes. */
const BOUNDS = { seconds: 480, ports: 22 };

/** Whether a name means checks in the guest, and no others. */
export function isOfEsp(name: string): boolean {
  return name === GROUP || name.includes('ESP');
}

/**
 * Registration by ipsec-3gpp at a real P-CSCF, and by ipsec-ike with strongSwan, with real ESP. Boots a kernel: only if
 * nothing is asked for by name, or something of ESP; `esp` is what a run without names makes of it, `ESP` alone all of it
 * (the better part of an hour on a machine that does other things too).
 */
export async function espInGuest(suite: Suite, asked: readonly string[]): Promise<void> {
  const short = asked.length === 0 || asked.includes(GROUP);
  const named = asked.filter((name) => name !== GROUP && isOfEsp(name));
  if (!short && named.length === 0) return;
  const trouble = guestTrouble();
  if (trouble !== null) {
    console.log(`skipped: ESP in a guest kernel: ${trouble}`);
    return;
  }
  const ike = [
    ...(short ? EVERY_TIME_IKE : []),
    ...named.filter((name) => name.startsWith(IKE) || IKE.startsWith(name)),
  ];
  const others = [...(short ? EVERY_TIME : []), ...named.filter((name) => !name.startsWith(IKE))];
  try {
    if (others.length > 0) suite.count(await runInGuest(others, named.length === 0 ? BOUNDS : {}));
    if (ike.length > 0) suite.count(await inGuestWithIke(ike));
  } catch (error) {
    suite.fail('ESP in a guest kernel', error);
  }
}

async function inGuestWithIke(names: readonly string[]): Promise<{ readonly passed: number; readonly failed: number }> {
  ensureStrongswan();
  return runIke(names);
}
