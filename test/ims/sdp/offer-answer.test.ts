import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  acceptAnswer,
  answerAudio,
  createAudioOffer,
  createOrigin,
  keepPayloadTypes,
  nextOrigin,
  parseSdp,
  printSdp,
  type LocalAudio,
  type PayloadFormat,
  type Sdp,
} from '../../../src/ims/sdp/index.js';

const PCMA: PayloadFormat = { payloadType: 8, name: 'PCMA', clockRate: 8000, channels: 1, fmtp: null };
const PCMU: PayloadFormat = { payloadType: 0, name: 'PCMU', clockRate: 8000, channels: 1, fmtp: null };
const EVENT: PayloadFormat = { payloadType: 101, name: 'telephone-event', clockRate: 8000, channels: 1, fmtp: '0-15' };
const LOCAL: LocalAudio = {
  address: '192.0.2.1',
  port: 40000,
  rtcpPort: 40001,
  formats: [PCMA, PCMU, EVENT],
  direction: 'sendrecv',
  ptime: 20,
  bandwidth: 80,
};
const ORIGIN = createOrigin('123', '192.0.2.1');

function sdp(media: string, connection = 'c=IN IP4 198.51.100.9\r\n'): Sdp {
  const result = parseSdp(`v=0\r\no=bob 1 1 IN IP4 198.51.100.9\r\ns=-\r\n${connection}t=0 0\r\n${media}`);
  assert.ok(result.ok);
  return result.session;
}

function answerTo(offer: Sdp, local = LOCAL) {
  const result = answerAudio(offer, local, ORIGIN);
  assert.ok(result.ok, JSON.stringify(result, null, 1));
  return result;
}

describe('createAudioOffer', () => {
  it('writes one audio stream', () => {
    assert.equal(
      printSdp(createAudioOffer(LOCAL, ORIGIN, null)),
      [
        'v=0',
        'o=- 123 1 IN IP4 192.0.2.1',
        's=-',
        'c=IN IP4 192.0.2.1',
        't=0 0',
        'm=audio 40000 RTP/AVP 8 0 101',
        'b=AS:80',
        'a=rtpmap:8 PCMA/8000',
        'a=rtpmap:0 PCMU/8000',
        'a=rtpmap:101 telephone-event/8000',
        'a=fmtp:101 0-15',
        'a=ptime:20',
        'a=sendrecv',
        '',
      ].join('\r\n'),
    );
  });

  it('keeps the places of m-lines that the session already had (RFC 3264 §8)', () => {
    const first = answerTo(sdp('m=video 9000 RTP/AVP 31\r\nm=audio 9002 RTP/AVP 0\r\n')).answer;
    const again = createAudioOffer({ ...LOCAL, direction: 'sendonly' }, nextOrigin(first.origin), first);
    assert.deepEqual(
      again.media.map((m) => [m.kind, m.port]),
      [
        ['video', 0],
        ['audio', 40000],
      ],
    );
    assert.equal(again.origin.sessionVersion, '2');
  });
});

describe('answerAudio', () => {
  it('takes the first common codec of the offer, and its telephone-event, under the numbers of the offer', () => {
    const { answer, agreed } = answerTo(
      sdp('m=audio 9000 RTP/AVP 18 0 96 8\r\na=rtpmap:96 telephone-event/8000\r\na=ptime:30\r\n'),
    );
    assert.deepEqual(answer.media[0]?.formats, ['0', '96']);
    assert.deepEqual(
      agreed.formats.map((f) => f.remote.name),
      ['PCMU', 'telephone-event'],
    );
    assert.deepEqual([agreed.address, agreed.port, agreed.rtcpPort, agreed.ptime], ['198.51.100.9', 9000, 9001, 30]);
  });

  it('rejects other streams in place', () => {
    const { answer } = answerTo(
      sdp('m=audio 0 RTP/AVP 0\r\nm=video 9000 RTP/AVP 31\r\nm=audio 9002 RTP/AVP 0\r\nm=audio 9004 RTP/AVP 8\r\n'),
    );
    assert.deepEqual(
      answer.media.map((m) => m.port),
      [0, 0, 40000, 0],
    );
  });

  for (const [offered, wanted, answered] of [
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendonly', 'sendrecv', 'recvonly'],
    ['recvonly', 'sendrecv', 'sendonly'],
    ['inactive', 'sendrecv', 'inactive'],
    ['sendonly', 'sendonly', 'inactive'],
    ['sendrecv', 'sendonly', 'sendonly'],
  ] as const) {
    it(`answers ${answered} to ${offered} when we want ${wanted} (RFC 3264 §6.1)`, () => {
      const { answer, agreed } = answerTo(sdp(`m=audio 9000 RTP/AVP 0\r\na=${offered}\r\n`), {
        ...LOCAL,
        direction: wanted,
      });
      assert.equal(answer.media[0]?.attributes.at(-1)?.name, answered);
      assert.equal(agreed.direction, answered);
    });
  }

  it('takes c=0.0.0.0 as hold (RFC 3264 §8.4)', () => {
    assert.equal(answerTo(sdp('m=audio 9000 RTP/AVP 0\r\n', 'c=IN IP4 0.0.0.0\r\n')).agreed.direction, 'recvonly');
    assert.equal(answerTo(sdp('m=audio 9000 RTP/AVP 0\r\nc=IN IP6 ::\r\na=inactive\r\n')).agreed.direction, 'inactive');
  });

  it('takes session-level direction, rtcp and rtcp-mux', () => {
    assert.equal(answerTo(sdp('a=sendonly\r\nm=audio 9000 RTP/AVP 0\r\n')).agreed.direction, 'recvonly');
    assert.equal(
      answerTo(sdp('m=audio 9000 RTP/AVP 0\r\na=rtcp:9100 IN IP4 203.0.113.4\r\n')).agreed.rtcpAddress,
      '203.0.113.4',
    );
    const { agreed, answer } = answerTo(sdp('m=audio 9000 RTP/AVP 0\r\na=rtcp-mux\r\n'));
    assert.equal(agreed.rtcpPort, 9000);
    assert.ok(answer.media[0]?.attributes.some((a) => a.name === 'rtcp-mux'));
  });

  for (const [why, media, reason] of [
    ['no common codec', 'm=audio 9000 RTP/AVP 18\r\n', 'not-acceptable'],
    ['only telephone-event', 'm=audio 9000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n', 'not-acceptable'],
    ['only video', 'm=video 9000 RTP/AVP 31\r\n', 'not-acceptable'],
    ['secure profile', 'm=audio 9000 RTP/SAVP 0\r\n', 'not-acceptable'],
    ['no streams', '', 'not-acceptable'],
  ] as const) {
    it(`refuses: ${why}`, () => {
      const result = answerAudio(sdp(media), LOCAL, ORIGIN);
      assert.equal(result.ok ? 'ok' : result.reason, reason);
    });
  }

  it('calls a stream without c= malformed', () => {
    const result = answerAudio(sdp('m=audio 9000 RTP/AVP 0\r\n', ''), LOCAL, ORIGIN);
    assert.equal(result.ok ? 'ok' : result.reason, 'malformed');
  });
});

describe('acceptAnswer', () => {
  const offer = createAudioOffer(LOCAL, ORIGIN, null);

  it('agrees with answerAudio', () => {
    const bob: LocalAudio = {
      ...LOCAL,
      address: '198.51.100.9',
      port: 9000,
      rtcpPort: 9001,
      formats: [PCMU, { ...EVENT, payloadType: 97 }],
    };
    const { answer, agreed: theirs } = answerTo(offer, bob);
    const ours = acceptAnswer(offer, answer);
    assert.ok(ours.ok);
    assert.deepEqual(
      ours.agreed.formats.map((f) => [f.local.payloadType, f.remote.payloadType]),
      [
        [0, 0],
        [101, 101],
      ],
    );
    assert.deepEqual(
      theirs.formats.map((f) => f.local.payloadType),
      [0, 101],
    );
  });

  for (const [why, media, reason] of [
    ['the stream was rejected', 'm=audio 0 RTP/AVP 8\r\n', 'not-acceptable'],
    ['nothing of ours is in it', 'm=audio 9000 RTP/AVP 18\r\n', 'not-acceptable'],
    ['a stream is missing', '', 'malformed'],
    ['the kind differs', 'm=video 9000 RTP/AVP 31\r\n', 'malformed'],
  ] as const) {
    it(`refuses when ${why}`, () => {
      const result = acceptAnswer(offer, sdp(media));
      assert.equal(result.ok ? 'ok' : result.reason, reason);
    });
  }
});

describe('keepPayloadTypes', () => {
  it('keeps bound numbers and moves those that collide (RFC 3264 §8.3.2)', () => {
    const bound = [
      { ...EVENT, payloadType: 96 },
      { ...PCMU, name: 'iLBC', payloadType: 101 },
    ];
    const result = keepPayloadTypes([PCMA, EVENT, { ...PCMU, name: 'X', payloadType: 101 }], bound);
    assert.deepEqual(
      result.map((f) => f.payloadType),
      [8, 96, 97],
    );
  });
});
