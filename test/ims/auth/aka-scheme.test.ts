import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  AkaScheme,
  SoftIsim,
  akaPassword,
  maskedKeys,
  parseAkaAlgorithm,
  type AkaResult,
} from '../../../src/ims/auth/aka/index.js';
import { DigestScheme, digestResponse, parseChallenges, type Challenge } from '../../../src/ims/auth/index.js';
import { fromBase64, toBase64 } from '../../../src/platform/base64.js';
import { fromHex, toHex } from '../../../src/platform/hex.js';
import { SeededRandom } from '../../platform/seeded-random.js';

interface Vector {
  readonly set: number;
  readonly username: string;
  readonly realm: string;
  readonly uri: string;
  readonly method: string;
  readonly nonce: string;
  readonly nc: string;
  readonly cnonce: string;
  readonly 'AKAv1-MD5': Readonly<
    Record<'password_hex' | 'response_qop_auth' | 'response_no_qop' | 'response_qop_auth_int_empty_body', string>
  >;
  readonly 'AKAv2-MD5': Readonly<Record<'password' | 'response_qop_auth' | 'IK_prime' | 'CK_prime', string>>;
  readonly resync: Readonly<Record<'auts_b64' | 'response_qop_auth', string>>;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../vectors/auth/${name}.json`, import.meta.url), 'utf8'));
}
const { vectors } = read('aka-digest') as { vectors: Vector[] };
const milenage = read('milenage') as { ts35208: (Readonly<Record<'K' | 'OPc' | 'SQN', string>> & { set: number })[] };

function octets(hex: string): Uint8Array {
  const value = fromHex(hex);
  assert.ok(value);
  return value;
}

function isimOf({ set }: Vector, known = false): SoftIsim {
  const found = milenage.ts35208.find((candidate) => candidate.set === set);
  assert.ok(found);
  const { K, OPc, SQN } = found;
  return new SoftIsim({ k: octets(K), operator: { opc: octets(OPc) }, sqn: known ? octets(SQN) : null });
}

function challenge(text: string): Challenge {
  const [first] = parseChallenges([text]);
  assert.ok(first);
  return first;
}

function challengeOf({ realm, nonce }: Vector, algorithm: string, qop: string | null): Challenge {
  return challenge(
    `Digest realm="${realm}", nonce="${nonce}", algorithm=${algorithm}${qop ? `, qop="${qop}"` : ''}, opaque="x"`,
  );
}

/** The vectors fix the cnonce; ours is random: computed again with it, all else as the scheme wrote it. */
async function answer(
  vector: Vector,
  scheme: AkaScheme,
  challenged: Challenge,
  password: string | Uint8Array,
): Promise<Map<string, string>> {
  const { method, uri } = vector;
  const value = await scheme.authorize(challenged, { method, uri, body: new Uint8Array() });
  const written = new Map(challenge(value ?? '').parameters);
  const get = (name: string): string => written.get(name) ?? '';
  const qop = get('qop') === 'auth' ? 'auth' : get('qop') === 'auth-int' ? 'auth-int' : null;
  const common = {
    hash: 'MD5',
    session: false,
    username: get('username'),
    realm: get('realm'),
    password,
    method,
    uri: get('uri'),
    nonce: get('nonce'),
    qop,
    nc: qop ? get('nc') : vector.nc,
    body: new Uint8Array(),
  } as const;
  assert.equal(get('response'), digestResponse({ ...common, cnonce: get('cnonce') }));
  written.set('response', digestResponse({ ...common, cnonce: vector.cnonce }));
  return written;
}

describe('AkaScheme, vectors', () => {
  assert.ok(vectors.length >= 6);
  for (const vector of vectors) {
    const scheme = (known = false): AkaScheme =>
      new AkaScheme(vector.username, isimOf(vector, known), new SeededRandom(1));
    const v1 = vector['AKAv1-MD5'];
    const v2 = vector['AKAv2-MD5'];

    it(`set ${vector.set}: AKAv1-MD5 with qop auth, auth-int and none`, async () => {
      const password = octets(v1.password_hex);
      for (const [qop, response] of [
        ['auth', v1.response_qop_auth],
        ['auth-int', v1.response_qop_auth_int_empty_body],
        [null, v1.response_no_qop],
      ] as const) {
        const one = scheme();
        const challenged = challengeOf(vector, 'AKAv1-MD5', qop);
        const written = await answer(vector, one, challenged, password);
        assert.equal(written.get('response'), response);
        assert.equal(written.get('username'), vector.username);
        assert.deepEqual(
          [written.get('algorithm'), written.get('opaque'), written.has('auts')],
          ['AKAv1-MD5', 'x', false],
        );
        assert.equal(one.disputes(challenged), false);
        assert.equal(one.agreement?.version, 1);
      }
    });

    it(`set ${vector.set}: AKAv2-MD5 and its masked keys`, async () => {
      const one = scheme();
      const written = await answer(vector, one, challengeOf(vector, 'AKAv2-MD5', 'auth'), v2.password);
      assert.equal(written.get('response'), v2.response_qop_auth);
      const { agreement } = one;
      assert.ok(agreement);
      const masked = maskedKeys(agreement.hash, agreement.ik, agreement.ck);
      assert.deepEqual([toHex(masked.ik), toHex(masked.ck)], [v2.IK_prime, v2.CK_prime]);
    });

    it(`set ${vector.set}: an rspauth made with RES, and no other`, async () => {
      for (const [algorithm, password] of [
        ['AKAv1-MD5', Buffer.from(octets(v1.password_hex))],
        ['AKAv2-MD5', Buffer.from(v2.password)],
      ] as const) {
        const one = scheme();
        const { method, uri, username, realm, nonce } = vector;
        const challenged = challengeOf(vector, algorithm, 'auth');
        const sent = challenge((await one.authorize(challenged, { method, uri, body: new Uint8Array() })) ?? '');
        const h = (...parts: (string | Buffer)[]): string =>
          parts.reduce((md5, part) => md5.update(part), createHash('md5')).digest('hex');
        const rspauth = (secret: Buffer): string =>
          h(
            `${h(`${username}:${realm}:`, secret)}:${nonce}:00000001:${sent.parameters.get('cnonce') ?? ''}:auth:${h(`:${uri}`)}`,
          );
        const confirm = (value: string): Promise<boolean | null> =>
          one.confirms(sent, new Map([['rspauth', value]]), new Uint8Array());
        assert.equal(await confirm(rspauth(password)), true);
        assert.equal(await confirm(rspauth(Buffer.from('other'))), false);
      }
    });

    it(`set ${vector.set}: AUTS with an empty password when the SQN was seen`, async () => {
      const one = scheme(true);
      const challenged = challengeOf(vector, 'AKAv1-MD5', 'auth');
      const written = await answer(vector, one, challenged, '');
      assert.equal(written.get('auts'), vector.resync.auts_b64);
      assert.equal(written.get('response'), vector.resync.response_qop_auth);
      assert.deepEqual([one.disputes(challenged), one.agreement], [true, null]);
    });
  }
});

describe('AkaScheme', () => {
  const [vector] = vectors;
  assert.ok(vector);
  const request = { method: 'REGISTER', uri: vector.uri, body: new Uint8Array() };
  const make = (): AkaScheme => new AkaScheme(vector.username, isimOf(vector), new SeededRandom(1));

  it('uses HMAC-SHA-256 and SHA-256 for AKAv2-SHA-256 (RFC 4169 §2.1)', async () => {
    const algorithm = parseAkaAlgorithm('akav2-sha-256');
    assert.deepEqual(algorithm, { version: 2, hash: 'SHA-256' });
    assert.ok(algorithm);
    const nonce = fromBase64(vector.nonce) ?? new Uint8Array();
    const result = await isimOf(vector).authenticate(nonce.slice(0, 16), nonce.slice(16));
    assert.ok(result.outcome === 'success');
    const { res, ik, ck } = result;
    const key = await crypto.subtle.importKey(
      'raw',
      new Uint8Array([...res, ...ik, ...ck]),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const text = new TextEncoder().encode('http-digest-akav2-password');
    const expected = toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, text)));
    assert.equal(akaPassword(algorithm, res, ik, ck), expected);
    const written = await make().authorize(challengeOf(vector, 'AKAv2-SHA-256', 'auth'), request);
    const { parameters } = challenge(written ?? '');
    const get = (name: string): string => parameters.get(name) ?? '';
    assert.equal(
      get('response'),
      digestResponse({
        hash: 'SHA-256',
        session: false,
        username: vector.username,
        realm: vector.realm,
        password: expected,
        method: request.method,
        uri: vector.uri,
        nonce: vector.nonce,
        qop: 'auth',
        cnonce: get('cnonce'),
        nc: '00000001',
        body: request.body,
      }),
    );
  });

  it('ranks AKAv2 over AKAv1 over every password, and answers nothing unknown', () => {
    const rank = (algorithm: string): number => make().strength(challengeOf(vector, algorithm, 'auth'));
    const password = new DigestScheme({ username: 'a', password: 'b' }, new SeededRandom(1));
    const best = password.strength(challengeOf(vector, 'SHA-512-256', 'auth'));
    assert.ok(rank('AKAv1-MD5') > best && rank('AKAv2-MD5') > rank('AKAv1-SHA-256'));
    assert.ok(rank('AKAv2-SHA-256') > rank('AKAv2-MD5'));
    for (const other of ['MD5', 'SHA-256', 'AKAv3-MD5', 'AKAv1-MD5-sess', 'AKAv1-', 'AKA']) {
      assert.equal(rank(other), 0, other);
    }
    for (const nonce of ['', 'bm90IGxvbmcgZW5vdWdo', '***', 'A'.repeat(5000)])
      assert.equal(make().strength(challenge(`Digest realm="r", nonce="${nonce}", algorithm=AKAv1-MD5`)), 0, nonce);
    assert.equal(make().strength(challenge(`Digest nonce="${vector.nonce}", algorithm=AKAv1-MD5`)), 0);
  });

  it('answers a challenge from a stranger with an empty response and no auts', async () => {
    const other = vectors.find(({ set }) => set === 3);
    assert.ok(other);
    const one = make();
    const challenged = challengeOf(other, 'AKAv1-MD5', 'auth');
    const { parameters } = challenge((await one.authorize(challenged, request)) ?? '');
    assert.equal(parameters.get('response'), '');
    assert.deepEqual(
      [parameters.has('auts'), parameters.get('nonce'), parameters.get('username')],
      [false, other.nonce, vector.username],
    );
    assert.deepEqual([one.disputes(challenged), one.agreement], [true, null]);
  });

  it('asks the key store once for each challenge, and counts the uses of its nonce', async () => {
    let asked = 0;
    const isim = isimOf(vector);
    const store = {
      authenticate: (rand: Uint8Array, autn: Uint8Array): Promise<AkaResult> => {
        asked++;
        return isim.authenticate(rand, autn);
      },
    };
    const one = new AkaScheme(vector.username, store, new SeededRandom(1));
    const challenged = challengeOf(vector, 'AKAv1-MD5', 'auth');
    const [first, second] = await Promise.all([one.authorize(challenged, request), one.authorize(challenged, request)]);
    assert.match(first ?? '', /nc=00000001/);
    assert.match(second ?? '', /nc=00000002/);
    assert.equal(asked, 1);
  });

  it('has no answer when the key store fails', async () => {
    const stores = [
      { authenticate: () => Promise.reject(new Error('no card')) },
      {
        authenticate: () => {
          throw new Error('no reader');
        },
      },
    ];
    for (const store of stores) {
      const one = new AkaScheme('a', store, new SeededRandom(1));
      assert.equal(await one.authorize(challengeOf(vector, 'AKAv1-MD5', 'auth'), request), null);
    }
  });

  it('ignores what the server adds to the nonce', async () => {
    const longer = toBase64(new Uint8Array([...(fromBase64(vector.nonce) ?? []), 1, 2, 3]));
    const one = make();
    const challenged = challenge(`Digest realm="r", nonce="${longer}", algorithm=AKAv1-MD5`);
    assert.ok(one.strength(challenged) > 0);
    await one.authorize(challenged, request);
    assert.equal(one.disputes(challenged), false);
  });

  it('takes any nonce without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 100 }), async (nonce) => {
        const parameters = new Map([
          ['realm', 'r'],
          ['nonce', nonce],
          ['algorithm', 'AKAv1-MD5'],
        ]);
        await make().authorize({ scheme: 'Digest', parameters }, request);
      }),
    );
  });
});
