import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  acceptAnswer,
  answerAudio,
  createAudioOffer,
  createOrigin,
  parseSdp,
  printSdp,
  type Sdp,
} from '../../src/ims/sdp/index.js';
import { localFormats, negotiateFmtp } from '../../src/media/local-formats.js';

const ORIGIN = createOrigin('1', '192.0.2.1');
const LOCAL = {
  address: '192.0.2.1',
  port: 4000,
  rtcpPort: 4001,
  formats: localFormats(null, [], false),
  direction: 'sendrecv',
  ptime: 20,
  bandwidth: 80,
} as const;

function sdp(...media: string[]): Sdp {
  const head = ['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', 'c=IN IP4 192.0.2.9', 't=0 0'];
  const parsed = parseSdp([...head, ...media, ''].join('\r\n'));
  assert.ok(parsed.ok);
  return parsed.session;
}

function answer(...media: string[]): string[] {
  const result = answerAudio(sdp(...media), LOCAL, ORIGIN, negotiateFmtp);
  return result.ok
    ? printSdp(result.answer)
        .split('\r\n')
        .filter((line) => /^(?:m=|a=rtpmap|a=fmtp)/.test(line))
    : [result.detail];
}

describe('localFormats', () => {
  it('names an event format for each clock rate among the codecs', () => {
    const rates = (offering: boolean): number[] =>
      localFormats(null, [], offering).flatMap((f) => (f.name === 'telephone-event' ? [f.clockRate] : []));
    assert.deepEqual(rates(true), [8000, 16_000]);
    assert.ok(rates(false).includes(32_000));
    for (const offering of [true, false]) {
      const numbers = localFormats(null, [], offering).map((f) => f.payloadType);
      assert.equal(new Set(numbers).size, numbers.length);
    }
  });
});

describe('localFormats for AMR alone', () => {
  const only = [{ name: 'AMR', clockRate: 8000, enabled: true }];
  const shapes = (bound: Parameters<typeof localFormats>[1], offering: boolean) =>
    localFormats(only, bound, offering).flatMap((f) => (f.name === 'AMR' ? [`${f.payloadType} ${f.fmtp}`] : []));

  it('offers both shapes of its payload, and takes either', () => {
    const efficient = '107 mode-change-capability=2; max-red=0';
    assert.deepEqual(shapes([], true), [efficient, '96 octet-align=1']);
    assert.deepEqual(shapes([], false), [efficient]);
  });

  it('stays with what the call uses (RFC 3264 §8.3.2)', () => {
    const bound = { payloadType: 96, name: 'AMR', clockRate: 8000, channels: 1, fmtp: 'octet-align=1' };
    assert.deepEqual(shapes([bound], true), ['96 octet-align=1']);
  });
});

describe('negotiateFmtp', () => {
  it('answers the bandwidth-efficient and the octet-aligned AMR-WB of TS 26.114 annex A with the first', () => {
    const lines = answer(
      'm=audio 49152 RTP/AVP 97 98 99 100',
      'a=rtpmap:97 AMR-WB/16000/1',
      'a=fmtp:97 mode-change-capability=2; max-red=220',
      'a=rtpmap:98 AMR-WB/16000/1',
      'a=fmtp:98 mode-change-capability=2; max-red=220; octet-align=1',
      'a=rtpmap:99 telephone-event/16000',
      'a=rtpmap:100 telephone-event/8000',
    );
    assert.deepEqual(lines, [
      'm=audio 4000 RTP/AVP 97 99',
      'a=rtpmap:97 AMR-WB/16000',
      'a=fmtp:97 mode-change-capability=2; max-red=0',
      'a=rtpmap:99 telephone-event/16000',
    ]);
  });

  it('repeats octet alignment and mode-set (RFC 4867 §8.3.1)', () => {
    const lines = answer(
      'm=audio 9000 RTP/AVP 97',
      'a=rtpmap:97 AMR/8000/1',
      'a=fmtp:97 mode-set=0,2,5,7; mode-change-period=2; mode-change-neighbor=1; octet-align=1',
    );
    assert.equal(lines[2], 'a=fmtp:97 octet-align=1; mode-set=0,2,5,7; mode-change-capability=2; max-red=0');
  });

  for (const refused of [
    'crc=1',
    'robust-sorting=1',
    'interleaving=30',
    'channels=2',
    'mode-set=9',
    'octet-align=7',
    'mode-change-period=3',
  ])
    it(`passes over AMR with ${refused}, and refuses where there is nothing else`, () => {
      const amr = ['a=rtpmap:97 AMR/8000', `a=fmtp:97 octet-align=1; ${refused}`];
      assert.deepEqual(answer('m=audio 9000 RTP/AVP 97', ...amr), ['no common codec']);
      assert.equal(answer('m=audio 9000 RTP/AVP 97 0', ...amr)[0], 'm=audio 4000 RTP/AVP 0');
      const plain = ['a=rtpmap:98 AMR/8000', 'a=fmtp:98 octet-align=1'];
      assert.equal(answer('m=audio 9000 RTP/AVP 97 98 0', ...amr, ...plain)[0], 'm=audio 4000 RTP/AVP 98');
    });

  it('does not take an answer with what was not offered', () => {
    const offer = createAudioOffer(
      { ...LOCAL, formats: LOCAL.formats.filter(({ name }) => name === 'AMR') },
      ORIGIN,
      null,
    );
    const type = offer.media[0]?.formats[0] ?? '';
    const reply = (fmtp: string) =>
      acceptAnswer(
        offer,
        sdp(`m=audio 9000 RTP/AVP ${type}`, `a=rtpmap:${type} AMR/8000`, `a=fmtp:${type} ${fmtp}`),
        negotiateFmtp,
      );
    assert.ok(reply('octet-align=1').ok);
    assert.ok(!reply('octet-align=1; crc=1').ok);
  });

  for (const [offered, answered] of [
    ['mode=20', 'mode=20'],
    ['mode=30', 'mode=30'],
    ['', 'mode=30'],
  ] as const)
    it(`answers iLBC "${offered}" with ${answered}: the lower bandwidth of the two (RFC 3952 §5)`, () => {
      const fmtp = offered === '' ? [] : [`a=fmtp:97 ${offered}`];
      assert.equal(answer('m=audio 9000 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000', ...fmtp)[2], `a=fmtp:97 ${answered}`);
    });

  it('leaves events of another clock than the codec out (RFC 4733 §2.1)', () => {
    const lines = answer(
      'm=audio 9000 RTP/AVP 97 101',
      'a=rtpmap:97 AMR-WB/16000',
      'a=rtpmap:101 telephone-event/8000',
    );
    assert.equal(lines[0], 'm=audio 4000 RTP/AVP 97');
  });
});
