/** Rounds of weighted least squares on the way to the least sum of residuals' lengths. */
const ROUNDS = 4;
/** Residuals below this count alike. */
const SMALL = 8;
const STEPS = [1, 2, 4, 16, 64, 256] as const;
const LIMIT = 32767;

/**
 * Weights of a linear prediction that leave residuals of few bits.
 * @param rows the terms of each prediction @param wanted what it should be @param precision bits of the weights behind the point
 */
export function fitWeights(
  rows: readonly (readonly number[])[],
  wanted: readonly number[],
  precision: number,
): readonly number[] {
  const width = rows[0]?.length ?? 0;
  let best = Array.from({ length: width }, () => 0);
  let least = cost(rows, wanted, best, precision);
  for (let chosen = 1; chosen < 1 << width; chosen += 1) {
    const kept = Array.from({ length: width }, (_, k) => k).filter((k) => (chosen & (1 << k)) !== 0);
    const trial = best.map(() => 0);
    fitReal(
      rows.map((row) => kept.map((k) => row[k] ?? 0)),
      wanted,
    ).forEach((weight, i) => {
      trial[kept[i] ?? 0] = clamp(Math.round(weight * (1 << precision)));
    });
    const size = cost(rows, wanted, trial, precision);
    if (size < least) [least, best] = [size, trial];
  }
  for (let better = true; better;) {
    better = false;
    for (let k = 0; k < width; k += 1) {
      const weight = best[k] ?? 0;
      for (const step of [...STEPS.flatMap((size) => [size, -size]), -weight]) {
        const trial = best.map((old, i) => (i === k ? clamp(weight + step) : old));
        const size = cost(rows, wanted, trial, precision);
        if (size < least) [least, best, better] = [size, trial, true];
      }
    }
  }
  return best;
}

const clamp = (x: number): number => Math.max(-LIMIT, Math.min(LIMIT, x));

function fitReal(rows: readonly (readonly number[])[], wanted: readonly number[]): readonly number[] {
  let real = leastSquares(rows, wanted, rows.map(() => 1)); // prettier-ignore
  for (let round = 0; round < ROUNDS; round += 1) {
    const importance = rows.map((row, i) => 1 / (Math.abs((wanted[i] ?? 0) - dot(row, real)) + SMALL));
    real = leastSquares(rows, wanted, importance);
  }
  return real;
}

function dot(row: readonly number[], weights: readonly number[]): number {
  return row.reduce((sum, term, k) => sum + term * (weights[k] ?? 0), 0);
}

/** Bits of the residuals and of the weights, about. */
function cost(
  rows: readonly (readonly number[])[],
  wanted: readonly number[],
  weights: readonly number[],
  precision: number,
): number {
  let sum = weights.reduce((total, weight) => total + (weight === 0 ? 1 : 3 + Math.log2(Math.abs(weight))), 0);
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] ?? [];
    let prediction = 0;
    for (let k = 0; k < weights.length; k += 1) prediction = (prediction + Math.imul(weights[k] ?? 0, row[k] ?? 0)) | 0;
    sum += Math.log2(1 + Math.abs((((wanted[i] ?? 0) - (prediction >> precision)) << 16) >> 16));
  }
  return sum;
}

/** Solves the normal equations; a term that says nothing gets no weight. */
function leastSquares(
  rows: readonly (readonly number[])[],
  wanted: readonly number[],
  importance: readonly number[],
): number[] {
  const n = rows[0]?.length ?? 0;
  const a = Array.from({ length: n }, () => new Float64Array(n + 1));
  rows.forEach((row, r) => {
    for (let i = 0; i < n; i += 1) {
      const scaled = (row[i] ?? 0) * (importance[r] ?? 0);
      for (let k = 0; k < n; k += 1) add(a, i, k, scaled * (row[k] ?? 0));
      add(a, i, n, scaled * (wanted[r] ?? 0));
    }
  });
  for (let i = 0; i < n; i += 1) add(a, i, i, 1e-3);
  for (let i = 0; i < n; i += 1) {
    const pivot = a[i];
    if (pivot === undefined) break;
    for (let r = 0; r < n; r += 1) {
      const row = a[r];
      if (r === i || row === undefined) continue;
      const factor = (row[i] ?? 0) / (pivot[i] ?? 1);
      for (let k = i; k <= n; k += 1) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0);
    }
  }
  return a.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1));
}

function add(a: readonly Float64Array[], row: number, column: number, value: number): void {
  const line = a[row];
  if (line !== undefined) line[column] = (line[column] ?? 0) + value;
}
