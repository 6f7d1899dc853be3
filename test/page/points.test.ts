/** Points of maps and curves against single steady states. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isToldOf } from '../../src/app/content/observables.js';
import { CURVE_POINTS, type CurveRequest } from '../../src/app/curves/curves.js';
import { type Axis, MAP_OBSERVABLES, MAP_WIDTH, pointOf, slotOf } from '../../src/app/map/grid.js';
import { solveCurve, solvePoints } from '../../src/app/map/solvePoints.js';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { fluctuations } from '../../src/library/fluctuations.js';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { MODELS } from '../../src/model/masterEquations/registry.js';
import { type DeviceParameters, deviceParameters, truncation } from '../../src/model/parameters.js';
import { loadCodeFor } from '../../src/simulate/loadObservables.js';
import type { ObservableName } from '../../src/simulate/observableRecords.js';
import { solveSteady } from '../../src/simulate/solveSteady.js';
import { steadyObservables, steadyState } from '../../src/simulate/steady.js';
import { decades } from '../support/arbitrary.js';

beforeAll(loadKernels);

const SIZE = 12;
const x: Axis = { name: 'beta2', from: 0.02, to: 0.1, spacing: 'linear' };
const y: Axis = { name: 'B1', from: 0.5, to: 12, spacing: 'linear' };

/** The steady state in layers, on a window of its own. */
async function solved(parameters: DeviceParameters, window = truncation({})) {
  const choice = { space: 'auto', method: 'auto' } as const;
  const { state } = await solveSteady(parameters, window, choice, cpuBackend());
  return steadyObservables(state, window);
}

const close = (found: number, wanted: number) =>
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-9 * Math.abs(wanted));

const devices = fc.record({
  model: fc.constantFrom(...MODELS),
  chi: fc.double({ min: -0.9, max: 0.9, noNaN: true }),
  lambda: decades(0.01, 1),
  gamma: decades(1e-5, 1e-2),
});

test('a map has the numbers of its devices, to nine digits', async () => {
  await fc.assert(
    fc.asyncProperty(devices, async ({ model, ...numbers }) => {
      const cutoff = model === 'global' ? { cutoff: 'max-qubit' as const } : {};
      const request = {
        parameters: deviceParameters({ model, ...cutoff, ...numbers }),
        truncation: truncation({}),
        backend: 'cpu' as const,
        x,
        y,
        size: SIZE,
        extra: null,
      };
      const places = Uint32Array.from({ length: SIZE * SIZE }, (_, p) => p);
      const values = await solvePoints(request, places);
      for (let p = 0; p < SIZE * SIZE; p += 17) {
        const device = pointOf(request, p);
        const { heat, work, rotor, flowErrors } = steadyObservables(
          steadyState(device, request.truncation),
          request.truncation,
        );
        const largest = Math.max(...Object.values(heat).map(Math.abs));
        const of = (name: (typeof MAP_OBSERVABLES)[number]) =>
          values[p * MAP_WIDTH + MAP_OBSERVABLES.indexOf(name)];
        const compare = (found: number, wanted: number, error = 0) =>
          expect(Math.abs(found - wanted)).toBeLessThan(
            1e-9 * Math.abs(wanted) + 1e-13 * largest + error,
          );
        compare(of('heat.Q1'), heat.Q1, flowErrors?.heat.Q1);
        compare(of('heat.Q2'), heat.Q2, flowErrors?.heat.Q2);
        compare(of('heat.Qr'), heat.Qr, flowErrors?.heat.Qr);
        compare(of('work.WQ'), work.WQ, flowErrors?.work.WQ);
        compare(of('rotor.Lz'), rotor.Lz, flowErrors?.Lz);
      }
    }),
    { numRuns: 12 },
  );
});

test('what is asked for beside, as noise and uncertainty, has its place at every point', async () => {
  await loadCodeFor(['TUR.L']);
  const request = {
    parameters: deviceParameters({ chi: 0.3 }),
    truncation: truncation({ lmin: -20, lmax: 40 }),
    backend: 'cpu' as const,
    x,
    y,
    size: SIZE,
    extra: 'TUR.L' as const,
  };
  const places = Uint32Array.from([17, 90]);
  const values = await solvePoints(request, places);
  for (const [p, place] of places.entries()) {
    const device = pointOf(request, place);
    const { baths } = await fluctuations(device, { truncation: request.truncation });
    const wanted = baths.find(({ name }) => name === 'load')?.quanta?.uncertainty ?? Number.NaN;
    const found = values[p * MAP_WIDTH + slotOf('TUR.L')];
    expect(Math.abs(found - wanted)).toBeLessThan(1e-9 * wanted);
  }
});

describe('with a potential', () => {
  const V: Axis = { name: 'V', from: 0, to: 2, spacing: 'linear' };

  test('a map over it has the numbers of its devices, and of those without one', async () => {
    const request = {
      parameters: deviceParameters({ V2: 0.3, chi: 0.2 }),
      truncation: truncation({}),
      backend: 'cpu' as const,
      x,
      y: V,
      size: 3,
      extra: 'rotor.cos' as const,
    };
    const places = Uint32Array.from([1, 8]);
    const values = await solvePoints(request, places);
    for (const [p, place] of places.entries()) {
      const { heat, rotor } = await solved(pointOf(request, place));
      const of = (name: ObservableName) => values[p * MAP_WIDTH + slotOf(name)];
      close(of('heat.Q1'), heat.Q1);
      close(of('heat.Qr'), heat.Qr);
      close(of('rotor.Lz'), rotor.Lz);
      close(of('rotor.cos'), rotor.cos);
    }
  });

  test('curves over it begin with the device that has none', async () => {
    const request: CurveRequest = {
      parameters: deviceParameters({}),
      truncation: truncation({ lmin: -12, lmax: 20 }),
      axis: V,
      names: ['heat.Q2', 'rotor.cos'],
    };
    const [first, later] = [0, CURVE_POINTS - 1];
    const values = await solveCurve(request, Uint32Array.from([later, first]));
    const plain = steadyObservables(
      steadyState(request.parameters, request.truncation),
      request.truncation,
    );
    close(values[3], plain.heat.Q2);
    expect(values[4]).toBe(0);
    const { heat, rotor } = await solved({ ...request.parameters, V: 2 }, request.truncation);
    close(values[0], heat.Q2);
    close(values[1], rotor.cos);
  });

  test('a point of a wide window ends where it is wanted no more, as a message says meanwhile', async () => {
    const request: CurveRequest = {
      parameters: deviceParameters({ V: 4 }),
      truncation: truncation({ lmin: -60, lmax: 60 }),
      axis: x,
      names: ['heat.Q2'],
    };
    let looks = 0;
    let isWanted = true;
    // Heard by a computation that lets timers and messages have their turn.
    setTimeout(() => {
      isWanted = false;
    });
    const values = await solveCurve(request, Uint32Array.from([0, 1]), () => {
      looks++;
      return isWanted;
    });
    expect(isWanted).toBe(false);
    expect(looks).toBeGreaterThan(1);
    expect([...values].every(Number.isNaN)).toBe(true);
  });

  test('what fluctuates is refused by name', async () => {
    await loadCodeFor(['TUR.L']);
    const request: CurveRequest = {
      parameters: deviceParameters({}),
      truncation: truncation({ lmin: -4, lmax: 4 }),
      axis: V,
      names: ['TUR.L'],
    };
    await expect(solveCurve(request, Uint32Array.from([30]))).rejects.toThrow(/V = .*potential/);
    expect(isToldOf('TUR.L', true)).toBe(false);
    expect(isToldOf('TUR.L', false)).toBe(true);
    expect(isToldOf('rotor.cos', false)).toBe(false);
    expect(isToldOf('rotor.cos', true)).toBe(true);
  });
});
