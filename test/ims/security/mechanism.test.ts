import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseMechanism, printMechanism } from '../../../src/ims/security/index.js';

const token = fc.stringMatching(/^[a-z0-9\-.!%*_+`'~]{1,12}$/);
const parameterName = token.filter((name) => name !== 'q');

describe('parseMechanism', () => {
  it('reads what it prints', () => {
    fc.assert(
      fc.property(
        token,
        fc.uniqueArray(fc.tuple(parameterName, fc.oneof(fc.constant(null), token, fc.string({ maxLength: 20 }))), {
          selector: ([name]) => name,
          maxLength: 8,
        }),
        (name, list) => {
          const parameters = new Map(list.filter(([, value]) => value !== ''));
          const printed = printMechanism({ name, parameters });
          const parsed = parseMechanism(printed);
          // Control characters cannot stand in a header value.
          if (Array.from(printed).some((c) => c < ' ' || c === '\x7f')) return;
          assert.deepEqual(parsed && { name: parsed.name, parameters: [...parsed.parameters] }, {
            name,
            parameters: [...parameters],
          });
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void parseMechanism(text)));
  });

  it('reads q', () => {
    assert.equal(parseMechanism('tls;q=0.125')?.q, 0.125);
    assert.equal(parseMechanism('TLS ; Q = 1.000')?.q, 1);
    assert.equal(parseMechanism('TLS')?.name, 'tls');
    for (const bad of ['tls;q=2', 'tls;q=1.1', 'tls;q', 'tls;q=0.1234', 'tls;q=-1', 'tls;q=1e-3'])
      assert.equal(parseMechanism(bad), null, bad);
  });

  it('refuses what is no mechanism, is endless, or has endless parameters', () => {
    for (const bad of ['', ';', ' ;q=0.1', 'a b;q=0.1', 'tls;', 'tls;;q=0.1', 'tls;a="', `tls;a=${'x'.repeat(1100)}`])
      assert.equal(parseMechanism(bad), null, bad.slice(0, 20));
    assert.equal(parseMechanism(`tls${Array.from({ length: 40 }, (_, i) => `;p${i}`).join('')}`), null);
  });
});
