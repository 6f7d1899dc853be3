/** Sweeps on a GPU: the same numbers as on the CPU, point by point. */
import { afterAll, describe, expect, test } from 'vitest';
import { TOO_FEW_DIGITS } from '../../src/simulate/deviceFailures.js';
import { BATCH_PARAMETERS } from '../../src/sweep/batchParameters.js';
import { type Batch, PRECISION_PATHS } from '../../src/sweep/batchSolver.js';
import { deviceSolver } from '../../src/sweep/deviceSolver.js';
import { solveOnHost } from '../../src/sweep/hostBatch.js';
import { STATUSES } from '../../src/sweep/layout.js';
import { observableNames } from '../../src/sweep/observables.js';
import { qmillProcess } from '../support/commandLine.js';
import { variable, workshop } from '../support/sweeps.js';

const { path, plan, clear } = workshop();
afterAll(clear);

/** Lehmer's generator: the same devices in every run. */
let seed = 11;
const between = (min: number, max: number) => {
  seed = (seed * 48271) % 2147483647;
  return min + ((max - min) * seed) / 2147483647;
};
const decades = (min: number, max: number) => Math.exp(between(Math.log(min), Math.log(max)));

function randomBatch(model: Batch['model'], count: number, size: number): Batch {
  const parameters = new Float64Array(count * BATCH_PARAMETERS.length);
  const lmin = new Int32Array(count);
  for (let p = 0; p < count; p++) {
    const device: Record<(typeof BATCH_PARAMETERS)[number], number> = {
      beta1: decades(0.02, 1),
      beta2: decades(0.02, 1),
      betaR: decades(0.02, 1),
      B1: between(0.5, 10),
      B2: between(0.5, 10),
      g: decades(0.2, 2),
      chi: between(-0.9, 0.9),
      lambda: decades(0.01, 1),
      gamma: decades(1e-5, 1e-2),
      I: decades(0.5, 5),
      V: 0,
      V2: 0,
      kappa1: 0,
      kappa2: 0,
      cutoff: Number.NaN,
    };
    BATCH_PARAMETERS.forEach((name, k) => {
      parameters[p * BATCH_PARAMETERS.length + k] = device[name];
    });
    lmin[p] = -16 - (p % 3);
  }
  return { model, cutoff: 'max-bohr', count, parameters, size, lmin };
}

describe('batch = loop on the GPU, float64 answers', () => {
  const names = observableNames(['heat', 'work', 'rotor', 'qubits', 'power.intrinsic']);
  const whole = observableNames(['heat', 'ergotropy', 'power', 'purity', 'concurrence']);

  test.each([
    { model: 'local', count: 500 },
    { model: 'global', count: 100 },
  ] as const)(
    '$count random devices, $model model',
    { timeout: 180_000 },
    async ({ model, count }) => {
      const solver = await deviceSolver('webgpu', 'f64');
      const batch = randomBatch(model, count, 33);
      const found = await solver.solve(batch, names);
      const wanted = solveOnHost(batch, names);
      expect(found.path).toBe('webgpu_df64');
      // Some have flows that cancel to less than nine digits; they are left to the CPU.
      expect(found.failures.size).toBeLessThanOrEqual(0.04 * count);
      for (const { message } of found.failures.values()) expect(message).toBe(TOO_FEW_DIGITS);
      const rows = new Set<string>();
      for (let p = 0; p < count; p++) {
        if (found.failures.has(p)) continue;
        const row = found.values.subarray(p * names.length, (p + 1) * names.length);
        const exact = wanted.values.subarray(p * names.length, (p + 1) * names.length);
        rows.add(row.join());
        const flow = Math.max(...exact.subarray(0, 3).map(Math.abs));
        names.forEach((name, c) => {
          // The flows of a point are known together; populations and moments each by itself.
          const isFlow = /^(heat|work|power)/.test(name);
          const scale = isFlow ? flow : Math.max(1e-3, Math.abs(exact[c]));
          // The host takes heats from differences of larger rates: the load's, in the global model the baths'.
          const rounding = isFlow ? (model === 'global' ? 1e-13 : 1e-15) : 0;
          expect(Math.abs(row[c] - exact[c]), name).toBeLessThanOrEqual(1e-10 * scale + rounding);
        });
        expect(found.residual[p]).toBeLessThan(1e-11);
        for (const edge of ['edgeLow', 'edgeHigh'] as const) {
          expect(Math.abs(found[edge][p] - wanted[edge][p])).toBeLessThan(1e-12);
        }
      }
      expect(rows.size).toBe(count - found.failures.size);

      // What needs the whole state reads it back.
      const few = randomBatch(model, 6, 33);
      const read = await solver.solve(few, whole);
      const host = solveOnHost(few, whole);
      read.values.forEach((value, i) => {
        const scale = Math.max(1, Math.abs(host.values[i]));
        expect(Math.abs(value - host.values[i]), whole[i % whole.length]).toBeLessThan(
          1e-9 * scale,
        );
      });
      await solver.close();
    },
  );
});

test('qmill sweep --backend webgpu says what computed, and leaves to the CPU what a GPU cannot', async () => {
  const file = plan('device.yaml', {
    model: 'local',
    parameters: { gamma: 0 },
    axes: { lambda: [0, 0.1, 0.3] },
    truncation: { lmin: -3, lmax: 3 },
    edgeTolerance: 0.5,
    observables: ['qubits', 'rotor.Lz2'],
    precision: 'f32',
  });
  const { status, stdout } = qmillProcess([
    'sweep',
    file,
    '--out',
    path('device'),
    '--backend',
    'webgpu',
    '--workers',
    '1',
  ]);
  expect(stdout).toContain('3 points solved');
  expect(status).toBe(3);
  const statuses = await variable(path('device'), 'status');
  const paths = await variable(path('device'), 'path');
  expect(STATUSES[statuses[0]]).toBe('failed_not_unique');
  expect([...paths].map((code) => PRECISION_PATHS[code])).toEqual([
    'cpu_f64',
    'webgpu_f32',
    'webgpu_f32',
  ]);
});
