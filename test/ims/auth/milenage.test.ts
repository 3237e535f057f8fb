import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Milenage, SoftIsim } from '../../../src/ims/auth/aka/index.js';
import { toBase64 } from '../../../src/platform/base64.js';
import { fromHex, toHex } from '../../../src/platform/hex.js';

type Names = 'K' | 'RAND' | 'SQN' | 'AMF' | 'OP' | 'OPc' | 'f1' | 'f1_star' | 'f2_RES' | 'f3_CK' | 'f4_IK' | 'f5_AK';
type Case = Readonly<Record<Names | 'f5_star_AK', string>> & {
  readonly set: number;
  readonly derived: Readonly<Record<'AUTN' | 'AUTS' | 'MAC_S_with_AMF_0000' | 'rfc3310_nonce_b64', string>>;
};

const vectors = JSON.parse(readFileSync(new URL('../../vectors/auth/milenage.json', import.meta.url), 'utf8')) as {
  ts35207: Case[];
  ts35208: Case[];
};

function octets(hex: string): Uint8Array {
  const value = fromHex(hex);
  assert.ok(value);
  return value;
}

for (const source of ['ts35207', 'ts35208'] as const) {
  describe(`Milenage, ${source}`, () => {
    assert.ok(vectors[source].length >= 6);
    for (const vector of vectors[source]) {
      it(`set ${vector.set}`, async () => {
        const k = octets(vector.K);
        const [rand, sqn, amf] = [octets(vector.RAND), octets(vector.SQN), octets(vector.AMF)];
        for (const operator of [{ op: octets(vector.OP) }, { opc: octets(vector.OPc) }]) {
          const milenage = new Milenage(k, operator);
          assert.equal(toHex(milenage.opc), vector.OPc);
          assert.equal(toHex(milenage.f1(rand, sqn, amf)), vector.f1);
          assert.equal(toHex(milenage.f1Star(rand, sqn, amf)), vector.f1_star);
          const { res, ck, ik, ak } = milenage.keys(rand);
          assert.deepEqual(
            [toHex(res), toHex(ck), toHex(ik), toHex(ak)],
            [vector.f2_RES, vector.f3_CK, vector.f4_IK, vector.f5_AK],
          );
          assert.equal(toHex(milenage.f5Star(rand)), vector.f5_star_AK);
          assert.equal(toHex(milenage.f1Star(rand, sqn, new Uint8Array(2))), vector.derived.MAC_S_with_AMF_0000);

          const autn = octets(vector.derived.AUTN);
          assert.equal(toBase64(new Uint8Array([...rand, ...autn])), vector.derived.rfc3310_nonce_b64);
          const fresh = new SoftIsim({ k, operator, sqn: null });
          const first = await fresh.authenticate(rand, autn);
          assert.ok(first.outcome === 'success');
          assert.deepEqual([first.res, first.ck, first.ik], [res, ck, ik]);
          assert.equal(toHex(fresh.sqn), vector.SQN);
          // The same challenge again, and in an ISIM that has seen this SQN: a replay.
          for (const isim of [fresh, new SoftIsim({ k, operator, sqn })]) {
            const replay = await isim.authenticate(rand, autn);
            assert.ok(replay.outcome === 'synchronisation-failure');
            assert.equal(toHex(replay.auts), vector.derived.AUTS);
          }
        }
      });
    }
  });
}

describe('SoftIsim', () => {
  const [vector] = vectors.ts35208;
  assert.ok(vector);
  const operator = { opc: octets(vector.OPc) };
  const isim = (): SoftIsim => new SoftIsim({ k: octets(vector.K), operator, sqn: null });

  it('does not believe a challenge of which any octet was changed', async () => {
    for (let at = 0; at < 32; at++) {
      const challenge = new Uint8Array([...octets(vector.RAND), ...octets(vector.derived.AUTN)]);
      challenge[at] = (challenge[at] ?? 0) ^ 1;
      const { outcome } = await isim().authenticate(challenge.slice(0, 16), challenge.slice(16));
      assert.equal(outcome, 'mac-failure', String(at));
    }
  });

  it('does not take note of the SQN of a forged challenge', async () => {
    const one = isim();
    const forged = octets(vector.derived.AUTN);
    forged[15] = (forged[15] ?? 0) ^ 0x80;
    await one.authenticate(octets(vector.RAND), forged);
    assert.equal((await one.authenticate(octets(vector.RAND), octets(vector.derived.AUTN))).outcome, 'success');
  });

  it('refuses what is too short', async () => {
    assert.equal((await isim().authenticate(new Uint8Array(15), new Uint8Array(16))).outcome, 'mac-failure');
  });
});
