import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OtherUri, parseUri, SipUri, TelUri, uriEquals } from '../../../src/ims/sip/uri.js';

function sip(text: string): SipUri {
  const uri = parseUri(text);
  assert.ok(uri instanceof SipUri, text);
  return uri;
}

describe('parseUri', () => {
  it('takes a SIP URI apart', () => {
    const uri = sip('SIP:alice:secret@Atlanta.example.com:5061;transport=TCP;LR?subject=a%20b&priority=urgent');
    assert.deepEqual(
      [uri.scheme, uri.user, uri.password, uri.host, uri.port, [...uri.parameters], uri.headers],
      ['sip', 'alice', 'secret', 'Atlanta.example.com', 5061, [['transport', 'TCP'], ['lr', null]], 'subject=a%20b&priority=urgent'],
    ); // prettier-ignore
    assert.equal(uri.parameter('Transport'), 'TCP');
    assert.equal(uri.looseRouting, true);
  });

  it('keeps the brackets of IPv6 in host and takes them off in address', () => {
    const uri = sip('sips:[2001:db8::1]:5061');
    assert.deepEqual([uri.scheme, uri.host, uri.address, uri.port], ['sips', '[2001:db8::1]', '2001:db8::1', 5061]);
  });

  it('reads tel and other URIs', () => {
    const tel = parseUri('tel:+1-201-555-0123;phone-context=example.com');
    assert.ok(tel instanceof TelUri);
    assert.deepEqual(
      [tel.isGlobal, tel.digits, tel.parameters.get('phone-context')],
      [true, '+12015550123', 'example.com'],
    );
    const urn = parseUri('urn:service:sos');
    assert.ok(urn instanceof OtherUri);
    assert.equal(urn.toString(), 'urn:service:sos');
  });

  for (const text of [
    'sip:a', 'sip:a@b', 'sip:a:@b', 'sip:+358-555-1234567;postd=pp22@foo.com;user=phone', 'sip:*21%23@example.com', 'sip:a@b;x=%41',
    'sip:[::ffff:192.0.2.1]', 'sip:a@[2001:db8:::192.0.2.1]', 'sip:1_unusual.URI~(to-be!sure)&isn\'t+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn\'t-it)@example.com',
    'tel:911;phone-context=+1', 'tel:*21%23'.replace('%23', '#'), 'soap.beep://192.0.2.103:3002', 'isbn:2983792873', 'http://www.example.com/?a=b#c',
  ]) it(`prints ${text} as it came`, () => assert.equal(parseUri(text)?.toString(), text)); // prettier-ignore

  for (const text of [
    '', 'sip', 'sip:', 'alice@example.com', ':a', '1sip:a', 'sip:a b@c', 'sip:@b', 'sip:a@', 'sip:a@b:', 'sip:a@b:65536', 'sip:a@b:5060x',
    'sip:a@b:99999999999', 'sip:2001:db8::10', 'sip:a@[::1', 'sip:a@::1]', 'sip:[zz::1]', 'sip:a%4@b', 'sip:a%zz@b', 'sip:a@b;', 'sip:a@b; lr',
    'sip:a@b;x=<', 'sip:a@b?', 'sip:a@b?x', 'sip:a@b@c', '<sip:a@b>', 'sip:a@b\r\n', 'sip:a\0@b', 'tel:', 'tel:abcxyz', 'tel:+', 'urn:', 'urn:a b', 'x:<y>',
  ]) it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseUri(text), null)); // prettier-ignore
});

describe('SipUri', () => {
  it('is changed by making another', () => {
    const uri = sip('sip:a@b.example;x=1;lr');
    assert.equal(uri.withParameter('Transport', 'tls').toString(), 'sip:a@b.example;x=1;lr;transport=tls');
    assert.equal(uri.withParameter('lr', undefined).withParameter('y', null).toString(), 'sip:a@b.example;x=1;y');
    assert.equal(uri.with({ user: null, host: '::1', port: 5070 }).toString(), 'sip:[::1]:5070;x=1;lr');
    assert.equal(sip('sips:A@B.Example:5061;x=1?y=2').addressOfRecord.toString(), 'sips:A@b.example:5061');
    assert.equal(uri.toString(), 'sip:a@b.example;x=1;lr');
  });

  it('parse(print(x)) = x', () => {
    const word = (characters: string): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...characters.split('')), minLength: 1, maxLength: 8 });
    const escaped = word("ab9-_.!~*'()").map((text) => `${text}%2f`);
    const parameters = fc
      .uniqueArray(fc.tuple(word('abcxyz'), fc.option(word('AB19.-%'.replace('%', '+')))), {
        selector: ([name]) => name,
        maxLength: 3,
      })
      .map((entries) => new Map(entries));
    const host = fc.oneof(word('abc.-9'), fc.constantFrom('192.0.2.1', '[2001:db8::1]', '[::ffff:192.0.2.1]'));
    const model = {
      scheme: fc.constantFrom('sip' as const, 'sips' as const),
      user: fc.option(fc.oneof(escaped, word('abc;?/&=+$,'))),
      password: fc.constant(null),
      host,
      port: fc.option(fc.integer({ min: 0, max: 65535 })),
      parameters,
      headers: fc.option(fc.constantFrom('a=b', 'Route=%3Csip:a%3E&x=')),
    };
    const parts = fc.record(model, { noNullPrototype: true });
    fc.assert(
      fc.property(parts, (given) => {
        const uri = new SipUri(given);
        const again = sip(uri.toString());
        const { scheme, user, host: h, port, headers } = again;
        assert.deepEqual(
          { scheme, user, password: null, host: h, port, parameters: new Map(again.parameters), headers },
          given,
        );
      }),
    );
  });
});

// RFC 3261 §19.1.4
describe('uriEquals', () => {
  const equal = (a: string, b: string): boolean => {
    const [x, y] = [parseUri(a), parseUri(b)];
    assert.ok(x && y);
    assert.equal(uriEquals(x, y), uriEquals(y, x));
    return uriEquals(x, y);
  };
  const equivalent: [string, string][] = [
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['tel:+1-201-555-0123', 'tel:+1(201)555.0123'],
    ['tel:863-1234;phone-context=+1-914', 'tel:8631234;phone-context=+1-914'],
    ['urn:service:sos', 'URN:service:SOS'],
  ];
  const different: [string, string][] = [
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a@b', 'sips:a@b'],
    ['tel:+1', 'tel:1'],
    ['tel:1;phone-context=a', 'tel:1;phone-context=b'],
    ['sip:1@b;user=phone', 'tel:1'],
    ['im:a@b', 'im:A@b'],
  ];
  for (const [a, b] of equivalent) it(`${a} equals ${b}`, () => assert.equal(equal(a, b), true));
  for (const [a, b] of different) it(`${a} differs from ${b}`, () => assert.equal(equal(a, b), false));
});
