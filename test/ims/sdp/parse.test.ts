import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSdp, SDP_LIMITS } from '../../../src/ims/sdp/parse.js';
import { printSdp } from '../../../src/ims/sdp/print.js';
import type { Sdp } from '../../../src/ims/sdp/session.js';

interface Examples {
  examples: { rfc: number; section: string; sdp: string }[];
}
const { examples } = JSON.parse(
  readFileSync(new URL('../../vectors/sdp/rfc-examples.json', import.meta.url), 'utf8'),
) as Examples;
const HEAD = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n';

describe('parseSdp', () => {
  it('reads every body of the RFCs that is a whole description', () => {
    const refused: string[] = [];
    // Templates with $PLACEHOLDERS (RFC 5245, 8839) and the port 66544 of RFC 6871 §3.3.1 are no descriptions.
    const whole = examples.filter(({ sdp }) => !sdp.includes('PORT RTP') && !sdp.includes(' 66544 '));
    assert.equal(whole.length, examples.length - 5);
    for (const { rfc, section, sdp } of whole) {
      const result = parseSdp(sdp);
      if (!result.ok)
        refused.push(
          `${rfc} ${section}: line ${result.line} ${result.detail} <${sdp.split('\r\n')[result.line - 1] ?? ''}>`,
        );
      else assert.deepEqual(parseSdp(printSdp(result.session)), result, `${rfc} ${section}`);
    }
    assert.deepEqual(refused, []);
  });

  it('keeps what it read, in order', () => {
    const result = parseSdp(
      `${HEAD}a=group:BUNDLE 1\r\nm=audio 49170/2 RTP/AVP 0 101\r\nc=IN IP4 224.2.1.1/127/3\r\nb=AS:64\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n`,
    );
    assert.ok(result.ok);
    const [media] = result.session.media;
    assert.ok(media);
    assert.equal(media.portCount, 2);
    assert.deepEqual(media.connections, [
      { networkType: 'IN', addressType: 'IP4', address: '224.2.1.1', suffix: '127/3' },
    ]);
    assert.deepEqual(
      media.attributes.map((a) => a.name),
      ['rtpmap', 'sendonly'],
    );
  });

  for (const [why, text] of [
    ['no version', 'o=- 1 1 IN IP4 192.0.2.1\r\n'],
    ['no origin', 'v=0\r\ns=-\r\n'],
    ['short origin', 'v=0\r\no=- 1 1 IN IP4\r\n'],
    ['port out of range', `${HEAD}m=audio 65536 RTP/AVP 0\r\n`],
    ['unknown type', `${HEAD}x=1\r\n`],
    ['session line in media', `${HEAD}m=audio 4 RTP/AVP 0\r\ns=late\r\n`],
    ['too many lines', HEAD + 'a=x\r\n'.repeat(SDP_LIMITS.lines)],
    ['too long', HEAD + 'a'.repeat(SDP_LIMITS.characters)],
  ] as const) {
    it(`refuses: ${why}`, () => assert.equal(parseSdp(text).ok, false));
  }

  it('prints what parse reads back (property)', () => {
    fc.assert(
      fc.property(sdpArbitrary(), (session) => {
        assert.deepEqual(parseSdp(printSdp(session)), { ok: true, session });
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on mutated bodies (fuzz)', () => {
    const bodies = fc.constantFrom(...examples.map((e) => e.sdp));
    fc.assert(
      fc.property(
        bodies,
        fc.array(fc.tuple(fc.nat(4000), fc.string({ maxLength: 3 }), fc.nat(5)), { maxLength: 12 }),
        (body, edits) => {
          let text = body;
          for (const [at, insert, cut] of edits) {
            const i = at % (text.length + 1);
            text = text.slice(0, i) + insert + text.slice(i + cut);
          }
          const result = parseSdp(text);
          if (result.ok) assert.deepEqual(parseSdp(printSdp(result.session)), result);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

/** fast-check's records have no prototype by default; ours do. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true });
}

function sdpArbitrary(): fc.Arbitrary<Sdp> {
  const token = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/);
  const text = fc.stringMatching(/^[ -~]{1,40}$/);
  const number = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
  const connection = record({
    networkType: fc.constant('IN'),
    addressType: fc.constantFrom('IP4', 'IP6'),
    address: fc.oneof(fc.ipV4(), fc.ipV6()),
    suffix: fc.constantFrom('', '127', '127/3'),
  });
  const bandwidth = record({ type: token, value: fc.nat() });
  const attribute = record({ name: token, value: fc.option(text, { nil: null }) });
  const optional = fc.option(text, { nil: null });
  const media = record({
    kind: token,
    port: fc.nat(65_535),
    portCount: fc.integer({ min: 1, max: 9 }),
    protocol: fc.constantFrom('RTP/AVP', 'TCP/MSRP'),
    formats: fc.array(token, { minLength: 1, maxLength: 5 }),
    information: optional,
    connections: fc.array(connection, { maxLength: 2 }),
    bandwidths: fc.array(bandwidth, { maxLength: 2 }),
    key: optional,
    attributes: fc.array(attribute, { maxLength: 6 }),
  });
  return record({
    origin: record({
      username: token,
      sessionId: number,
      sessionVersion: number,
      networkType: fc.constant('IN'),
      addressType: fc.constant('IP4'),
      address: fc.ipV4(),
    }),
    name: text,
    information: optional,
    uri: optional,
    emails: fc.array(text, { maxLength: 2 }),
    phones: fc.array(text, { maxLength: 2 }),
    connection: fc.option(connection, { nil: null }),
    bandwidths: fc.array(bandwidth, { maxLength: 2 }),
    times: fc.array(record({ start: number, stop: number, repeats: fc.array(text, { maxLength: 2 }) }), {
      maxLength: 2,
    }),
    zones: optional,
    key: optional,
    attributes: fc.array(attribute, { maxLength: 4 }),
    media: fc.array(media, { maxLength: 4 }),
  });
}
