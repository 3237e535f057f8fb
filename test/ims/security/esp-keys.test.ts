import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { espKeys } from '../../../src/ims/security/index.js';
import { fromHex, toHex } from '../../../src/platform/hex.js';

interface Vector {
  readonly set: number;
  readonly ipsec_keys: Readonly<Record<'hmac_md5_96' | 'hmac_sha_1_96' | 'des_ede3_cbc' | 'aes_cbc', string>>;
}
const file: { readonly vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL('../../vectors/auth/aka-digest.json', import.meta.url), 'utf8'),
) as { readonly vectors: readonly Vector[] };

describe('espKeys (TS 33.203 annex I)', () => {
  assert.ok(file.vectors.length > 0);
  for (const { set, ipsec_keys: keys } of file.vectors) {
    it(`expands CK and IK of TS 35.208 test set ${set}`, () => {
      const ik = fromHex(keys.hmac_md5_96) ?? assert.fail();
      const ck = fromHex(keys.aes_cbc) ?? assert.fail();
      const sha = espKeys('hmac-sha-1-96', 'des-ede3-cbc', ik, ck);
      assert.equal(toHex(sha.integrityKey), keys.hmac_sha_1_96);
      assert.equal(toHex(sha.encryptionKey), keys.des_ede3_cbc);
      const md5 = espKeys('hmac-md5-96', 'aes-cbc', ik, ck);
      assert.equal(toHex(md5.integrityKey), keys.hmac_md5_96);
      assert.equal(toHex(md5.encryptionKey), keys.aes_cbc);
      assert.equal(espKeys('hmac-md5-96', 'null', ik, ck).encryptionKey.length, 0);
    });
  }
});
