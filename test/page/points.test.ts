/** Points of maps and curves against single steady states. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Axis, MAP_OBSERVABLES, MAP_WIDTH, pointOf, slotOf } from '../../src/app/map/grid.js';
import { solvePoints } from '../../src/app/map/solvePoints.js';
import { fluctuations } from '../../src/library/fluctuations.js';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { MODELS } from '../../src/model/masterEquations/registry.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { loadCodeFor } from '../../src/simulate/loadObservables.js';
import { steadyObservables, steadyState } from '../../src/simulate/steady.js';
import { decades } from '../support/arbitrary.js';

beforeAll(loadKernels);

const SIZE = 12;
const x: Axis = { name: 'beta2', from: 0.02, to: 0.1, spacing: 'linear' };
const y: Axis = { name: 'B1', from: 0.5, to: 12, spacing: 'linear' };

const devices = fc.record({
  model: fc.constantFrom(...MODELS),
  chi: fc.double({ min: -0.9, max: 0.9, noNaN: true }),
  lambda: decades(0.01, 1),
  gamma: decades(1e-5, 1e-2),
});

test('a map has the numbers of its devices, to nine digits', () => {
  fc.assert(
    fc.property(devices, ({ model, ...numbers }) => {
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
      const values = solvePoints(request, places);
      for (let p = 0; p < SIZE * SIZE; p += 17) {
        const device = pointOf(request, p % SIZE, Math.floor(p / SIZE));
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
    { numRuns: 8 },
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
  const values = solvePoints(request, places);
  places.forEach((place, p) => {
    const device = pointOf(request, place % SIZE, Math.floor(place / SIZE));
    const { baths } = fluctuations(device, { truncation: request.truncation });
    const wanted = baths.find(({ name }) => name === 'load')?.quanta?.uncertainty ?? Number.NaN;
    const found = values[p * MAP_WIDTH + slotOf('TUR.L')];
    expect(Math.abs(found - wanted)).toBeLessThan(1e-9 * wanted);
  });
});
