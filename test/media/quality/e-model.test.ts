import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meanOpinionScore, rating } from '../../../src/media/quality/e-model.js';

const G711 = { ie: 0, bpl: 25.1 };
const CLEAN = { delay: 0, loss: 0, bpl: 10 };

describe('meanOpinionScore', () => {
  it('gives 4.41 to G.711 without delay and loss (ITU-T G.107)', () => {
    assert.ok(Math.abs(rating({ delay: 0, loss: 0, ...G711 }) - 93.2) < 1e-9);
    assert.equal(meanOpinionScore({ delay: 50, loss: 0, ...G711 }).toFixed(2), '4.41');
  });

  // ITU-T G.107 table B.1.
  for (const [r, mos] of [
    [90, 4.34],
    [80, 4.03],
    [70, 3.6],
    [60, 3.1],
    [50, 2.58],
  ] as const)
    it(`maps R = ${r} to ${mos}`, () => {
      // The table rounds 4.024 up.
      assert.ok(Math.abs(meanOpinionScore({ ...CLEAN, ie: 93.2 - r }) - mos) < 0.007);
    });

  // ITU-T G.113 table IV.1, one ear: mode in kbit/s, Ie,WB, what G.107.1 annex A makes of it.
  for (const [codec, ie, mos] of [
    ['AMR-WB 23.05', 1, 4.49],
    ['AMR-WB 12.65', 13, 4.34],
    ['AMR-WB 8.85', 26, 4.02],
    ['AMR-WB 6.6', 41, 3.51],
    // G.711 on the wide-band scale: what 35.8 lies between them.
    ['G.711', 35.8, 3.7],
  ] as const)
    it(`gives ${mos} to ${codec} on the wide-band scale`, () => {
      assert.equal(meanOpinionScore({ ...CLEAN, ie, wideband: true }).toFixed(2), mos.toFixed(2));
    });

  it('knows of no better sound than 129, which is 4.5', () => {
    assert.equal(rating({ ...CLEAN, ie: 0, wideband: true }), 129);
    assert.equal(meanOpinionScore({ ...CLEAN, ie: 0, wideband: true }), 4.5);
  });

  it('counts loss as Ie,eff does, in bursts and without (ITU-T G.107 §7.5)', () => {
    // 95 * 5 / (5 + 25.1), and with bursts of twice the length 95 * 5 / (2.5 + 25.1).
    assert.equal((93.2 - rating({ delay: 0, loss: 0.05, ...G711 })).toFixed(2), '15.78');
    assert.equal((93.2 - rating({ delay: 0, loss: 0.05, ...G711, burst: 2 })).toFixed(2), '17.21');
    // 13 + 82 * 2 / (2 + 4.3)
    assert.equal((129 - rating({ delay: 0, loss: 0.02, ie: 13, bpl: 4.3, wideband: true })).toFixed(2), '39.03');
  });

  it('counts delay as Idd does: nothing up to 100 ms, 24 at 400 (ITU-T G.107 §7.4)', () => {
    assert.equal(rating({ delay: 100, loss: 0, ...G711 }), 93.2);
    assert.equal((93.2 - rating({ delay: 400, loss: 0, ...G711 })).toFixed(1), '24.1');
  });

  it('falls with loss and delay, and stays within 1 and 4.5', () => {
    let last = 5;
    for (const loss of [0, 0.01, 0.03, 0.1, 0.3, 1]) {
      const mos = meanOpinionScore({ delay: 100, loss, ...G711 });
      assert.ok(mos < last && mos >= 1);
      last = mos;
    }
    assert.ok(meanOpinionScore({ delay: 400, loss: 0, ...G711 }) < 3.8);
    assert.ok(meanOpinionScore({ delay: 10_000, loss: 1, ie: 95, bpl: 1 }) >= 1);
  });
});
