/** Steady states in layers: the same matrix, the whole residual, and null where there is not one state. */
import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { applyAdd } from '../../src/generator/apply.js';
import { HermitianMatrix, patternOf, type Stretch } from '../../src/generator/hermitianMatrix.js';
import { allRules, lindbladian, lindbladRules } from '../../src/generator/lindbladian.js';
import { magnitude } from '../../src/generator/magnitude.js';
import { symmetryOf } from '../../src/generator/symmetry.js';
import type { Values } from '../../src/machine/tape.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { layeredSteady } from '../../src/simulate/layeredSteady.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { steadyStateOf } from '../../src/simulate/systemSteady.js';
import { residualOf } from '../../src/solve/refinedNullVector.js';
import { largestDifference } from '../../src/solve/uniqueness.js';
import { embedded } from '../../src/state/embed.js';
import { channelRates } from '../../src/thermo/rates.js';
import { Dense } from '../support/dense.js';
import { denseState } from '../support/generators.js';
import { galleryMachine } from '../support/machines.js';
import { nullSpace } from '../support/nullSpace.js';
import { denseLindbladian } from '../support/openSystems.js';

function machineOn(name: string, lmin: number, lmax: number, changes: Values = {}) {
  const machine = galleryMachine(name);
  const values = { ...defaultValues(machine), ...changes };
  return new MachineSystem(machine).on(rotorWindow(lmin, lmax), values).system;
}

const deviceOn = (input: DeviceInput, lmin: number, lmax: number) =>
  device(deviceParameters(input), rotorWindow(lmin, lmax)).system;

const systems = {
  piston: machineOn('piston', -7, 6),
  'measured-piston': machineOn('measured-piston', -5, 8),
  transmon: machineOn('transmon', -5, 5),
  'jaynes-cummings': machineOn('jaynes-cummings', 0, 7),
  'local mill': deviceOn({ V: 1, V2: 0.3 }, -4, 5),
  'global mill': deviceOn({ model: 'global' }, -4, 5),
};

test.each(Object.entries(systems))('%s: the generator, on Hermitian matrices', (_, system) => {
  const { space, total } = lindbladian(system, { maxDelta: system.window.size - 3 });
  const matrix = new HermitianMatrix(space, allRules(lindbladRules(system)));
  const x = Float64Array.from({ length: matrix.size }, (_, i) => Math.sin(1 + 7 * i * i));
  const y = new Float64Array(matrix.size);
  const addProduct = (stretches: readonly Stretch[], from: Float64Array, to: Float64Array) => {
    for (const { row, column, count, at, sign } of stretches) {
      for (let k = 0; k < count; k++)
        to[row + k] += sign * matrix.values[at + k] * from[column + k];
    }
  };
  addProduct(matrix.stretches, x, y);
  const elements = matrix.elements(x);
  const wanted = new Float64Array(elements.length);
  applyAdd(total, elements, wanted);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const found = matrix.elements(y);
  const differences = wanted.map((value, i) => Math.abs(value - found[i]));
  expect(Math.max(...differences)).toBeLessThan(1e-14 * largest);
  expect(matrix.norm(x)).toBeCloseTo(Math.hypot(...elements), 10);
  // Of rules one by one, of which the generator has added up some.
  const [sizes, sums] = [new Float64Array(matrix.size), new Float64Array(matrix.size)];
  matrix.sizesOf(x, sizes);
  addProduct(matrix.sizes, sizes, sums);
  expect(matrix.norm(sums)).toBeGreaterThan(0.999 * magnitude(total, elements));
  expect(matrix.norm(sums)).toBeLessThan(1.5 * magnitude(total, elements));
});

test('a matrix that is filled again is that of the other numbers', () => {
  const rulesOf = (changes: Values) => allRules(lindbladRules(machineOn('piston', -7, 6, changes)));
  const rules = rulesOf({});
  const others = rulesOf({ g: 0.7, n1: 2.5, n2: 0.4 });
  const { space } = lindbladian(systems.piston, { maxDelta: 9 });
  // With n2 the cold bath lifts the qubit, too: that is another pattern, as is one that does not couple.
  expect(patternOf(others)).not.toBe(patternOf(rules));
  expect(patternOf(rulesOf({ g: 0 }))).not.toBe(patternOf(rules));
  const again = rulesOf({ g: 0.3, n1: 1.5, n2: 0.9, T: 3 });
  expect(patternOf(again)).toBe(patternOf(others));
  const matrix = new HermitianMatrix(space, others);
  const before = matrix.values.slice();
  matrix.fill(again);
  expect(matrix.values).not.toEqual(before);
  expect(matrix.values).toEqual(new HermitianMatrix(space, again).values);
  matrix.fill(others);
  expect(matrix.values).toEqual(before);
});

test('a solution after others is that of one alone', async () => {
  const solvedWith = async (changes: Values, lmin = -24) => {
    const system = machineOn('piston', lmin, 24, changes);
    const found = await layeredSteady(system, lindbladRules(system), symmetryOf(system), {
      inner: 3,
      width: 24,
    });
    if (found === null) throw new Error('it is not found in layers');
    return { elements: found.rho.elements, flow: found.rates.rate(system.hamiltonian, 'hot') };
  };
  const alone = await solvedWith({});
  await solvedWith({ g: 2, n1: 1.5 });
  expect(await solvedWith({})).toEqual(alone);
  await solvedWith({}, -25);
  expect(await solvedWith({})).toEqual(alone);
  const both = await Promise.all([solvedWith({}), solvedWith({ g: 2, n1: 1.5 })]);
  expect(both[0]).toEqual(alone);
  expect(both[1]).toEqual(await solvedWith({ g: 2, n1: 1.5 }));
});

test.each([
  ['piston', machineOn('piston', -24, 24), 1e-14],
  ['local mill', deviceOn({ V: 1, V2: 0.3 }, -9, 12), 1e-14],
] as const)('%s: ‖L ρ‖ and flows are those of the whole space', async (_, system, most) => {
  const symmetry = symmetryOf(system);
  const rules = lindbladRules(system);
  const found = await layeredSteady(system, rules, symmetry, { inner: 3, width: 5 });
  if (found === null) throw new Error('it is not found in layers');
  const whole = lindbladian(system, { maxDelta: system.window.size - 1 });
  const rho = embedded(found.rho, whole.space);
  const residual = residualOf(whole.total, rho.elements);
  expect(residual).toBeLessThan(most);
  expect(found.residual / residual).toBeGreaterThan(0.3);
  expect(found.residual / residual).toBeLessThan(3);
  const size = magnitude(whole.total, rho.elements);
  expect(found.rates.magnitude / size).toBeGreaterThan(0.999);
  // By the rules one by one: of populations the kinetic energy's two cancel in the generator.
  expect(found.rates.magnitude / size).toBeLessThan(6);
  const rates = channelRates(whole, rho);
  for (const channel of Object.keys(rules)) {
    const rate = rates.rate(system.hamiltonian, channel);
    expect(found.rates.rate(system.hamiltonian, channel)).toBeCloseTo(rate, 12);
  }
});

test('the rows of what is left out are part of ‖L ρ‖: too narrow a band is made wider', async () => {
  const system = machineOn('piston', -24, 24);
  const layers = { inner: 1, width: 3 };
  const found = await layeredSteady(system, lindbladRules(system), symmetryOf(system), layers);
  expect(found?.dmax).toBeGreaterThan(15);
  expect(found?.edge).toBeLessThan(1e-13);
});

test('no answer where there is more than one: a rotor that nothing damps', async () => {
  const parameters = deviceParameters({ lambda: 0, gamma: 0, V: 1 });
  const { system } = device(parameters, rotorWindow(-4, 4));
  const layers = { inner: 2, width: 8 };
  expect(await layeredSteady(system, lindbladRules(system), symmetryOf(system), layers)).toBeNull();
});

const BAND = { space: 'band', method: 'gmres' } as const;

/** A heavy load on a rotor that next to nothing damps: what leads back inwards is no small part. */
const stiff = machineOn('piston', -6, 6, { g: 30, k: 1e-3, gamma: 1e-3 });

test('where layers do not converge, the older way finds the state of the dense solver', async () => {
  const residuals: number[] = [];
  const layers = { inner: 4, width: 24 };
  const onIteration = async (_: number, residual: number) => residuals.push(residual) > 0;
  const found = await layeredSteady(stiff, lindbladRules(stiff), symmetryOf(stiff), layers, {
    onIteration,
  });
  expect(found).toBeNull();
  // It gave up for want of progress, before it had tried all that it may.
  expect(residuals.length).toBeGreaterThan(10);
  expect(residuals.length).toBeLessThan(40);
  expect(Math.min(...residuals)).toBeGreaterThan(0.1);

  const { rho, residual, solver } = await steadyStateOf(stiff, BAND, cpuBackend());
  expect(solver.converged).toBe(true);
  expect(solver.passes).toBeGreaterThan(0);
  expect(residual).toBeLessThan(1e-14);
  const dimension = stiff.states * stiff.window.size;
  const unknowns = Array.from({ length: dimension ** 2 }, (_, i) => i);
  const { nullity, vector } = nullSpace(denseLindbladian(stiff), unknowns);
  if (vector === null) throw new Error(`there are ${nullity} states`);
  const wanted = Dense.ofVector(vector);
  const [re, im] = wanted.trace();
  const norm = re * re + im * im;
  const difference = denseState(rho.space, rho.elements).plus(
    wanted.times(re / norm, -im / norm),
    -1,
  );
  expect(difference.max()).toBeLessThan(1e-10);
});

/** What is known where the search is stopped at one of its calls. */
async function stoppedAfter(most: number) {
  let calls = 0;
  const { solver } = await steadyStateOf(systems.piston, BAND, cpuBackend(), {
    onIteration: async () => ++calls < most,
  });
  return solver;
}

test('who stops the search for another state is told that nobody knows whether there is one', async () => {
  const whole = await stoppedAfter(Number.POSITIVE_INFINITY);
  expect(whole).toMatchObject({ converged: true, unique: true, stopped: false });
  expect(await stoppedAfter(3)).toMatchObject({
    converged: true,
    unique: null,
    stopped: false,
    errorEstimate: null,
  });
});

test('the whole space without a sector: all layers, none left out', async () => {
  const system = systems['local mill'];
  const whole = await steadyStateOf(system, { space: 'full', method: 'gmres' }, cpuBackend());
  const other = await steadyStateOf(system, { space: 'full', method: 'direct' }, cpuBackend());
  expect(whole.solver).toMatchObject({ space: 'full', dmax: null, bandError: null });
  const { space } = other.rho;
  const elements = embedded(whole.rho, space).elements;
  expect(largestDifference(elements, other.rho.elements)).toBeLessThan(1e-11);
});
