import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { securityText } from '../../../src/components/format/security.js';
import { en } from '../../../src/components/strings/en.js';
import { EMPTY_SNAPSHOT, type SecuritySnapshot } from '../../../src/ims/snapshot.js';

const text = (security: SecuritySnapshot | null, transport: 'udp' | 'tls' = 'udp'): string | null =>
  securityText(en, { ...EMPTY_SNAPSHOT.registration, transport, security });

describe('securityText', () => {
  it('says what is in force', () => {
    assert.equal(text(null), null);
    assert.equal(text({ mechanism: 'digest', algorithm: null, encryption: null }), en.security.digest);
    assert.equal(text({ mechanism: 'digest', algorithm: null, encryption: null }, 'tls'), en.security.tls);
    assert.equal(
      text({ mechanism: 'ipsec-3gpp', algorithm: 'hmac-sha-1-96', encryption: 'aes-cbc' }),
      'IPsec · HMAC-SHA-1-96 · AES-CBC',
    );
    assert.equal(
      text({ mechanism: 'ipsec-3gpp', algorithm: 'hmac-md5-96', encryption: 'null' }),
      'IPsec · HMAC-MD5-96 · not encrypted',
    );
  });
});
