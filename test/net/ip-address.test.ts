import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalIp, formatIp, inPrefix, ipFamily, isLoopback, parseIp } from '../../src/net/ip-address.js';

describe('canonicalIp', () => {
  it('gives one spelling to one address', () => {
    const spellings: [string, string | null][] = [
      ['127.0.0.1', '127.0.0.1'],
      ['::1', '::1'],
      ['0:0:0:0:0:0:0:1', '::1'],
      ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'], // RFC 5952 §4.2.3: the first of two equal runs
      ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], // §4.2.2
      ['::', '::'],
      ['::ffff:10.0.0.1', '10.0.0.1'],
      ['::ffff:0a00:1', '10.0.0.1'],
      ['fe80::1%eth0', 'fe80::1%eth0'],
      ['010.0.0.1', null],
      ['1.2.3', null],
      ['256.1.1.1', null],
      ['0x7f.1', null],
      ['1::2::3', null],
      ['1:2:3:4:5:6:7:8:9', null],
      ['1:2:3:4:5:6:7::8', null], // "::" would stand for nothing
      ['[::1]', null],
      ['localhost', null],
      ['', null],
    ];
    for (const [given, wanted] of spellings) assert.equal(canonicalIp(given), wanted, given);
  });

  it('reads what formatIp prints', () => {
    const address = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(fc.property(address, (octets) => assert.deepEqual(parseIp(formatIp(octets)), octets)));
  });

  it('throws on nothing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('0', '1', '25', 'a', 'ffff', ':', '::', '.', '%', '/', '[') }),
        (text) => {
          ipFamily(text);
          canonicalIp(text);
          inPrefix('10.0.0.1', text);
        },
      ),
    );
  });
});

describe('inPrefix', () => {
  it('compares the first bits', () => {
    const cases: [string, string, boolean][] = [
      ['10.1.2.3', '10.0.0.0/8', true],
      ['11.0.0.0', '10.0.0.0/8', false],
      ['100.64.0.1', '100.64.0.0/10', true],
      ['100.128.0.1', '100.64.0.0/10', false],
      ['::ffff:10.0.0.1', '10.0.0.0/8', true],
      ['fd12::1', 'fc00::/7', true],
      ['fe80::1%eth0', 'fe80::/10', true],
      ['10.0.0.1', '0.0.0.0/0', true],
      ['10.0.0.1', '10.0.0.1', true],
      ['10.0.0.2', '10.0.0.1', false],
      ['10.0.0.1', '10.0.0.1/33', false],
      ['10.0.0.1', '10.0.0.1/x', false],
      ['::1', '0.0.0.0/0', false],
    ];
    for (const [address, prefix, wanted] of cases)
      assert.equal(inPrefix(address, prefix), wanted, `${address} ${prefix}`);
  });
});

describe('isLoopback', () => {
  it('knows all of them', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      assert.ok(isLoopback(address), address);
    for (const address of ['128.0.0.1', '::', '0.0.0.0', 'localhost']) assert.ok(!isLoopback(address), address);
  });
});
