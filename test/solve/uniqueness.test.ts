/** Second steady states are found by the solver itself, whatever it starts from. */
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backend/backend.js';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { webgpuBackend } from '../../src/backend/webgpu/backend.js';
import { openDevice } from '../../src/backend/webgpu/device.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import type { SolverChoice } from '../../src/simulate/route.js';
import { solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { NonUniqueSteadyStateError } from '../../src/solve/conservingElimination.js';
import { gmres } from '../../src/solve/gmres.js';
import type { LinearSolver, LinearSystem } from '../../src/solve/linearSolver.js';
import { refinedNullVector } from '../../src/solve/refinedNullVector.js';
import { requireUnique } from '../../src/solve/uniqueness.js';

const solver = gmres(150);
/** Finds no solution of anything. */
const blind: LinearSolver = async () => ({ iterations: 1, residual: 1 });

const whole: SolverChoice = { space: 'full', method: 'gmres' };

/** All of the population in one element. */
function pure(space: ReturnType<typeof lindbladian>['space'], qubits: number, level: number) {
  const elements = new Float64Array(2 * space.size);
  elements[2 * (space.classes[space.find(qubits, qubits, 0)].offset + level)] = 1;
  return elements;
}

describe('with L itself for GMRES, and nothing factorised', () => {
  const backend = cpuBackend();
  const minus = { re: -1, im: 0 };

  async function solved(input: DeviceInput) {
    const { total } = lindbladian(
      device(deviceParameters(input), rotorWindow(-1, 1)).system,
      'full',
    );
    const map = await backend.prepare(total);
    // M = −1, R = L + 1.
    const system: LinearSystem<Float64Array> = {
      backend,
      size: total.space.size,
      inverse: {
        apply: async (x, y) => {
          await backend.copy(x, y);
          await backend.scale(minus, y);
        },
        release: () => {},
      },
      remainder: {
        apply: async (x, y) => {
          await map.apply(x, y);
          await backend.axpy({ re: 1, im: 0 }, x, y);
        },
        release: () => {},
      },
    };
    const from = (start: Float64Array) =>
      refinedNullVector(total, start, backend, solver, async () => system, {
        tolerance: 1e-12,
        innerTolerance: 1e-13,
        patience: 200,
        passes: 10,
        iterations: 2000,
      });
    const found = await from(pure(total.space, 1, 2));
    expect(found.converged).toBe(true);
    return { found, check: (by: LinearSolver) => requireUnique(total, found, by, system, from) };
  }
  const relaxing = { B1: 1, B2: 2, beta1: 1, beta2: 0.5, betaR: 1, V: 0.5 };

  const untouched = { ...relaxing, V: 0, lambda: 0, gamma: 0 };

  test('a rotor that nothing touches stays where it is: no disturbance of it decays', async () => {
    const { check } = await solved(untouched);
    await expect(check(solver)).rejects.toThrow(NonUniqueSteadyStateError);
  });

  test('where the solver does not find out, another start decides', async () => {
    const { check } = await solved(untouched);
    await expect(check(blind)).rejects.toThrow('two solutions differ');
    const unique = await solved({ ...relaxing, lambda: 0.5, gamma: 0.1 });
    expect(await unique.check(blind)).toEqual({ relaxation: null, isKnown: true });
    expect((await unique.check(solver)).relaxation).toBeGreaterThan(0);
  });

  test('the time is that of the slowest decay, in proportion to the load alone', async () => {
    const times: number[] = [];
    for (const gamma of [1e-2, 1e-3]) {
      const { found, check } = await solved({ ...relaxing, lambda: 0, gamma });
      times.push((await check(solver)).relaxation ?? Number.NaN);
      expect(times[times.length - 1] * found.residual).toBeLessThan(1e-10);
    }
    expect(times[1] / times[0]).toBeGreaterThan(5);
    expect(times[1] / times[0]).toBeLessThan(20);
    expect(times[0]).toBeGreaterThan(5);
  });
});

const window = rotorWindow(-12, 12);

async function refused<V>(input: DeviceInput, backend: Backend<V>, choice: SolverChoice) {
  const parameters = deviceParameters(input);
  const { space } = lindbladian(device(parameters, window).system, 'full');
  // From here nothing asks the device without potential.
  const start = { space, elements: pure(space, 0, 12) };
  await expect(solveSteadyOn(parameters, window, choice, backend, { start })).rejects.toThrow(
    NonUniqueSteadyStateError,
  );
}

describe('a device with a potential', () => {
  test.each([whole, { space: 'band', dmax: 6, method: 'gmres' } as SolverChoice])(
    'without interaction and load, on the $space',
    async (choice) => {
      await refused({ V: 1, lambda: 0, gamma: 0 }, cpuBackend(), choice);
    },
  );

  test('whose rotor hardly feels anything, so that no pivot vanishes', async () => {
    const parameters = deviceParameters({ V: 1, lambda: 1e-8, gamma: 1e-12 });
    const solution = solveSteadyOn(parameters, rotorWindow(-15, 15), whole, cpuBackend());
    await expect(solution).rejects.toThrow('as far as float64 can tell');
  });

  test('on a GPU: refused, or its error estimated, as on the CPU', async () => {
    const backend = await webgpuBackend(await openDevice(), 'f32');
    await refused({ V: 1, lambda: 0, gamma: 0 }, backend, whole);
    const small = rotorWindow(-6, 8);
    const estimate = async <V>(b: Backend<V>) => {
      const { solver: report } = await solveSteadyOn(deviceParameters({ V: 1 }), small, whole, b);
      return (report.errorEstimate ?? Number.NaN) / report.residualFloor;
    };
    const ratio = (await estimate(backend)) / (await estimate(cpuBackend()));
    expect(ratio).toBeGreaterThan(1 / 3);
    expect(ratio).toBeLessThan(3);
    backend.close();
  });

  test('is solved where it is unique, with an error that another start confirms', async () => {
    const parameters = deviceParameters({ V: 1, lambda: 1e-5, gamma: 1e-7 });
    const { space } = lindbladian(device(parameters, window).system, 'full');
    const solve = (elements: Float64Array) =>
      solveSteadyOn(parameters, window, whole, cpuBackend(), { start: { space, elements } });
    const [one, other] = [await solve(pure(space, 0, 12)), await solve(pure(space, 3, 3))];
    let square = 0;
    one.state.rho.elements.forEach((x, i) => {
      square += (x - other.state.rho.elements[i]) ** 2;
    });
    const error = one.solver.errorEstimate ?? Number.NaN;
    expect(error).toBeLessThan(1e-8);
    expect(Math.sqrt(square)).toBeGreaterThan(0);
    expect(Math.sqrt(square)).toBeLessThan(10 * error);
  });
});
