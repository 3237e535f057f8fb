import { runInGuest } from '../esp/esp.js';
import { guestTrouble } from '../install.js';
import type { Suite } from '../suite.js';

/** Of the checks in the guest, those that every run makes: both transports, all that differs between algorithms, IPv6. */
const EVERY_TIME = ['udp/hmac-sha-1-96/aes-cbc', 'tcp/hmac-md5-96/des-ede3-cbc', 'ESP over IPv6', 'ESP at the end'];

/** A run of everything has 20 minutes. */
const BOUNDS = { seconds: 480, ports: 16 };

/**
 * Registration by ipsec-3gpp at a real P-CSCF with real ESP. Boots a kernel: only if nothing is asked for by name, or
 * something of ESP; `ESP` alone is all of it (the better part of an hour on a machine that does other things too).
 */
export async function espInGuest(suite: Suite, asked: readonly string[]): Promise<void> {
  const names = asked.length === 0 ? EVERY_TIME : asked.filter((name) => name.includes('ESP'));
  if (names.length === 0) return;
  const trouble = guestTrouble();
  if (trouble !== null) {
    console.log(`skipped: ESP in a guest kernel: ${trouble}`);
    return;
  }
  try {
    suite.count(await runInGuest(names, asked.length === 0 ? BOUNDS : {}));
  } catch (error) {
    suite.fail('ESP in a guest kernel', error);
  }
}
