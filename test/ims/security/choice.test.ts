import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseMechanism, securityClient, type SecurityPolicy } from '../../../src/ims/security/index.js';
import { MECHANISM_NAMES, parseMechanism } from '../../../src/ims/security/mechanism.js';
import { readIpsec3gpp } from '../../../src/ims/security/ipsec-parameters.js';

const ALL: SecurityPolicy = { mechanisms: MECHANISM_NAMES };
const ENDS = 'spi-c=100;spi-s=101;port-c=5100;port-s=6100';
const OURS = { spiC: 1000, spiS: 1001, portC: 20000, portS: 20001 };

function name(values: readonly string[], policy = ALL): string | null {
  const chosen = chooseMechanism(values, policy);
  if (chosen?.name !== 'ipsec-3gpp') return chosen?.name ?? null;
  const { integrity, encryption, mode, protocol } = chosen.ipsec;
  return `${integrity} ${encryption} ${mode} ${protocol}`;
}

describe('chooseMechanism', () => {
  it('takes the highest q among what both have (RFC 3329 §2.3.1)', () => {
    assert.equal(name(['digest;q=0.1', 'tls;q=0.3', 'ipsec-ike;q=0.2']), 'tls');
    assert.equal(name(['digest;q=0.1', 'tls;q=0.3'], { mechanisms: ['digest'] }), 'digest');
    assert.equal(name(['quantum;q=1', 'digest;q=0.1']), 'digest');
    assert.equal(name(['tls;q=0.3'], { mechanisms: ['digest'] }), null);
    assert.equal(name([]), null);
  });

  it('takes algorithms that we offered, and no others', () => {
    const two = [
      `ipsec-3gpp;q=0.7;alg=hmac-md5-96;ealg=aes-cbc;${ENDS}`,
      `ipsec-3gpp;q=0.9;alg=hmac-sha-1-96;ealg=des-ede3-cbc;${ENDS}`,
    ];
    assert.equal(name(two), 'hmac-sha-1-96 des-ede3-cbc trans esp');
    assert.equal(name(two, { ...ALL, encryption: ['aes-cbc'] }), 'hmac-md5-96 aes-cbc trans esp');
    assert.equal(name(two, { ...ALL, integrity: ['hmac-sha-1-96'], encryption: ['null'] }), null);
  });

  it('knows what is meant by what is absent (annex H)', () => {
    assert.equal(name([`ipsec-3gpp;alg=hmac-md5-96;${ENDS}`]), 'hmac-md5-96 null trans esp');
  });

  it('does not take what is incomplete or out of range', () => {
    for (const bad of [
      'ipsec-3gpp;alg=hmac-md5-96',
      `ipsec-3gpp;${ENDS}`,
      `ipsec-3gpp;alg=hmac-sha-256;${ENDS}`,
      'ipsec-3gpp;alg=hmac-md5-96;spi-c=0;spi-s=101;port-c=5100;port-s=6100',
      'ipsec-3gpp;alg=hmac-md5-96;spi-c=4294967296;spi-s=101;port-c=5100;port-s=6100',
      'ipsec-3gpp;alg=hmac-md5-96;spi-c=100;spi-s=100;port-c=5100;port-s=6100',
      'ipsec-3gpp;alg=hmac-md5-96;spi-c=100;spi-s=101;port-c=5100;port-s=5100',
      'ipsec-3gpp;alg=hmac-md5-96;spi-c=100;spi-s=101;port-c=0;port-s=6100',
      `ipsec-3gpp;alg=hmac-md5-96;mod=tun;${ENDS}`,
      `ipsec-3gpp;alg=hmac-md5-96;prot=ah;${ENDS}`,
    ])
      assert.equal(name([bad]), null, bad);
  });

  it('looks at a bounded number of values', () => {
    assert.equal(name([...Array.from({ length: 64 }, () => 'x'), 'tls']), null);
  });
});

describe('securityClient', () => {
  it('offers every combination that the policy allows, the best last', () => {
    const values = securityClient({ mechanisms: ['ipsec-3gpp', 'tls', 'digest'] }, OURS);
    assert.deepEqual(values.slice(0, 2), ['digest', 'tls']);
    assert.equal(values.length, 2 + 6);
    assert.equal(
      values.at(-1),
      'ipsec-3gpp;alg=hmac-sha-1-96;ealg=aes-cbc;prot=esp;mod=trans;spi-c=1000;spi-s=1001;port-c=20000;port-s=20001',
    );
    const suites = values.flatMap((value) => readIpsec3gpp(parseMechanism(value) ?? assert.fail(value)) ?? []);
    assert.equal(new Set(suites.map(({ integrity, encryption }) => `${integrity} ${encryption}`)).size, 6);
  });

  it('offers ah without encryption, and modes as the policy says', () => {
    const policy: SecurityPolicy = {
      mechanisms: ['ipsec-3gpp'],
      protocols: ['esp', 'ah'],
      modes: ['trans', 'tun', 'UDP-enc-tun'],
      integrity: ['hmac-md5-96'],
      encryption: ['aes-cbc', 'null'],
    };
    const offered = securityClient(policy, OURS).map((value) =>
      /ealg=(.*);prot=(.*);mod=(.*);spi-c/.exec(value)?.slice(1).join(' '),
    );
    assert.deepEqual(offered.reverse(), [
      'aes-cbc esp trans', 'null esp trans', 'aes-cbc esp tun', 'null esp tun', 'aes-cbc esp UDP-enc-tun', 'null esp UDP-enc-tun',
      'null ah trans', 'null ah tun',
    ]); // prettier-ignore
  });

  it('takes what it offers', () => {
    for (const value of securityClient(ALL, OURS)) assert.ok(chooseMechanism([value], ALL), value);
  });
});
