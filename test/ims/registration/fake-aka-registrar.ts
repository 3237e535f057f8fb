import { akaPassword, Milenage, parseAkaAlgorithm } from '../../../src/ims/auth/aka/index.js';
import { digestResponse, parseChallenges } from '../../../src/ims/auth/index.js';
import { createResponse, type SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import { fromBase64, toBase64 } from '../../../src/platform/base64.js';
import { fromHex, toHex } from '../../../src/platform/hex.js';
import type { FakeRegistrar } from './fake-registrar.js';

function octets(hex: string): Uint8Array {
  return fromHex(hex) ?? new Uint8Array();
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((octet, i) => octet ^ (b[i] ?? 0));
}

/** The network's side of AKA for one subscriber: plugs into a {@link FakeRegistrar}, which goes on when all is well. */
export class FakeAkaRegistrar {
  readonly milenage: Milenage;
  algorithm = 'AKAv1-MD5';
  amf = 'b9b9';
  /** Of the last challenge; grows by 32 with each. */
  sqn = 0xff9bb4d0b607;
  /** The vector is lost before the answer comes, this many times. */
  loses = 0;
  /** Challenges even what was answered well. */
  insatiable = false;
  challenges = 0;
  /** What came back: `none`, `empty`, `auts`, `wrong`, `right`. */
  readonly answers: string[] = [];
  #nonce = '';
  #count = 0;

  constructor(
    private readonly registrar: FakeRegistrar,
    k: string,
    op: string,
  ) {
    this.milenage = new Milenage(octets(k), { op: octets(op) });
    registrar.override = (request) => (request.method === 'REGISTER' ? this.#judge(request) : null);
  }

  #judge(request: SipRequest): SipResponse | null {
    const credentials = parseChallenges(request.headers.rawValues('Authorization'))[0]?.parameters;
    const get = (name: string): string => credentials?.get(name) ?? '';
    const nonce = get('nonce');
    if (nonce === '') return this.#challenge(request, 'none');
    if (get('response') === '') {
      this.answers.push('empty');
      return createResponse(request, 403, { toTag: 'r' });
    }
    if (nonce !== this.#nonce) return this.#challenge(request, 'wrong');
    const rand = (fromBase64(nonce) ?? new Uint8Array()).slice(0, 16);
    const { res, ck, ik } = this.milenage.keys(rand);
    const algorithm = parseAkaAlgorithm(get('algorithm'));
    const auts = credentials?.has('auts') ?? false;
    const expected = digestResponse({
      hash: algorithm?.hash ?? 'MD5',
      session: false,
      username: get('username'),
      realm: 'ims.test',
      password: auts || !algorithm ? '' : akaPassword(algorithm, res, ik, ck),
      method: request.method,
      uri: get('uri'),
      nonce,
      qop: 'auth',
      cnonce: get('cnonce'),
      nc: get('nc'),
      body: request.body,
    });
    if (get('response') !== expected) return this.#challenge(request, 'wrong');
    if (auts) {
      this.#resynchronise(rand, fromBase64(get('auts')) ?? new Uint8Array());
      return this.#challenge(request, 'auts');
    }
    if (this.insatiable || this.loses-- > 0) return this.#challenge(request, 'right');
    this.#nonce = '';
    this.answers.push('right');
    return this.registrar.accept(request);
  }

  #challenge(request: SipRequest, answer: string): SipResponse {
    this.answers.push(answer);
    this.challenges++;
    this.sqn += 32;
    const rand = new Uint8Array(16).fill(++this.#count);
    const sqn = octets(this.sqn.toString(16).padStart(12, '0'));
    const { ak } = this.milenage.keys(rand);
    const amf = octets(this.amf);
    this.#nonce = toBase64(new Uint8Array([...rand, ...xor(sqn, ak), ...amf, ...this.milenage.f1(rand, sqn, amf)]));
    const response = createResponse(request, 401, { toTag: 'r' });
    response.headers.append(
      'WWW-Authenticate',
      `Digest realm="ims.test", nonce="${this.#nonce}", qop="auth", algorithm=${this.algorithm}`,
    );
    return response;
  }

  /** TS 33.102 §6.3.5. */
  #resynchronise(rand: Uint8Array, auts: Uint8Array): void {
    const sqn = xor(auts.slice(0, 6), this.milenage.f5Star(rand));
    const mac = this.milenage.f1Star(rand, sqn, new Uint8Array(2));
    if (toHex(mac) === toHex(auts.slice(6))) this.sqn = Number.parseInt(toHex(sqn), 16);
  }
}
