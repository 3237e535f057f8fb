import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { answerBinding, bindingRequest, isStun, parseBinding } from '../../../../src/ims/sip/transport/stun.js';
import { fromHex, toHex } from '../../../../src/platform/hex.js';

function octets(...hex: readonly string[]): Uint8Array {
  const value = fromHex(hex.join('').replace(/ /g, ''));
  assert.ok(value);
  return value;
}

const TRANSACTION = 'b7e7a701bc34d686fa87dfae';
/** RFC 5769 §2.2. */
const IPV4 = octets(
  `0101003c 2112a442 ${TRANSACTION} 8022000b 7465737420766563746f7220 002000080001a147e112a643`,
  '00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004c07d4c96',
);
/** RFC 5769 §2.3. */
const IPV6 = octets(
  `01010048 2112a442 ${TRANSACTION} 8022000b 7465737420766563746f7220 002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9`,
  '00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004c8fb0b4c',
);

describe('parseBinding', () => {
  it('reads the responses of RFC 5769', () => {
    assert.deepEqual(parseBinding(IPV4)?.mapped, { address: '192.0.2.1', port: 32853 });
    assert.deepEqual(parseBinding(IPV6)?.mapped, { address: '2001:db8:1234:5678:11:2233:4455:6677', port: 32853 });
    const binding = parseBinding(IPV6);
    assert.deepEqual([binding?.kind, toHex(binding?.transaction ?? new Uint8Array())], ['success', TRANSACTION]);
  });

  it('takes any octets without throwing, cut and bent ones too', () => {
    for (let end = 0; end < IPV4.length; end++) assert.equal(parseBinding(IPV4.subarray(0, end)), null);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: IPV4.length - 1 }), fc.nat(255), (at, octet) => {
        const bent = IPV4.slice();
        bent[at] = octet;
        parseBinding(bent);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (any) => !parseBinding(any) || isStun(any)));
    assert.equal(isStun(new TextEncoder().encode('REGISTER sip:a SIP/2.0\r\n')), false);
  });
});

describe('answerBinding', () => {
  it('tells a peer its address, in both families', () => {
    for (const [vector, address] of [
      [IPV4, '192.0.2.1'],
      [IPV6, '2001:db8:1234:5678:11:2233:4455:6677'],
    ] as const) {
      const request = parseBinding(bindingRequest(vector.slice(8, 20)));
      assert.equal(request?.kind, 'request');
      const answer = answerBinding(request, { address, port: 32853 });
      assert.ok(answer);
      // As the vector has it, without SOFTWARE, integrity and fingerprint.
      assert.ok(toHex(vector).includes(toHex(answer.subarray(20))));
      assert.deepEqual(parseBinding(answer)?.mapped, { address, port: 32853 });
    }
  });

  it('refuses what it does not understand by 420 and names it', () => {
    // PRIORITY of ICE, which needs to be understood, and SOFTWARE, which does not.
    const request = parseBinding(octets(`0001000c 2112a442 ${TRANSACTION} 002400046e0001ff 80220000`));
    assert.deepEqual(request?.unknown, [0x24]);
    const answer = answerBinding(request, { address: '192.0.2.1', port: 1 });
    assert.equal(toHex(answer ?? new Uint8Array()), `011100102112a442${TRANSACTION}0009000400000414000a000200240000`);
    assert.equal(parseBinding(answer ?? new Uint8Array())?.kind, 'error');
  });
});
