/** Steady states in layers: the same matrix, the whole residual, and null where there is not one state. */
import { expect, test } from 'vitest';
import { applyAdd } from '../../src/generator/apply.js';
import { HermitianMatrix } from '../../src/generator/hermitianMatrix.js';
import { allRules, lindbladian, lindbladRules } from '../../src/generator/lindbladian.js';
import { magnitude } from '../../src/generator/magnitude.js';
import { symmetryOf } from '../../src/generator/symmetry.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { layeredSteady } from '../../src/simulate/layeredSteady.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { residualOf } from '../../src/solve/refinedNullVector.js';
import { embedded } from '../../src/state/embed.js';
import { channelRates } from '../../src/thermo/rates.js';
import { galleryMachine } from '../support/machines.js';

function machineOn(name: string, lmin: number, lmax: number) {
  const machine = galleryMachine(name);
  return new MachineSystem(machine).on(rotorWindow(lmin, lmax), defaultValues(machine)).system;
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
  for (const { row, column, count, at, sign } of matrix.stretches) {
    for (let k = 0; k < count; k++) y[row + k] += sign * matrix.values[at + k] * x[column + k];
  }
  const elements = matrix.elements(x);
  const wanted = new Float64Array(elements.length);
  applyAdd(total, elements, wanted);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const found = matrix.elements(y);
  const differences = wanted.map((value, i) => Math.abs(value - found[i]));
  expect(Math.max(...differences)).toBeLessThan(1e-14 * largest);
  expect(matrix.norm(x)).toBeCloseTo(Math.hypot(...elements), 10);
  // Of rules one by one, of which the generator has added up some.
  expect(matrix.magnitude(x)).toBeGreaterThan(0.999 * magnitude(total, elements));
  expect(matrix.magnitude(x)).toBeLessThan(1.5 * magnitude(total, elements));
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
