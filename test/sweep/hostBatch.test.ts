/** Batches on the host: what is put down of points whose windows are chosen. */
import { expect, test } from 'vitest';
import { truncation } from '../../src/model/parameters.js';
import { BATCH_PARAMETERS } from '../../src/sweep/batchParameters.js';
import { type Batch, batchPoint } from '../../src/sweep/batchSolver.js';
import { solveOnHost } from '../../src/sweep/hostBatch.js';
import { observableNames } from '../../src/sweep/observables.js';

const DEVICE: Readonly<Record<string, number>> = {
  ...{ beta1: 0.1, beta2: 0.03, betaR: 0.09, B1: 4, B2: 10, g: 1, lambda: 0.1, gamma: 5e-5, I: 1 },
};
const names = observableNames(['rotor.Lz', 'heat', 'work']);

const batch = (reach: number, more: Partial<Batch> = {}): Batch => ({
  model: 'local',
  cutoff: 'max-bohr',
  count: 1,
  parameters: Float64Array.from(BATCH_PARAMETERS, (name) => DEVICE[name] ?? 0),
  size: 2 * reach + 1,
  lmin: Int32Array.of(-reach),
  ...more,
});

test('of a window that is not kept there are the populations at its edges alone', () => {
  const given = solveOnHost(batch(8), names);
  const tried = solveOnHost(batch(8, { truncation: truncation({}) }), names);
  expect([...tried.edgeLow, ...tried.edgeHigh]).toEqual([...given.edgeLow, ...given.edgeHigh]);
  expect([...given.values].every(Number.isFinite)).toBe(true);
  expect([...tried.values, ...tried.residual].every(Number.isNaN)).toBe(true);
  expect(tried.failures.size).toBe(0);
});

test('of one that is kept there is what there is of a window that is given', () => {
  const [given, chosen] = [{}, { truncation: truncation({}) }].map((more) =>
    solveOnHost(batch(60, more), names),
  );
  expect(chosen).toEqual(given);
  expect([...given.values].every(Number.isFinite)).toBe(true);
});

test.each([
  ['local', 'max-bohr', false, undefined],
  ['global', 'max-bohr', true, 'max-bohr'],
  ['global', 'given', true, 3],
] as const)(
  'points of %s with Ω %s have the numbers of their rows',
  (model, cutoff, has, omega) => {
    const rows = [{ beta2: 0.02 }, { beta2: 0.05, gamma: 1e-4 }, { cutoff: 7, gamma: 1e-4 }].map(
      (changes) => ({ ...DEVICE, cutoff: 3, ...changes }),
    );
    const numbers = rows.flatMap((row: Readonly<Record<string, number>>) =>
      BATCH_PARAMETERS.map((name) => row[name] ?? 0),
    );
    const points = batch(8, {
      ...{ model, cutoff, count: rows.length },
      parameters: Float64Array.from(numbers),
    });
    rows.forEach(({ cutoff: given, ...row }, p) => {
      const { cutoff: found, ...others } = batchPoint(points, p);
      expect(others).toEqual({ V: 0, V2: 0, chi: 0, kappa1: 0, kappa2: 0, ...row, model });
      expect(found).toBe(omega === 3 ? given : omega);
      expect('cutoff' in batchPoint(points, p)).toBe(has);
    });
  },
);
