/** Fluctuations in layers: against all elements at once, dense superoperators, the sector, laws, and wider windows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fluctuations } from '../../src/fluctuations/fluctuations.js';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { layeredFluctuations } from '../../src/simulate/layeredFluctuations.js';
import { machineFluctuationsOf } from '../../src/simulate/machineFluctuations.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { millFluctuations } from '../../src/simulate/millFluctuations.js';
import { millFluctuationsOf } from '../../src/simulate/steadyFluctuations.js';
import { type WholeRequest, wholeFluctuations } from '../../src/simulate/wholeFluctuations.js';
import { NonUniqueSteadyStateError } from '../../src/solve/conservingElimination.js';
import { DenseCounting } from '../support/denseCounting.js';
import { denseOperator } from '../support/generators.js';
import { deviceOn, inLayers, NEAR_REST, pistonOn } from '../support/layers.js';
import { galleryMachine } from '../support/machines.js';
import { denseLindbladian, kinds, openSystem } from '../support/openSystems.js';

/** Every estimate of a result, by where it is. */
function estimatesOf(found: unknown, path = ''): [string, Estimate][] {
  if (found === null || typeof found !== 'object') return [];
  if ('value' in found && 'error' in found) {
    return found.value === null ? [] : [[path, found as Estimate]];
  }
  return Object.entries(found).flatMap(([key, value]) => estimatesOf(value, `${path}/${key}`));
}

/** That two results are one another's to what either says that it may be off by. */
function expectSame(found: Fluctuations, wanted: Fluctuations, most: number): void {
  const others = new Map(estimatesOf(wanted));
  const own = estimatesOf(found);
  expect(own.map(([path]) => path)).toEqual([...others.keys()]);
  for (const [path, { value, error }] of own) {
    const other = others.get(path) as Estimate;
    const apart = Math.abs(value - other.value);
    expect(apart, path).toBeLessThanOrEqual(error + other.error);
    expect(error, path).toBeLessThan(most * Math.max(Math.abs(value), 1e-3));
  }
  for (const [b, { quanta, heat, activity }] of found.baths.entries()) {
    const other = wanted.baths[b];
    expect(activity / other.activity).toBeCloseTo(1, 10);
    for (const [x, y] of [
      [quanta, other.quanta],
      [heat, other.heat],
    ]) {
      x?.cumulants.forEach((c, k) => {
        const size = Math.max(1e-3, Math.abs(y?.cumulants[k] ?? 0));
        expect(Math.abs(c - (y?.cumulants[k] ?? Number.NaN))).toBeLessThan(1e-9 * size);
      });
    }
  }
}

test.each<[string, WholeRequest]>([
  ['the local mill in a potential', deviceOn({ ...NEAR_REST, V: 0.7, V2: 0.2 }, [-2, 3], 10)],
  ['at its own parameters', deviceOn({ V: 1 }, [-4, 3])],
  ['the piston', pistonOn({ n2: 0.3 }, [-9, 8])],
  ['the piston with a bath at temperature 0', pistonOn({}, [-6, 6])],
])('%s: as all elements at once have it', async (_, request) => {
  const found = await inLayers(request);
  expectSame(found, wholeFluctuations(request), 1e-8);
  expect(found).toMatchObject({ space: 'full', method: 'gmres', dynamics: null });
});

test('of random systems, every operator that a bath may bring', async () => {
  let [compared, asked] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      kinds(8).filter((kind) => !kind.resolved && kind.mixing && kind.conserved !== 'all'),
      async (kind) => {
        asked++;
        const system = openSystem(kind);
        const { hamiltonian, jumps, states } = system;
        const betas = Object.fromEntries(Object.keys(jumps).map((name) => [name, null]));
        const found = await layeredFluctuations({ system, heat: hamiltonian, betas, order: 4 });
        if (found === null) return;
        const dense = new DenseCounting(denseLindbladian(system));
        const quantity = denseOperator(hamiltonian, states);
        const bathOf = (name: string) => ({
          jumps: jumps[name].operators.map((x) => denseOperator(x, states)),
          quantity,
        });
        for (const { name, heat } of found.baths) {
          if (heat === null) throw new Error('the Hamiltonian counts');
          const wanted = dense.cumulants(bathOf(name), 4);
          const scale = Math.max(1, ...wanted.map(Math.abs));
          const near = ({ value, error }: Estimate, right: number, label: string) => {
            expect(Math.abs(value - right), label).toBeLessThanOrEqual(1e-9 * scale + error);
            expect(error, label).toBeLessThan(1e-7 * scale);
          };
          near(heat.mean, wanted[0], `mean of ${name}`);
          near(heat.noise, wanted[1], `noise of ${name}`);
          heat.cumulants.forEach((c, k) => {
            expect(Math.abs(c - wanted[k]), `cumulant ${k + 1}`).toBeLessThan(1e-8 * scale);
          });
        }
        compared++;
      },
    ),
    { numRuns: 25 },
  );
  expect(compared).toBeGreaterThan(8);
  expect(asked).toBeGreaterThanOrEqual(compared);
});

test('next to no potential it is what the sector has, on a wide window', async () => {
  const [lmin, lmax] = [-30, 30];
  const found = await inLayers(deviceOn({ ...NEAR_REST, V: 1e-10 }, [lmin, lmax]));
  const wanted = millFluctuations(deviceParameters(NEAR_REST), rotorWindow(lmin, lmax));
  for (const { name, quanta, heat, entropyProduction } of found.baths) {
    const near = (x: number | null | undefined, y: number | null | undefined) =>
      expect(Math.abs((x ?? Number.NaN) / (y ?? Number.NaN) - 1)).toBeLessThan(1e-9);
    near(quanta?.mean.value, wanted.quanta(name)?.mean.value);
    near(quanta?.noise.value, wanted.quanta(name)?.noise.value);
    near(heat?.noise.value, wanted.heat(name)?.noise.value);
    near(entropyProduction.value, wanted.entropyProduction(name).value);
    near(quanta?.uncertainty, wanted.uncertainty(name));
    near(quanta?.cumulants[2], wanted.cumulants(name, 4)[2]);
  }
  for (const { baths, covariance } of found.covariances) {
    expect(covariance.value).toBeCloseTo(wanted.covariance(...baths)?.value ?? Number.NaN, 11);
  }
});

describe('a potential on a wide window', () => {
  const solved = inLayers(deviceOn({ V: 1 }, [-30, 30]));

  test('a wider one has the same', async () => {
    const [found, wider] = [await solved, await inLayers(deviceOn({ V: 1 }, [-36, 38]))];
    expect(found.space).toBe('band');
    for (const [b, { quanta, heat }] of found.baths.entries()) {
      for (const [own, other] of [
        [quanta, wider.baths[b].quanta],
        [heat, wider.baths[b].heat],
      ] as const) {
        for (const key of ['mean', 'noise'] as const) {
          const [x, y] = [own?.[key] as Estimate, other?.[key] as Estimate];
          expect(Math.abs(x.value - y.value)).toBeLessThanOrEqual(x.error + y.error);
          expect(x.error).toBeLessThan(2e-7 * Math.abs(x.value));
        }
      }
    }
  });

  test('as many excitations as one bath brings another takes, whatever it varies by', async () => {
    const found = await solved;
    const [one, two, load] = found.baths.map(({ quanta }) => quanta as NonNullable<typeof quanta>);
    const covarianceOf = (...names: string[]) =>
      found.covariances.find(({ baths }) => names.every((name, k) => name === baths[k]))
        ?.covariance as Estimate;
    const between = covarianceOf('bath1', 'bath2');
    const same = (a: Estimate, b: Estimate, sign: number) => {
      expect(Math.abs(a.value - sign * b.value)).toBeLessThanOrEqual(a.error + b.error);
      expect(a.error + b.error).toBeLessThan(1e-7 * Math.abs(a.value));
    };
    same(one.mean, two.mean, -1);
    same(one.noise, two.noise, 1);
    same(between, one.noise, -1);
    same(covarianceOf('bath1', 'load'), covarianceOf('bath2', 'load'), -1);
    // Positive semidefinite.
    const c = covarianceOf('bath1', 'load').value;
    expect(c ** 2).toBeLessThan(one.noise.value * load.noise.value);
    expect(one.noise.value).toBeGreaterThan(0);
    // The second law, and what a potential leaves of Clausius: its work is no heat.
    for (const { entropyProduction } of found.baths) {
      expect(entropyProduction.value).toBeGreaterThan(0);
    }
  });

  test('a device and a machine are asked for it by name', async () => {
    const found = await solved;
    const parameters = deviceParameters({ V: 1 });
    const told: number[] = [];
    const truncation = { lmin: -30, lmax: 30, edgeTolerance: 1 };
    const { cutoff: _, ...again } = await millFluctuationsOf(parameters, truncation, 4, undefined, {
      onIteration: async (n) => told.push(n) > 0,
    });
    expect(again).toEqual(found);
    expect(told.length).toBeGreaterThan(20);
    const piston = galleryMachine('piston');
    const window = rotorWindow(-24, 24);
    const values = { ...defaultValues(piston), n2: 0.3 };
    const of = await machineFluctuationsOf(piston, values, window, {}, { order: 2 });
    const [hot, cold] = of.baths.map(({ quanta }) => quanta);
    expect(hot?.mean.value).toBeGreaterThan(0);
    expect(Math.abs((cold?.noise.value ?? Number.NaN) - (hot?.noise.value ?? 0))).toBeLessThan(
      (cold?.noise.error ?? 0) + (hot?.noise.error ?? 0),
    );
  });
});

test('layers that are too few are made more', async () => {
  const few = pistonOn({ n2: 0.3 }, [-24, 24]);
  const found = await inLayers(few);
  const wider = await inLayers(pistonOn({ n2: 0.3 }, [-30, 30]));
  expect(found.space).toBe('band');
  const [own, other] = [found, wider].map(({ baths }) => baths[0].quanta?.noise as Estimate);
  expect(Math.abs(own.value - other.value)).toBeLessThanOrEqual(own.error + other.error);
  expect(own.error).toBeLessThan(1e-8 * own.value);
});

test('on a wide window, too, it is said that there is more than one state', async () => {
  const rests = deviceParameters({ lambda: 0, gamma: 0, V: 1 });
  const truncation = { lmin: -20, lmax: 20, edgeTolerance: 1 };
  await expect(millFluctuationsOf(rests, truncation, 2)).rejects.toThrow(NonUniqueSteadyStateError);
});

test('nothing where there is more than one state, and where memory does not do', async () => {
  const rests = deviceOn({ lambda: 0, gamma: 0, V: 1 }, [-12, 12]);
  expect(await layeredFluctuations(rests)).toBeNull();
  const small = layeredFluctuations(deviceOn({ V: 1 }, [-30, 30]), { memory: 1e6 });
  await expect(small).rejects.toThrow(/^lmax = 30: must be /);
});

test('who stops it is told so', async () => {
  let calls = 0;
  const stopped = layeredFluctuations(pistonOn({}, [-24, 24]), {
    onIteration: async () => ++calls < 60,
  });
  await expect(stopped).rejects.toThrow('stopped');
});
