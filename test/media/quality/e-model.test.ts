import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meanOpinionScore, rating } from '../../../src/media/quality/e-model.js';

const G711 = { ie: 0, bpl: 25.1 };

describe('meanOpinionScore', () => {
  it('gives 4.41 to G.711 without delay and loss (ITU-T G.107)', () => {
    assert.ok(Math.abs(rating({ delay: 0, loss: 0, ...G711 }) - 93.2) < 1e-9);
    assert.equal(meanOpinionScore({ delay: 50, loss: 0, ...G711 }).toFixed(2), '4.41');
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
