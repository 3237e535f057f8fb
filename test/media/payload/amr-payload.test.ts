import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AMR_NB, AMR_WB, type AmrBand } from '../../../src/media/payload/amr-band.js';
import { answerAmrFmtp, parseAmrFmtp } from '../../../src/media/payload/amr-fmtp.js';
import { AmrModeControl } from '../../../src/media/payload/amr-mode-control.js';
import { AmrPayloadReader, AmrPayloadWriter } from '../../../src/media/payload/amr-payload.js';
import { parseAmrFile, printAmrFile } from '../../../src/media/payload/amr-storage.js';

const VECTORS = '../shared/vectors';
const skip = existsSync(VECTORS) ? false : 'skipped: no vectors';

interface Payload {
  readonly file: string;
  readonly first_frame: number;
  readonly frames: number;
  readonly frame_types: readonly number[];
  readonly bandwidth_efficient: string;
  readonly octet_aligned: string;
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

function repack(
  payload: Uint8Array,
  band: AmrBand,
  octetAligned: boolean,
): { types: number[]; be: string; oa: string } {
  const reader = new AmrPayloadReader(band);
  const count = reader.read(payload, payload.length, octetAligned);
  const types = [...reader.types.subarray(0, count)];
  const print = (aligned: boolean): string => {
    const writer = new AmrPayloadWriter(band, aligned);
    writer.start();
    types.forEach((type, i) => {
      const data = new Uint8Array(64);
      reader.frame(payload, i, data);
      writer.add(type, data, reader.quality[i] === 1);
    });
    return hex(writer.output.subarray(0, writer.finish(reader.request)));
  };
  return { types, be: print(false), oa: print(true) };
}

describe('AMR payloads', () => {
  for (const [folder, band] of [
    ['amr-nb', AMR_NB],
    ['amr-wb', AMR_WB],
  ] as const) {
    it(`reads and writes both formats of the vectors exactly: ${folder}`, { skip }, () => {
      const { payloads } = JSON.parse(readFileSync(`${VECTORS}/${folder}/rtp-payloads.json`, 'utf8')) as {
        payloads: Payload[];
      };
      for (const expected of payloads) {
        for (const aligned of [false, true]) {
          const octets = Buffer.from(aligned ? expected.octet_aligned : expected.bandwidth_efficient, 'hex');
          const { types, be, oa } = repack(octets, band, aligned);
          assert.deepEqual(types, expected.frame_types);
          assert.equal(be, expected.bandwidth_efficient);
          assert.equal(oa, expected.octet_aligned);
        }
        const path = `${VECTORS}/${folder}/${expected.file}`;
        if (!existsSync(path)) continue;
        const file = parseAmrFile(readFileSync(path), band);
        assert.ok(file.ok);
        const writer = new AmrPayloadWriter(band, true);
        writer.start();
        for (const frame of file.frames.slice(expected.first_frame, expected.first_frame + expected.frames))
          writer.add(frame.type, frame.data);
        assert.equal(hex(writer.output.subarray(0, writer.finish())), expected.octet_aligned);
        assert.deepEqual(Buffer.from(printAmrFile(file.frames, band)), readFileSync(path));
      }
    });
  }

  it('reads the header of RFC 4867 §4.3.5.2: three frame types, one of them not sent', () => {
    // CMR 1; FT 0, 9 (SID of AMR-WB), 15, 1, all intact.
    const writer = new AmrPayloadWriter(AMR_WB, false);
    writer.start();
    for (const type of [0, 9, 15, 1]) writer.add(type, new Uint8Array(60).fill(0xff));
    const length = writer.finish(1);
    // 4 + 4 * 6 bits, then 132 + 40 + 177.
    assert.equal(length, Math.ceil((28 + 132 + 40 + 177) / 8));
    // 0001 | 1 0000 1 | 1 1001 1 | 1 1111 1 | 0 0001 1
    assert.equal(hex(writer.output.subarray(0, 4)).slice(0, 7), '1873fc3');
    const reader = new AmrPayloadReader(AMR_WB);
    assert.equal(reader.read(writer.output, length, false), 4);
    assert.equal(reader.request, 1);
    assert.deepEqual([...reader.types.subarray(0, 4)], [0, 9, 15, 1]);
  });

  it('finds no frames in what is cut, padded or of a reserved type', () => {
    const reader = new AmrPayloadReader(AMR_NB);
    const good = new Uint8Array([0xf0, 0x04, ...new Uint8Array(12)]);
    assert.equal(reader.read(good, good.length, true), 1);
    assert.equal(reader.read(good, good.length - 1, true), 0);
    assert.equal(reader.read(new Uint8Array([...good, 0]), good.length + 1, true), 0);
    assert.equal(reader.read(new Uint8Array([0xf0, 0x4c]), 2, true), 0);
    assert.equal(reader.read(new Uint8Array(0), 0, false), 0);
  });

  it('survives any octets', () => {
    const out = new Uint8Array(64);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), fc.boolean(), (octets, aligned, wide) => {
        const reader = new AmrPayloadReader(wide ? AMR_WB : AMR_NB);
        const count = reader.read(octets, octets.length, aligned);
        for (let i = 0; i < count; i += 1) assert.ok(reader.frame(octets, i, out) <= 60);
      }),
    );
  });
});

describe('AMR format parameters', () => {
  it('reads what RFC 4867 §8.3 lists', () => {
    const parsed = parseAmrFmtp(
      'mode-set=7,0,2; mode-change-period=2;mode-change-neighbor=1; octet-align=1; max-red=0',
      AMR_NB,
    );
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.parameters, {
      octetAligned: true,
      modeSet: [0, 2, 7],
      modeChangePeriod: 2,
      modeChangeNeighbor: true,
    });
  });

  it('refuses what it cannot do, with a reason', () => {
    for (const [fmtp, reason] of [
      ['octet-align=1;crc=1', 'crc'],
      ['robust-sorting=1', 'robust-sorting'],
      ['interleaving=4', 'interleaving'],
      ['channels=2', 'channels'],
      ['mode-set=0,8', 'mode-set'],
      ['mode-set=x', 'mode-set'],
      ['octet-align=2', 'value'],
      ['mode-change-period=3', 'value'],
    ] as const) {
      const parsed = parseAmrFmtp(fmtp, AMR_NB);
      assert.equal(parsed.ok ? 'ok' : parsed.reason, reason, fmtp);
    }
    assert.equal(answerAmrFmtp('crc=1', AMR_WB), null);
    assert.equal(
      answerAmrFmtp('mode-set=0,1,2;octet-align=1', AMR_WB),
      'octet-align=1; mode-set=0,1,2; mode-change-capability=2; max-red=0',
    );
  });
});

describe('AMR mode control', () => {
  const parameters = {
    octetAligned: false,
    modeSet: [0, 2, 5, 7],
    modeChangePeriod: 1,
    modeChangeNeighbor: false,
  } as const;

  it('follows requests inside the set and ignores the others', () => {
    const control = new AmrModeControl(parameters, AMR_NB, 6);
    assert.equal(control.next(), 5);
    control.request(0);
    assert.equal(control.next(), 0);
    control.request(3);
    assert.equal(control.next(), 0);
    control.request(15);
    assert.equal(control.next(), 5);
  });

  it('changes every second frame, one step at a time, where that was agreed', () => {
    const control = new AmrModeControl({ ...parameters, modeChangePeriod: 2, modeChangeNeighbor: true }, AMR_NB, 7);
    assert.equal(control.next(), 7);
    control.request(0);
    assert.deepEqual(
      Array.from({ length: 7 }, () => control.next()),
      [7, 5, 5, 2, 2, 0, 0],
    );
  });
});
