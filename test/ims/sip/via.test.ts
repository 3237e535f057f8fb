import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Via } from '../../../src/ims/sip/via.js';

describe('Via', () => {
  it('takes a value apart', () => {
    const via = Via.parse(
      'SIP/2.0/UDP pc33.Atlanta.com:5066;branch=z9hG4bK776asdhds;rport;received=192.0.2.1;ttl=16;maddr=224.2.0.1',
    );
    assert.deepEqual(
      [
        via?.protocol,
        via?.transport,
        via?.host,
        via?.port,
        via?.branch,
        via?.rport,
        via?.received,
        via?.maddr,
        via?.sentBy,
      ],
      [
        'SIP/2.0',
        'UDP',
        'pc33.Atlanta.com',
        5066,
        'z9hG4bK776asdhds',
        null,
        '192.0.2.1',
        '224.2.0.1',
        'pc33.atlanta.com:5066',
      ],
    );
  });

  it('tells an absent, an empty and a filled rport apart (RFC 3581)', () => {
    assert.equal(Via.parse('SIP/2.0/UDP a')?.rport, undefined);
    assert.equal(Via.parse('SIP/2.0/UDP a;rport')?.rport, null);
    assert.equal(Via.parse('SIP/2.0/UDP a;rport=5099')?.rport, 5099);
    assert.equal(Via.parse('SIP/2.0/UDP a;rport=junk')?.rport, null);
  });

  it('reads white space where the grammar has it, and any transport', () => {
    const via = Via.parse('SIP  /   2.0 /sctp     [2001:db8::9:1] : 6050 ; branch = x');
    assert.deepEqual([via?.transport, via?.address, via?.port, via?.branch], ['SCTP', '2001:db8::9:1', 6050, 'x']);
    assert.equal(via?.toString(), 'SIP/2.0/SCTP [2001:db8::9:1]:6050;branch=x');
    assert.equal(Via.parse('SIP/7.0/UDP a')?.protocol, 'SIP/7.0');
  });

  for (const text of [
    '',
    'SIP/2.0/UDP',
    'SIP/2.0/UDP ',
    'SIP/2.0 a',
    'SIP/2.0/UDP a;;',
    'SIP/2.0/UDP a;',
    'SIP/2.0/UDP a:b',
    'SIP/2.0/UDP [::1',
    'SIP/2.0/UDP a b',
    'SIP/2.0/UDP a:70000',
    '/2.0/UDP a',
    'SIP/2.0/UDP ::1',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(Via.parse(text), null));
  }

  it('parse(print(x)) = x', () => {
    const token = fc.string({ unit: fc.constantFrom(..."abcXYZ019-.!%*_+`'~".split('')), minLength: 1, maxLength: 10 }); // prettier-ignore
    const host = fc.constantFrom('a.example', '192.0.2.1', '[2001:db8::1]');
    const parameters = fc
      .uniqueArray(fc.tuple(fc.constantFrom('branch', 'rport', 'received', 'x'), fc.option(token)), {
        selector: ([name]) => name,
      })
      .map((entries) => new Map(entries));
    fc.assert(
      fc.property(
        fc.constantFrom('UDP', 'TCP', 'TLS', 'WS', 'WSS', 'SCTP'),
        host,
        fc.option(fc.nat(65535)),
        parameters,
        (...parts) => {
          const again = Via.parse(new Via(...parts).toString());
          assert.deepEqual(again && [again.transport, again.host, again.port, new Map(again.parameters)], parts);
        },
      ),
    );
  });
});
