/** Factors of one device precondition its neighbours. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import type { SolverChoice } from '../../src/simulate/route.js';
import { solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { KeptFactors } from '../../src/solve/keptFactors.js';
import type { DensityMatrix } from '../../src/state/densityMatrix.js';
import { numbersWithPotential } from '../support/arbitrary.js';
import { distance } from '../support/vectors.js';

const backend = cpuBackend();
const band: SolverChoice = { space: 'band', dmax: 12, method: 'gmres' };

interface Neighbour {
  readonly kept?: KeptFactors<Float64Array>;
  readonly start?: DensityMatrix;
}

async function solve(
  input: DeviceInput,
  half: number,
  choice: SolverChoice,
  given: Neighbour = {},
) {
  let factorisations = 0;
  const solution = await solveSteadyOn(
    deviceParameters(input),
    rotorWindow(-half, half),
    choice,
    backend,
    {
      ...given,
      onFactorisation: async (share) => {
        if (share === 1) factorisations++;
        return true;
      },
    },
  );
  return { ...solution, factorisations };
}

describe('factors that are kept', () => {
  test.each([6, 16])('save neighbours a factorisation, windows from −%i', async (half) => {
    const kept = new KeptFactors<Float64Array>();
    const first = await solve({ V: 1 }, half, band, { kept });
    // The band, and the wider one that measures its error.
    expect(first.factorisations).toBe(half === 6 ? 1 : 2);
    const neighbours: DeviceInput[] = [{ V: 1.03 }, { V: 1, beta2: 0.031 }, { V: 1, lambda: 0.11 }];
    for (const input of neighbours) {
      const found = await solve(input, half, band, { kept, start: first.state.rho });
      expect(found.factorisations).toBe(0);
      expect(found.solver.converged).toBe(true);
      const wanted = await solve(input, half, band);
      expect(found.state.residual).toBeLessThan(1e-15);
      expect(found.solver.iterations).toBeLessThan(wanted.solver.iterations + 20);
      const apart = distance(found.state.rho.elements, wanted.state.rho.elements);
      expect(apart).toBeLessThan(1e-12);
    }
    kept.release();
  });

  test('are renewed where the device is another one', async () => {
    const kept = new KeptFactors<Float64Array>();
    await solve({ V: 1 }, 16, band, { kept });
    const far: DeviceInput = { V: 1, beta1: 0.5, beta2: 0.9, B1: 1, lambda: 1.5, gamma: 0.01 };
    const found = await solve(far, 16, band, { kept });
    const wanted = await solve(far, 16, band);
    expect(found.solver.converged).toBe(true);
    const apart = distance(found.state.rho.elements, wanted.state.rho.elements);
    expect(apart).toBeLessThan(1e-12);
    const next = await solve({ ...far, V: 1.01 }, 16, band, { kept });
    expect(next.factorisations).toBeGreaterThan(0);
    const after = await solve({ ...far, V: 1.02 }, 16, band, { kept });
    expect(after.factorisations).toBe(0);
  });

  test('leave the answer what it is, for any two devices', async () => {
    const strong = numbersWithPotential.map((values) => ({
      ...values,
      lambda: Math.max(0.1, values.lambda),
      gamma: Math.max(1e-4, values.gamma),
    }));
    await fc.assert(
      fc.asyncProperty(strong, strong, async (one, other) => {
        fc.pre(one.V !== 0 && other.V !== 0);
        const kept = new KeptFactors<Float64Array>();
        await solve(one, 5, { space: 'auto', method: 'auto' }, { kept });
        const found = await solve(other, 5, { space: 'auto', method: 'auto' }, { kept });
        const wanted = await solve(other, 5, { space: 'auto', method: 'auto' });
        expect(found.solver.converged).toBe(true);
        const apart = distance(found.state.rho.elements, wanted.state.rho.elements);
        expect(apart).toBeLessThan(1e-11);
      }),
      { numRuns: 20 },
    );
  });
});
