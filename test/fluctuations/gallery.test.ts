/** Fluctuations of machines from files: numbers of others, closed forms, and bounds. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { type Fluctuations, fluctuations } from '../../src/fluctuations/fluctuations.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { describedMachine } from '../../src/machine/description/described.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';
import type { Values } from '../../src/machine/tape.js';
import { machineEvolution } from '../../src/simulate/machineEvolve.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { decades } from '../support/arbitrary.js';
import { galleryMachine } from '../support/machines.js';

const entries: readonly {
  name: string;
  values: Record<string, number> & readonly Record<string, number>[];
}[] = JSON.parse(readFileSync(new URL('../reference/gallery.json', import.meta.url), 'utf8'));
const valuesOf = (name: string) => entries.find((one) => one.name.startsWith(name))!.values;

function solved(described: DescribedMachine, changes: Values = {}, order = 2): Fluctuations {
  const { machine, parameters, ladder } = described;
  const { lmin, lmax } = ladder;
  return fluctuations({
    machine,
    of: localEquation,
    values: { ...Object.fromEntries(parameters.map((p) => [p.name, p.default])), ...changes },
    window: { lmin, lmax, size: lmax - lmin + 1 },
    betas: {},
    order,
  });
}

const near = (found: number | undefined, wanted: number, relative: number) =>
  expect(Math.abs((found ?? Number.NaN) / wanted - 1)).toBeLessThan(relative);

test('two exchange-coupled qubits, as what a ladder without energy counts', () => {
  for (const { g, k, n_h: nh, n_c: nc, current, noise } of valuesOf('mill as counting field')) {
    const { baths } = solved(galleryMachine('exchange-qubits'), { g, k, nh, nc });
    const [hot, cold] = baths;
    near(hot.quanta?.mean.value, current, 1e-9);
    near(cold.quanta?.mean.value, -current, 1e-9);
    for (const { quanta } of baths) near(quanta?.noise.value, noise, 1e-9);
    // A bath that takes alone, at temperature 0.
    if (nc === 0) expect(cold.entropyProduction.value).toBeNull();
  }
});

test('noise is how the variance of a counting ladder grows, by our own evolution', async () => {
  const device = { g: 0.6, k: 0.8, nh: 1.3, nc: 0.4 };
  const [hot] = solved(galleryMachine('exchange-qubits'), device).baths;
  const flywheel = galleryMachine('flywheel');
  const [a, b] = [60, 120];
  const { snapshots } = await machineEvolution(
    new MachineSystem(flywheel),
    { ...device, I: 1e300 },
    { lmin: -80, lmax: 120, size: 201 },
    [a, b],
    { rtol: 1e-12, atol: 1e-15 },
    cpuBackend(),
  );
  const [x, y] = snapshots.map(({ ladder }) => ladder!);
  near(hot.quanta?.mean.value, (y.mean - x.mean) / (b - a), 1e-9);
  near(hot.quanta?.noise.value, (y.variance - x.variance) / (b - a), 1e-9);
});

describe('a single level between two reservoirs', () => {
  const { kh, kc, c1, c2 } = valuesOf('noise of a single level');
  const [hot] = solved(galleryMachine('single-level'), { kh, kc }, 6).baths;

  test('mean and noise', () => {
    near(hot.quanta?.mean.value, c1, 1e-14);
    near(hot.quanta?.noise.value, c2, 1e-13);
  });

  test('further cumulants, from the eigenvalue of its tilted generator', () => {
    // ζ(χ) = −s/2 + √(s²/4 + kh kc (e^χ − 1)), s = kh + kc: ζ² + sζ = kh kc (e^χ − 1), order by order.
    const cumulants = [0];
    const choose = (n: number, m: number): number =>
      m === 0 ? 1 : (choose(n, m - 1) * (n - m + 1)) / m;
    for (let n = 1; n <= 6; n++) {
      let squares = 0;
      for (let m = 1; m < n; m++) squares += choose(n, m) * cumulants[m] * cumulants[n - m];
      cumulants.push((kh * kc - squares) / (kh + kc));
    }
    cumulants.slice(1).forEach((c, k) => {
      expect(Math.abs((hot.quanta?.cumulants[k] ?? Number.NaN) - c)).toBeLessThan(1e-12);
    });
  });
});

/** Three levels between two baths, in populations alone. */
const classical = describedMachine(
  'ring.yaml',
  `name: ring
subsystems: {atom: [a, b, c]}
parameters: {e: 1, u: 2, hot: 0.3, cold: 1.2, k: 1, q: 1, w: 0.5}
hamiltonian:
  levels: e*P(atom, b) + u*P(atom, c)
baths:
  hot:
    beta: hot
    jumps: ["sqrt(k)*T(atom, a, c)", "sqrt(k)*exp(-hot*u/2)*T(atom, c, a)"]
  cold:
    beta: cold
    jumps: ["sqrt(q)*T(atom, b, c)", "sqrt(q)*exp(-cold*(u - e)/2)*T(atom, c, b)"]
  drive:
    beta: hot
    jumps: ["sqrt(w)*T(atom, a, b)", "sqrt(w)*exp(-hot*e/2)*T(atom, b, a)"]
`,
);

test('uncertainty relations bound machines without coherences', () => {
  let bounded = 0;
  fc.assert(
    fc.property(
      fc.record({
        ...{ e: decades(0.1, 3), u: decades(0.1, 3), hot: decades(0.05, 3) },
        ...{ cold: decades(0.05, 3), k: decades(0.01, 10), q: decades(0.01, 10) },
        w: decades(0.01, 10),
      }),
      (values) => {
        const found = solved(classical, values);
        for (const { quanta, entropyProduction } of found.baths) {
          expect(entropyProduction.value).toBeGreaterThanOrEqual(
            -(entropyProduction.error as number),
          );
          if (quanta === null || quanta.uncertainty === null) continue;
          // Near equilibrium the bound is met, and σ is a difference of rounding.
          const { value, error } = found.entropyProduction!;
          if (error > 1e-9 * value) continue;
          bounded++;
          expect(quanta.uncertainty).toBeGreaterThan(2 * (1 - 1e-8));
          expect(quanta.kineticUncertainty).toBeGreaterThan(1);
        }
      },
    ),
    { numRuns: 100 },
  );
  expect(bounded).toBeGreaterThan(100);
});

test('a load alone brings nothing in the long run', () => {
  const [load] = solved(galleryMachine('rotor-under-load'), {}, 4).baths;
  expect(load.quanta?.cumulants).toEqual([0, 0, 0, 0]);
  expect(Math.abs(load.entropyProduction.value ?? 1)).toBeLessThan(1e-12);
});
