/**
 * Derivatives in the global model in a potential, where jumps are between eigenstates that are numbers: against
 * differences of dense matrices that are made of eigenvectors, and where energies meet.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { Eigenstates, smallestGap } from '../../src/lindblad/eigenstateJumps.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { slopesOf } from '../../src/sensitivity/differential.js';
import { millSensitivity } from '../../src/simulate/millSensitivity.js';
import { ObservedMill } from '../../src/simulate/observedMill.js';
import { optimisationOf } from '../../src/simulate/optimisation.js';
import { solveSteady } from '../../src/simulate/solveSteady.js';
import { millFluctuationsOf } from '../../src/simulate/steadyFluctuations.js';
import { between, decades } from '../support/arbitrary.js';
import { Dense, globalChannels, hamiltonians, type Numbers } from '../support/dense.js';
import { denseNumbers, denseSteady } from '../support/denseNumbers.js';
import { hermitianFunction, traceOfProduct } from '../support/denseThermodynamics.js';
import { CENTRAL, centralDifference } from '../support/differences.js';
import { denseState } from '../support/generators.js';
import { NEAR_REST } from '../support/layers.js';

/** Energies further apart than this share of the largest are told apart, and their eigenvectors known to 13 digits. */
const APART = 1e-2;
const CUTOFF = 7;
const BY = ['B1', 'B2', 'beta1', 'beta2', 'betaR', 'g', 'chi', 'gamma', 'lambda', 'I', 'V', 'V2'];
const OF = ['heat.Q1', 'heat.Q2', 'heat.Qr', 'work.Wr', 'work.V', 'power.intrinsic', 'rotor.Lz'];

const window = (lmin: number, lmax: number) => truncation({ lmin, lmax, edgeTolerance: 0.9 });

const sensitivityOf = (input: DeviceInput, lmin: number, lmax: number, of?: readonly string[]) =>
  millSensitivity(
    deviceParameters({ ...input, model: 'global', cutoff: CUTOFF }),
    window(lmin, lmax),
    of ?? null,
  );

function read(found: object, name: string): number {
  let value: unknown = found;
  for (const key of name.split('.')) value = (value as Record<string, unknown>)[key];
  return Number(value);
}

const ROUNDING = 1e-13;

/** What dense matrices have, by name. */
function denseOf(p: Numbers, lmin: number, lmax: number) {
  const { cutoff, ...channels } = globalChannels(p, lmin, lmax, CUTOFF);
  const of = { p, model: 'global' as const, window: { lmin, lmax }, channels, cutoff };
  return denseNumbers(of, denseSteady(of));
}

/** Devices whose energies are apart, and a parameter. */
const devices = fc
  .record({
    p: fc.record({
      ...{ beta1: between(0.1, 1), beta2: between(0.1, 1), betaR: between(0.1, 2) },
      ...{ B1: between(0.3, 2), B2: between(0.3, 2), I: between(0.5, 3) },
      ...{ g: between(0.2, 1), chi: between(0.05, 0.5), lambda: decades(0.1, 2) },
      ...{ gamma: decades(1e-3, 0.1), V: between(0.1, 3), V2: between(0.1, 1.5) },
    }),
    lmin: fc.integer({ min: -2, max: 0 }),
    by: fc.constantFrom(...BY),
  })
  .map(({ p, lmin, by }) => ({ p, lmin, lmax: lmin + 2, by }))
  .filter(({ p, lmin, lmax }) => {
    const { system } = device(deviceParameters({ ...p, model: 'global' }), rotorWindow(lmin, lmax));
    return smallestGap(system.hamiltonian, 4) > APART * hamiltonians(p, lmin, lmax).total.max();
  });

test('as dense matrices differ', async () => {
  await fc.assert(
    fc.asyncProperty(devices, async ({ p, lmin, lmax, by }) => {
      const found = await sensitivityOf(p, lmin, lmax, OF);
      const value = read(p, by);
      const h = 2.5e-3 * value;
      const at = (k: number) => denseOf({ ...p, [by]: value + k * h }, lmin, lmax);
      const numbers = new Map([1, 2, 3, 4, 6].flatMap((k) => [k, -k]).map((k) => [k, at(k)]));
      /** By steps of so many h. */
      const difference = (name: string, steps: number) =>
        centralDifference(CENTRAL[6], (k) => read(numbers.get(k)!, name), h, steps);
      // What rounding leaves of the rates of dense matrices.
      const rounding = (4 * ROUNDING * p.g ** 2) / Math.min(p.beta1, p.beta2) / h;
      // Of flows of which others are differences.
      const largest = Math.max(
        ...OF.map((name) => Math.abs(found.observables[name].by[by]?.value ?? 0)),
      );
      for (const name of OF) {
        const wanted = difference(name, 1);
        // Of the sixth order: steps half as long are 64 times as near.
        const truncated = Math.abs(difference(name, 2) - wanted) / 16;
        const { value: own, error } = found.observables[name].by[by] ?? { value: 0, error: 0 };
        const most = error + 1e-9 * Math.abs(wanted) + rounding + truncated;
        expect(Math.abs(own - wanted), `${name} by ${by}`).toBeLessThanOrEqual(most);
        expect(error, `error of ${name} by ${by}`).toBeLessThan(1e-8 * largest + rounding);
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
});

const AT_REST = { ...NEAR_REST, V: 0.7, V2: 0.2, kappa1: 0.02 };

/** The steady state as a dense matrix. */
async function stateOf(input: DeviceInput): Promise<Dense> {
  const parameters = deviceParameters({ ...input, model: 'global', cutoff: CUTOFF });
  const choice = { space: 'auto', method: 'auto' } as const;
  const { state } = await solveSteady(parameters, window(-1, 1), choice, cpuBackend());
  return denseState(state.rho.space, state.rho.elements);
}

test('information is what Bures makes of neighbouring states', async () => {
  const { fisherInformation } = await sensitivityOf(AT_REST, -1, 1, []);
  // Of steps that change the state by more than rounding does.
  const steps = { beta1: 2e-4, lambda: 1e-3, V: 2e-3, kappa1: 5e-3 };
  for (const [by, h] of Object.entries(steps)) {
    const value = read({ ...AT_REST, beta1: 0.1 }, by);
    const [below, above] = await Promise.all(
      [-h, h].map((step) => stateOf({ ...AT_REST, [by]: value + step })),
    );
    const root = hermitianFunction(below, Math.sqrt);
    const inner = hermitianFunction(root.dot(above).dot(root), Math.sqrt);
    const fidelity = traceOfProduct(inner, Dense.identity(inner.n));
    const wanted = (8 * (1 - fidelity)) / (2 * h) ** 2;
    const found = fisherInformation[by] ?? { value: Number.NaN, error: Number.NaN };
    expect(Math.abs(found.value / wanted - 1), by).toBeLessThan(1e-3);
    expect(found.error, by).toBeLessThan(1e-8 * found.value);
  }
});

test('levels ±l that count as one go on together', async () => {
  const input = { ...NEAR_REST, V: 0.3 };
  const parameters = deviceParameters({ ...input, model: 'global', cutoff: CUTOFF });
  const { hamiltonian } = device(parameters, rotorWindow(-4, 4)).system;
  const { levels } = new Eigenstates(hamiltonian, 4);
  expect(levels.some((members) => members.length > 1)).toBe(true);
  const names = ['heat.Q1', 'rotor.Lz2'];
  const { observables } = await sensitivityOf(input, -4, 4, names);
  const searched = new ObservedMill(parameters, window(-4, 4));
  const h = 2e-3 * input.I;
  const at = async (k: number) => {
    const point = await searched.at({ I: input.I + k * h }, false, rotorWindow(-4, 4));
    return Promise.all(names.map((name) => point?.read(name)));
  };
  const [above, below] = [await at(1), await at(-1)];
  names.forEach((name, i) => {
    const wanted = ((above[i]?.value.value ?? 0) - (below[i]?.value.value ?? 0)) / (2 * h);
    expect(Math.abs((observables[name].by.I?.value ?? 0) / wanted - 1), name).toBeLessThan(1e-4);
  });
});

/** So weak a potential changes nothing but that levels ±l count as one, which V2 parts. */
const PARTED = { ...NEAR_REST, V: 1e-8 };

test('there are none by what parts levels that count as one, and all others', async () => {
  const of = ['heat.Q1', 'heat.Q2', 'rotor.Lz', 'power.intrinsic', 'noise.loadAngularMomentum'];
  const { observables, fisherInformation, notes } = await sensitivityOf(PARTED, -1, 1, of);
  expect(notes).toEqual([
    'no derivatives by V2: states of one energy, or differences of energies that count as one, part with it',
  ]);
  expect(fisherInformation.V2).toBeNull();
  // In its sector it has them without a potential, which are held against many digits.
  const inSector = await sensitivityOf({ ...PARTED, V: 0 }, -1, 1, of);
  const shared = Object.keys(inSector.fisherInformation).filter((by) => !by.startsWith('kappa'));
  expect(shared).toHaveLength(10);
  for (const by of shared) {
    for (const name of of) {
      const wanted = inSector.observables[name].by[by] ?? { value: Number.NaN, error: Number.NaN };
      const { value, error } = observables[name].by[by] ?? { value: Number.NaN, error: Number.NaN };
      expect(Math.abs(value - wanted.value), `${name} by ${by}`).toBeLessThan(
        error + wanted.error + 1e-9 * Math.abs(wanted.value),
      );
      expect(observables[name].by.V2).toBeNull();
    }
    const information =
      (fisherInformation[by]?.value ?? 0) / (inSector.fisherInformation[by]?.value ?? 0);
    expect(information, by).toBeCloseTo(1, 8);
  }
});

test('a search takes differences along what has none, and the adjoint along others', async () => {
  const parameters = deviceParameters({ ...PARTED, model: 'global', cutoff: CUTOFF });
  const searched = new ObservedMill(parameters, window(-1, 1));
  const along = (over: Parameters<typeof optimisationOf>[1]['over']) =>
    optimisationOf(searched, { maximise: 'heat.Q1', over, starts: 1 }).problem;
  const others = along({ lambda: { from: 0.3, to: 0.5 } });
  const [slope] = (await others.numbers([0.5], true))?.slopes ?? [];
  expect(others.gradients).toBe('adjoint');
  const { observables } = await sensitivityOf(PARTED, -1, 1, ['heat.Q1']);
  expect(slope[0]).toBeCloseTo(0.2 * (observables['heat.Q1'].by.lambda?.value ?? Number.NaN), 10);
  const itself = along({ V2: { from: -1e-9, to: 1e-9 } });
  expect(await itself.numbers([0.5], true)).not.toBeNull();
  expect(itself.gradients).toBe('differences');
});

const FLUCTUATING = [
  ...['currents.loadAngularMomentum', 'noise.loadAngularMomentum', 'entropyProduction.sum'],
  'TUR_L',
];

test('what fluctuates is what fluctuations have, and changes along a direction as differences do', async () => {
  const input = { ...NEAR_REST, V: 0.7, V2: 0.2 };
  const shares = { beta1: 0.3, beta2: -0.7, B1: 0.5, g: -0.4, lambda: 1, I: -0.6, V: 0.8, V2: 0.9 };
  const at = async (step: number) => {
    const base: Record<string, number> = { beta1: 0.1, ...input };
    const changed = Object.entries(shares).map(([key, s]) => [key, base[key] * (1 + step * s)]);
    const given = { ...input, ...Object.fromEntries(changed) };
    return (await sensitivityOf(given, -1, 1, FLUCTUATING)).observables;
  };
  const h = 1e-3;
  const [here, less, least, more, most] = await Promise.all([0, -h, -2 * h, h, 2 * h].map(at));
  const { baths, entropyProduction } = await millFluctuationsOf(
    deviceParameters({ ...input, model: 'global', cutoff: CUTOFF }),
    window(-1, 1),
    2,
  );
  const load = baths.find(({ name }) => name === 'load')?.quanta;
  const known = [
    load?.mean.value,
    load?.noise.value,
    entropyProduction?.value,
    load?.uncertainty,
  ] as const;
  for (const [k, name] of FLUCTUATING.entries()) {
    const { value, error, by } = here[name];
    expect(Math.abs(value / (known[k] ?? Number.NaN) - 1), name).toBeLessThan(1e-10);
    let [along, off, scale] = [0, 0, Math.abs(value)];
    for (const [key, s] of Object.entries(shares)) {
      const x = key === 'beta1' ? 0.1 : Number(input[key as keyof typeof input]);
      const slope = by[key] ?? { value: Number.NaN, error: Number.NaN };
      along += slope.value * x * s;
      off += slope.error * x;
      scale += Math.abs(slope.value * x);
    }
    const wanted =
      (8 * (more[name].value - less[name].value) - (most[name].value - least[name].value)) /
      (12 * h);
    expect(Math.abs(along - wanted), name).toBeLessThan(1e-9 * scale + off + (2 * error) / h);
    expect(off, `errors of ${name}`).toBeLessThan(1e-8 * scale);
  }
  // With a little dephasing another state than Gibbs' is left alone by its bath.
  expect(here['entropyProduction.sum'].by.kappa1).toBeNull();
});

test('where a bath acts between bare states, too, entropy production has those of what is counted', async () => {
  const base = { ...AT_REST, beta1: 0.3, kappa2: 0.1 };
  const countedAt = (input: DeviceInput) =>
    millFluctuationsOf(
      deviceParameters({ ...input, model: 'global', cutoff: CUTOFF }),
      window(0, 1),
      2,
    );
  const { observables } = await sensitivityOf(base, 0, 1, ['entropyProduction.sum']);
  const { value, error, by } = observables['entropyProduction.sum'];
  const here = await countedAt(base);
  // By −Tr[𝓓ρ(ln ρ − ln π)] of each bath, which Spohn has never below 0.
  const counted = here.entropyProduction ?? { value: Number.NaN, error: Number.NaN };
  expect(Math.abs(value - counted.value)).toBeLessThan(error + counted.error);
  for (const { name, entropyProduction } of here.baths) {
    expect(entropyProduction.value, name).toBeGreaterThan(1e-4);
  }
  const shares = { kappa1: 1, kappa2: -0.8, beta1: 0.5, V: 0.9, g: -0.4, I: 0.6, betaR: 0.7 };
  const h = 2e-3;
  const at = async (k: number) => {
    const changed = Object.entries(shares).map(([key, s]) => [
      key,
      read(base, key) * (1 + k * h * s),
    ]);
    const found = await countedAt({ ...base, ...Object.fromEntries(changed) });
    return found.entropyProduction?.value ?? Number.NaN;
  };
  const numbers = new Map<number, number>();
  for (const k of [-3, -2, -1, 1, 2, 3]) numbers.set(k, await at(k));
  const wanted = centralDifference(CENTRAL[6], (k) => numbers.get(k) as number, h);
  let [along, lost] = [0, 0];
  for (const [key, s] of Object.entries(shares)) {
    const slope = by[key] ?? { value: Number.NaN, error: Number.NaN };
    along += slope.value * read(base, key) * s;
    lost += Math.abs(slope.error * read(base, key) * s);
  }
  expect(Math.abs(along - wanted)).toBeLessThan(lost + (4 * counted.error) / h);
  expect((4 * counted.error) / h).toBeLessThan(1e-6 * value);
  expect(lost).toBeLessThan(1e-9 * value);
});

test('on a wide window it has none there, and says so', async () => {
  const { observables, notes } = await sensitivityOf({ ...AT_REST, V2: 0 }, -3, 3);
  expect(Object.keys(observables)).not.toContain('entropyProduction.sum');
  expect(notes).toContain(
    'no derivatives of entropyProduction.sum: bath1 acts between eigenstates of all of H and between bare states, and the window has more than 6 levels',
  );
});

test('searches have them as gradients', async () => {
  const parameters = deviceParameters({ ...AT_REST, model: 'global', cutoff: CUTOFF });
  const searched = new ObservedMill(parameters, window(-1, 1));
  const point = await searched.at({ lambda: 0.3 }, true, rotorWindow(-1, 1));
  const found = await point?.read('heat.Q1');
  const { observables } = await sensitivityOf({ ...AT_REST, lambda: 0.3 }, -1, 1, ['heat.Q1']);
  for (const by of ['lambda', 'V', 'beta1']) {
    expect(found && slopesOf(found).get(by)?.value).toBeCloseTo(
      observables['heat.Q1'].by[by]?.value ?? Number.NaN,
      12,
    );
  }
});
