import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CODECS } from '../../../src/media/codec-registry.js';
import { buildAssembly } from '../../../tools/build-assembly.js';
import { runCodecCommand } from '../../../tools/cli/codec-command.js';
import { CommandError, EXIT } from '../../../tools/cli/exit-code.js';

const VECTORS = '../shared/vectors';
const skip = existsSync(VECTORS) ? false : 'skipped: no vectors';

describe('runCodecCommand', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ims-codec-'));
  const out = join(folder, 'out');
  before(async () => {
    if (CODECS.some(({ wasm }) => !existsSync(`build/wasm/${wasm}.wasm`))) await buildAssembly();
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = async (
    operands: readonly string[],
    loss: string | null = null,
    fmtp: string | null = null,
    dtx = false,
  ): Promise<Buffer> => {
    assert.equal(await runCodecCommand({ operands: [...operands, out], loss, fmtp, dtx, enhance: false }), EXIT.done);
    return readFileSync(out);
  };

  for (const [name, direction, input, expected, fmtp] of [
    ['gsm', 'encode', 'gsm0610/mix_input.pcm', 'gsm0610/mix.gsm', null],
    ['GSM', 'decode', 'gsm0610/mix.gsm', 'gsm0610/mix_decoded.pcm', null],
    ['g722', 'encode', 'g722/inpsp.pcm', 'g722/codsp.g722', null],
    ['g722/8000', 'decode', 'g722/codsp.g722', 'g722/outsp_mode1.pcm', null],
    ['amr', 'decode', 'amr-nb/amrnb_12.2_dtx.amr', 'amr-nb/amrnb_12.2_dtx.pcm', null],
    ['amr', 'encode', 'amr-nb/input_8k.pcm', 'amr-nb/amrnb_4.75.amr', 'mode-set=0'],
    ['amr', 'encode --dtx', 'amr-nb/input_8k.pcm', 'amr-nb/amrnb_12.2_dtx.amr', 'mode-set=7'],
  ] as const) {
    const known = CODECS.some(({ description }) => description.name === name.toUpperCase().split('/')[0]);
    it(
      `${name} ${direction} makes ${expected} of ${input}`,
      { skip: skip || (!known && 'skipped: no such codec') },
      async () => {
        const [verb = '', dtx] = direction.split(' ');
        const made = await run([name, verb, join(VECTORS, input)], null, fmtp, dtx !== undefined);
        assert.ok(made.equals(readFileSync(join(VECTORS, expected))));
      },
    );
  }

  for (const file of ['nb_q0', 'nb_q6', 'nb_vbr6_dtx', 'wb_q2', 'wb_q8'])
    it(`speex decode leaves the enhancement out: ${file}`, { skip }, async () => {
      const name = file.startsWith('nb') ? 'speex' : 'speex/16000';
      const own = words(await run([name, 'decode', join(VECTORS, `speex/speex_${file}.spxf`)]));
      const reference = words(readFileSync(join(VECTORS, `speex/speex_${file}.pcm`)));
      const difference = own.map((value, i) => value - (reference[i] ?? 0));
      assert.ok(10 * Math.log10(power(reference) / power(difference)) > 40);
    });

  for (const { description, fmtp } of CODECS) {
    const name = `${description.name}/${description.clockRate}`;
    it(`${name} reads what it wrote, and conceals what is lost`, async () => {
      const input = join(folder, 'in.pcm');
      const tone = Int16Array.from({ length: description.sampleRate }, (_, i) => 8000 * Math.sin(i / 10));
      writeFileSync(input, new Uint8Array(tone.buffer));
      const coded = join(folder, 'coded');
      writeFileSync(coded, await run([name, 'encode', input], null, fmtp));
      const whole = await run([name, 'decode', coded], null, fmtp);
      assert.ok(Math.abs(whole.length / 2 - tone.length) < (description.sampleRate * description.frameMs) / 1000);
      const loss = join(folder, 'loss');
      writeFileSync(loss, '0000000001\n');
      const holed = await run([name, 'decode', coded], loss, fmtp);
      assert.equal(holed.length, whole.length);
      const from = 9 * 2 * ((description.sampleRate * description.frameMs) / 1000);
      assert.ok(holed.subarray(0, from).equals(whole.subarray(0, from)));
      assert.ok(!holed.equals(whole));
    });
  }

  for (const [why, operands] of [
    ['an unknown codec', ['g729', 'encode', 'a', 'b']],
    ['an unknown rate', ['gsm/16000', 'encode', 'a', 'b']],
    ['an unknown direction', ['gsm', 'transcode', 'a', 'b']],
    ['a missing file', ['gsm', 'decode', '/does/not/exist', 'b']],
    ['a missing operand', ['gsm', 'decode', 'a']],
    ['DTX of a codec that has none of its own', ['g722', 'encode', 'a', 'b']],
  ] as const) {
    it(`refuses ${why}`, async () => {
      await assert.rejects(
        runCodecCommand({ operands, loss: null, fmtp: null, dtx: why.startsWith('DTX'), enhance: false }),
        (error) => error instanceof CommandError && error.exitCode === EXIT.usage,
      );
    });
  }
});

function words(octets: Buffer): Int16Array {
  return new Int16Array(octets.buffer.slice(octets.byteOffset, octets.byteOffset + octets.length));
}

function power(samples: Int16Array): number {
  return samples.reduce((sum, value) => sum + value * value, 0);
}
