import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { headerName } from '../../../src/ims/sip/header-names.js';

describe('headerName', () => {
  it('knows long names in any case and every compact form', () => {
    assert.equal(headerName('cALL-id').name, 'Call-ID');
    const compact = Object.entries({
      a: 'Accept-Contact', b: 'Referred-By', c: 'Content-Type', d: 'Request-Disposition', e: 'Content-Encoding', f: 'From', i: 'Call-ID',
      j: 'Reject-Contact', k: 'Supported', l: 'Content-Length', m: 'Contact', o: 'Event', r: 'Refer-To', s: 'Subject', t: 'To',
      u: 'Allow-Events', v: 'Via', x: 'Session-Expires', y: 'Identity',
    }); // prettier-ignore
    for (const [short, long] of compact) {
      assert.equal(headerName(short).name, long);
      assert.equal(headerName(short.toUpperCase()), headerName(long));
    }
  });

  it('keeps unknown names as they are written, without a list', () => {
    assert.deepEqual(headerName('X-My-Own'), {
      key: 'x-my-own',
      name: 'X-My-Own',
      list: false,
      known: false,
    });
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'n', 'z'])
      assert.equal(headerName(name).known, false);
  });

  it('never splits values that hold commas of their own', () => {
    for (const name of ['WWW-Authenticate', 'Proxy-Authorization', 'Date', 'Subject', 'From'])
      assert.equal(headerName(name).list, false);
    for (const name of ['Via', 'Route', 'Contact', 'Service-Route', 'P-Associated-URI'])
      assert.equal(headerName(name).list, true);
  });
});
