import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { AMR_NB, AMR_WB } from '../../src/media/payload/amr-band.js';
import { Kernel } from '../../src/media/wasm/kernel.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';

const VECTORS = '../shared/vectors';
const skip = existsSync(VECTORS) ? false : 'skipped: no vectors';
/** Frames of speech before and after. */
const COUNT = 12;
const FIRST = 60;

interface Frame {
  readonly type: number;
  readonly octets: Buffer;
}

interface Tables {
  readonly tables: Readonly<Record<string, { readonly values: readonly number[] }>>;
}

const NARROW_ORDERS = ['475', '515', '59', '67', '74', '795', '102', '122'].map((rate) => `reorderBits_MR${rate}`);
const WIDE_ORDERS = ['660', '885', '1265', '1425', '1585', '1825', '1985', '2305', '2385'].map((rate) => `sort_${rate}`);

/** Decoder homing frames of TS 26.073 (its parameters, in the order of TS 26.101), the lowest mode first. */
const NARROW_HOMING = [
  'f89d67f1160935bde1996840',
  '1fb967f7f1fdf547bf2e61c060',
  'e959f35fdfe5e9667ffbc088818088',
  'f0b9e6bf68007209c3d3cbc80848a1558c',
  'f871cf48801ec427f0fc3f7318898622062200',
  '42b332081813d7e916e7aa5e80d7fde812b8c080',
  '1fc722c7880328a9c280030bc9755c3ef519f80000295323e000',
  '08556d944c71a1a081e7ead204244480000ecd82b81118000097c4794e7740',
];

for (const { name, band, samples, input, lateBit, orderTables } of [
  { name: 'amr-nb', band: AMR_NB, samples: 160, input: 'amr-nb/input_8k.pcm', lateBit: 90, orderTables: NARROW_ORDERS },
  { name: 'amr-wb', band: AMR_WB, samples: 320, input: 'amr-wb/input_16k.pcm', lateBit: 120, orderTables: WIDE_ORDERS },
] as const) {
  describe(`${name} homing`, { skip }, () => {
    let module: WebAssembly.Module;
    let speech: Int16Array;
    /** Of each mode: which bit of the coder's each bit of the frame is. */
    let orders: readonly (readonly number[])[];
    before(async () => {
      if (!existsSync(`build/wasm/${name}.wasm`)) await buildAssembly(undefined, [name]);
      module = await new WasmFromDisk().get(name);
      const { tables } = JSON.parse(readFileSync(`${VECTORS}/tables/${name}.json`, 'utf8')) as Tables;
      orders = orderTables.map((key) => tables[key]?.values ?? []);
      const bytes = readFileSync(`${VECTORS}/${input}`);
      speech = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    });

    const modes = Array.from({ length: band.topMode + 1 }, (_, mode) => mode);
    const homing = (): Int16Array => new Int16Array(samples).fill(8);
    const said = (): Int16Array[] =>
      Array.from({ length: COUNT }, (_, i) => speech.slice((FIRST + i) * samples, (FIRST + i + 1) * samples));

    function encoder(mode: number, dtx = 0): (pcm: Int16Array) => Frame {
      const kernel = new Kernel(module);
      const pcm = kernel.samples('pcm', samples);
      const octets = kernel.octets('octets', 64);
      kernel.function('resetEncoder')();
      return (sound) => {
        pcm.set(sound);
        const length = kernel.function('encode')(mode, dtx);
        return { type: kernel.function('lastFrameType')(), octets: Buffer.from(octets.subarray(0, length)) };
      };
    }

    function decoder(): (frame: Frame) => Int16Array {
      const kernel = new Kernel(module);
      const pcm = kernel.samples('pcm', samples);
      const octets = kernel.octets('octets', 64);
      kernel.function('reset')();
      return ({ type, octets: frame }) => {
        octets.set(frame);
        kernel.function('decode')(type, frame.length, 1);
        return pcm.slice();
      };
    }

    const homed = (mode: number, dtx = 0): Frame => encoder(mode, dtx)(homing());
    const flipped = ({ type, octets }: Frame, bit: number): Frame => {
      const changed = Buffer.from(octets);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (128 >> (bit & 7));
      return { type, octets: changed };
    };

    it('sets the encoder back, in every mode, with DTX too', () => {
      for (const mode of modes) {
        for (const dtx of [0, 1]) {
          const encode = encoder(mode, dtx);
          const first = said().map(encode);
          encode(homing());
          assert.deepEqual(encode(homing()), homed(mode, dtx), `mode ${mode}`);
          assert.deepEqual(said().map(encode), first, `mode ${mode}`);
        }
      }
    });

    it('leaves the encoder alone where one sample differs', () => {
      const encode = encoder(2);
      const first = said().map(encode);
      const almost = homing();
      almost[samples - 1] = 9;
      encode(almost);
      assert.notDeepEqual(said().map(encode), first);
    });

    it('sets the decoder back, and is answered with the encoder homing frame at home', () => {
      for (const mode of modes) {
        const frames = said().map(encoder(mode));
        const decode = decoder();
        const first = frames.map(decode);
        assert.notDeepEqual(decode(homed(mode)), homing(), `mode ${mode}: decoded`);
        assert.deepEqual(decode(homed(mode)), homing(), `mode ${mode}: answered`);
        assert.deepEqual(frames.map(decode), first, `mode ${mode}: at home`);
      }
    });

    it('looks at the first part only, of a frame that comes at home', () => {
      for (const mode of modes) {
        const order = orders[mode] ?? [];
        // The last bit of the last sub-frame; at 23.85 kbit/s one before the gain of its high band.
        const frame = flipped(homed(mode), order.indexOf(order.length - 1 - (mode === 8 ? 4 : 0)));
        const decode = decoder();
        const whole = band === AMR_WB && mode === band.topMode;
        if (whole) assert.notDeepEqual(decode(frame), homing(), `mode ${mode}`);
        else assert.deepEqual(decode(frame), homing(), `mode ${mode}`);
      }
    });

    it('looks at the whole of a frame that comes elsewhere', () => {
      for (const mode of modes) {
        const frames = said().map(encoder(mode));
        const decode = decoder();
        const first = frames.map(decode);
        decode(flipped(homed(mode), lateBit));
        assert.notDeepEqual(frames.map(decode), first, `mode ${mode}`);
      }
    });

    it('is one of its mode', { skip: band === AMR_WB }, () => {
      assert.deepEqual(modes.map((mode) => homed(mode).octets.toString('hex')), NARROW_HOMING);
    });

    it('is no frame without data, which leads away from home', () => {
      const frames = said().map(encoder(2));
      const decode = decoder();
      assert.deepEqual(decode(homed(2)), homing());
      assert.notDeepEqual(decode({ type: 15, octets: Buffer.alloc(0) }), homing());
      assert.notDeepEqual(decode(homed(2)), homing());
      assert.deepEqual(frames.map(decode), frames.map(decoder()));
    });
  });
}
