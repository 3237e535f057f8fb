import { fromBase64, toBase64 } from '../../../platform/base64.js';
import type { Random } from '../../../platform/random.js';
import { printChallenge } from '../../sip/challenge.js';
import type { AuthorizedRequest, AuthScheme } from '../auth-scheme.js';
import type { Challenge } from '../challenge.js';
import { basicCredentials, confirmsResponse, DigestCredentialsWriter, selectQop } from '../digest-credentials.js';
import { akaPassword, parseAkaAlgorithm, strengthOf, type AkaAlgorithm } from './aka-algorithm.js';
import type { AkaResult, KeyStore } from './key-store.js';

/** Of the last challenge that was valid: what a security association is made from. */
export interface KeyAgreement extends AkaAlgorithm {
  /** As in the challenge. */
  readonly nonce: string;
  /** CK, 16 octets, not masked. */
  readonly ck: Uint8Array;
  /** IK, 16 octets, not masked. */
  readonly ik: Uint8Array;
}

interface Assessment {
  readonly result: Promise<AkaResult | null>;
  disputed: boolean;
}

/** Above every password: RFC 3310 §5.3 wants the strongest scheme, and AKA is mutual. */
const BASE_STRENGTH = 10;
/** RAND and AUTN are 32 octets; servers add little of their own. */
const MAX_NONCE = 4096;
/** Challenges whose assessment is kept: a key store takes a second look for a replay. */
const MAX_ASSESSMENTS = 16;

/** Digest with UMTS AKA: AKAv1 (RFC 3310) and AKAv2 (RFC 4169). */
export class AkaScheme implements AuthScheme {
  readonly oneTime = true;
  readonly #writer: DigestCredentialsWriter;
  readonly #assessments = new Map<string, Assessment>();
  #agreement: KeyAgreement | null = null;

  /** @param username the private identity */
  constructor(
    private readonly username: string,
    private readonly keys: KeyStore,
    random: Random,
  ) {
    this.#writer = new DigestCredentialsWriter(random);
  }

  /** CK and IK of the last valid challenge, for sec-agree (TS 33.203 §6.1). */
  get agreement(): KeyAgreement | null {
    return this.#agreement;
  }

  strength({ scheme, parameters }: Challenge): number {
    const algorithm = parseAkaAlgorithm(parameters.get('algorithm'));
    if (!algorithm || scheme.toLowerCase() !== 'digest' || !parameters.has('realm')) return 0;
    if (!decodeNonce(parameters.get('nonce')) || selectQop(parameters.get('qop')) === undefined) return 0;
    return BASE_STRENGTH + strengthOf(algorithm);
  }

  async authorize(challenge: Challenge, request: AuthorizedRequest): Promise<string | null> {
    const { parameters } = challenge;
    const algorithm = parseAkaAlgorithm(parameters.get('algorithm'));
    const nonce = parameters.get('nonce') ?? '';
    const assessment = this.#assess(nonce);
    const result = await assessment?.result;
    if (!algorithm || !assessment || !result) return null;
    const { username } = this;
    const { version, hash } = algorithm;
    assessment.disputed = result.outcome !== 'success';
    if (result.outcome === 'mac-failure') {
      // TS 24.229 §5.1.1.5.3: an empty response and no auts tell that this is not our network's challenge.
      const credentials = basicCredentials(parameters, username, request.uri, '');
      return printChallenge({ scheme: 'Digest', parameters: credentials });
    }
    const secret = { hash, session: false, username };
    if (result.outcome === 'synchronisation-failure') {
      // RFC 3310 §3.4: the password is empty.
      const auts = [['auts', toBase64(result.auts)]] as const;
      return this.#writer.write(challenge, request, { ...secret, password: '' }, auts);
    }
    const { res, ck, ik } = result;
    this.#agreement = { version, hash, nonce, ck, ik };
    return this.#writer.write(challenge, request, { ...secret, password: akaPassword(algorithm, res, ik, ck) });
  }

  disputes(challenge: Challenge): boolean {
    return this.#assessments.get(challenge.parameters.get('nonce') ?? '')?.disputed ?? false;
  }

  async confirms(sent: Challenge, info: Challenge['parameters'], body: Uint8Array): Promise<boolean | null> {
    const { parameters } = sent;
    const algorithm = parseAkaAlgorithm(parameters.get('algorithm'));
    const result = await this.#assessments.get(parameters.get('nonce') ?? '')?.result;
    if (!algorithm || result?.outcome !== 'success') return null;
    const password = akaPassword(algorithm, result.res, result.ik, result.ck);
    const secret = { hash: algorithm.hash, session: false, username: this.username, password };
    return confirmsResponse(parameters, info, body, secret);
  }

  #assess(nonce: string): Assessment | null {
    const known = this.#assessments.get(nonce);
    if (known) return known;
    const octets = decodeNonce(nonce);
    if (!octets) return null;
    const assessment: Assessment = { result: this.#ask(octets), disputed: false };
    this.#assessments.set(nonce, assessment);
    const oldest = this.#assessments.keys().next();
    if (this.#assessments.size > MAX_ASSESSMENTS && !oldest.done) this.#assessments.delete(oldest.value);
    return assessment;
  }

  /** A key store that is not ours may fail: then there is no answer. */
  async #ask(octets: Uint8Array): Promise<AkaResult | null> {
    try {
      return await this.keys.authenticate(octets.slice(0, 16), octets.slice(16, 32));
    } catch {
      return null;
    }
  }
}

/** RFC 3310 §3.2: base64 of RAND, AUTN and data of the server. */
function decodeNonce(nonce: string | undefined): Uint8Array | null {
  if (nonce === undefined || nonce.length > MAX_NONCE) return null;
  const octets = fromBase64(nonce);
  return octets && octets.length >= 32 ? octets : null;
}
