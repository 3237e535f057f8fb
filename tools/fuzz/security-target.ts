import { chooseMechanism, parseMechanism, printMechanism, type SecurityPolicy } from '../../src/ims/security/index.js';
import { decodeUtf8, splitCommaList } from '../../src/ims/sip/index.js';
import type { FuzzTarget } from './fuzz-target.js';

const POLICY: SecurityPolicy = {
  mechanisms: ['ipsec-3gpp', 'tls', 'digest', 'ipsec-ike', 'ipsec-man'],
  modes: ['trans', 'tun', 'UDP-enc-tun'],
  protocols: ['esp', 'ah'],
};

/** Security-Server as a P-CSCF, or an attacker, may send it. */
export const securityTarget: FuzzTarget = {
  name: 'security',
  words: [
    'ipsec-3gpp', 'tls', 'digest', 'ipsec-ike', 'ipsec-man', ';', ',', '=', '"', '\\', ';q=0.1', ';q=1.000', ';q=2', ';q=', ';alg=hmac-md5-96',
    ';ealg=aes-cbc', ';prot=ah', ';mod=UDP-enc-tun', ';spi-c=0', ';spi-c=4294967296', ';spi-s=256', ';port-c=65536', ';port-s=1', ' ', '\t', '\0', '%',
    ';d-alg=MD5;d-qop=auth;d-ver="0"', '__proto__', 'constructor',
  ],
  seeds: () =>
    [
      'ipsec-3gpp;q=0.1;prot=esp;mod=trans;spi-c=100;spi-s=101;port-c=5100;port-s=6100;alg=hmac-sha-1-96;ealg=null',
      'tls;q=0.2, digest;q=0.1;d-alg=MD5;d-qop=auth;d-ver="0123456789abcdef", ipsec-ike;q=0.5, ipsec-man',
    ].map((text) => new TextEncoder().encode(text)),
  run(octets) {
    const values = splitCommaList(decodeUtf8(octets));
    for (const value of values) {
      const mechanism = parseMechanism(value);
      if (!mechanism) continue;
      const printed = printMechanism(mechanism);
      const again = parseMechanism(printed);
      // Quoting may lengthen it beyond what is looked at.
      if (!again && printed.length <= 1024) throw new Error(`printed value is not read: ${printed}`);
      if (again && printMechanism(again) !== printed) throw new Error('second print differs from the first');
    }
    const chosen = chooseMechanism(values, POLICY);
    if (chosen && !POLICY.mechanisms.includes(chosen.name)) throw new Error('chosen against the policy');
  },
}; // prettier-ignore
