import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  DigestScheme,
  digestA1,
  digestResponse,
  parseChallenges,
  type DigestHash,
} from '../../../src/ims/auth/index.js';
import { SeededRandom } from '../../platform/seeded-random.js';

interface Vector {
  readonly source: string;
  readonly algorithm: string;
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly nc: string;
  readonly cnonce: string;
  readonly qop: 'auth' | 'auth-int' | null;
  readonly entity_body?: string;
  readonly HA1: string;
  readonly response: string;
}

const { vectors } = JSON.parse(readFileSync(new URL('../../vectors/auth/digest.json', import.meta.url), 'utf8')) as {
  vectors: Vector[];
};
const HASHES: Readonly<Record<string, DigestHash>> = { MD5: 'MD5', 'SHA-256': 'SHA-256', 'SHA-512-256': 'SHA-512-256' };

describe('digestResponse', () => {
  for (const vector of vectors) {
    it(`${vector.source} ${vector.algorithm} ${vector.qop ?? 'no qop'}`, () => {
      const hash = HASHES[vector.algorithm.replace('-sess', '')];
      assert.ok(hash);
      const { username, realm, password, method, uri, nonce, nc, cnonce } = vector;
      const session = vector.algorithm.endsWith('-sess');
      const body = new TextEncoder().encode(vector.entity_body ?? '');
      const input = {
        hash,
        session,
        username,
        realm,
        password,
        method,
        uri,
        nonce,
        nc,
        cnonce,
        qop: vector.qop || null,
        body,
      };
      assert.equal(digestA1(input), vector.HA1);
      assert.equal(digestResponse(input), vector.response);
    });
  }
});

describe('parseChallenges', () => {
  it('tells several challenges in one field apart', () => {
    const challenges = parseChallenges([
      'Digest realm="a, b=c", nonce="1\\"2", qop="auth,auth-int" , algorithm=SHA-256, Digest realm="a", nonce="2",stale=TRUE, Bearer scope="x"',
      'Basic realm="z"',
    ]);
    assert.deepEqual(
      challenges.map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]),
      [
        ['Digest', { realm: 'a, b=c', nonce: '1"2', qop: 'auth,auth-int', algorithm: 'SHA-256' }],
        ['Digest', { realm: 'a', nonce: '2', stale: 'TRUE' }],
        ['Bearer', { scope: 'x' }],
        ['Basic', { realm: 'z' }],
      ],
    );
  });

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 80 }), { maxLength: 4 }),
        (fields) => parseChallenges(fields).length <= 16,
      ),
    );
  });
});

describe('DigestScheme', () => {
  const request = { method: 'REGISTER', uri: 'sip:ims.test', body: new Uint8Array() };
  const scheme = (): DigestScheme => new DigestScheme({ username: 'alice', password: 'secret' }, new SeededRandom(1));
  const challenge = (text: string) => {
    const [first] = parseChallenges([text]);
    assert.ok(first);
    return first;
  };

  it('ranks SHA-512-256 over SHA-256 over MD5, and answers nothing unknown', () => {
    const rank = (text: string): number => scheme().strength(challenge(text));
    const of = (algorithm: string): number => rank(`Digest realm="r", nonce="n", algorithm=${algorithm}`);
    assert.ok(of('SHA-512-256') > of('SHA-256') && of('SHA-256') > of('MD5') && of('md5-sess') > 0);
    assert.equal(rank('Digest realm="r", nonce="n"'), of('MD5'));
    for (const other of [
      'Digest realm="r", nonce="n", algorithm=AKAv1-MD5',
      'Digest realm="r", nonce="n", qop="token"',
      'Basic realm="r"',
      'Digest nonce="n"',
    ]) {
      assert.equal(rank(other), 0, other);
    }
  });

  it('counts the uses of a nonce', async () => {
    const digest = scheme();
    const first = challenge('Digest realm="r", nonce="n", qop="auth", opaque="o\\"p"');
    assert.match((await digest.authorize(first, request)) ?? '', /nc=00000001/);
    assert.match((await digest.authorize(first, request)) ?? '', /opaque="o\\"p", qop=auth, nc=00000002/);
    assert.match(
      (await digest.authorize(challenge('Digest realm="r", nonce="m", qop="auth"'), request)) ?? '',
      /nc=00000001/,
    );
  });

  it('sends neither qop nor nc when the server did not', async () => {
    const value = await scheme().authorize(challenge('Digest realm="r", nonce="n"'), request);
    assert.doesNotMatch(value ?? '', /qop|nc=|cnonce/);
  });

  // RFC 7616 §3.5, computed by Node's own hashes.
  for (const [algorithm, hash] of [
    ['MD5', 'md5'],
    ['SHA-256', 'sha256'],
    ['SHA-512-256', 'sha512-256'],
    ['MD5-sess', 'md5'],
  ] as const) {
    for (const qop of ['auth', 'auth-int'] as const) {
      it(`confirms an rspauth of ${algorithm} with ${qop}, and nothing else`, async () => {
        const digest = scheme();
        const asked = challenge(`Digest realm="r", nonce="n", qop="${qop}", algorithm=${algorithm}`);
        const sent = challenge((await digest.authorize(asked, request)) ?? '');
        const h = (text: string): string => createHash(hash).update(text).digest('hex');
        const cnonce = sent.parameters.get('cnonce') ?? '';
        const plain = h('alice:r:secret');
        const a1 = algorithm === 'MD5-sess' ? h(`${plain}:n:${cnonce}`) : plain;
        const a2 = qop === 'auth' ? ':sip:ims.test' : `:sip:ims.test:${h('body')}`;
        const right = h(`${a1}:n:00000001:${cnonce}:${qop}:${h(a2)}`);
        const confirm = (info: Readonly<Record<string, string>>, body = 'body'): Promise<boolean | null> =>
          digest.confirms(sent, new Map(Object.entries(info)), new TextEncoder().encode(body));
        const info = { rspauth: right, qop, nc: '00000001', cnonce };
        assert.equal(await confirm(info), true);
        assert.equal(await confirm({ rspauth: right }), true, 'what is not said is as it was sent');
        assert.equal(await confirm({ qop, nextnonce: 'm' }), null);
        assert.equal(await confirm({ ...info, rspauth: h('guess') }), false);
        assert.equal(await confirm({ ...info, nc: '00000002' }), false, 'the answer to another request');
        assert.equal(await confirm({ ...info, cnonce: 'x' }), false);
        assert.equal(await confirm({ ...info, qop: 'token' }), false);
        assert.equal(await confirm(info, 'another body'), qop === 'auth');
      });
    }
  }
});
