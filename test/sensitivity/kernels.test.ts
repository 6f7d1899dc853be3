/** Derivatives by code that is written for a machine, against those without it. */
import { expect, test, vi } from 'vitest';
import { GeneratorKernel } from '../../src/lindblad/generatorKernel.js';
import { generatorCode } from '../../src/lindblad/generatorSlopes.js';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { type Model, masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { type Differential, slopesOf } from '../../src/sensitivity/differential.js';
import { MachineSensitivity } from '../../src/sensitivity/machineSensitivity.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { turnedRotor } from '../support/machines.js';

/** More than before code is made, and one device of which everything is by code. */
const MANY = 110;
const WINDOWS = { local: rotorWindow(-3, 3), global: rotorWindow(-2, 3) };

/** One of the devices in its steady state. */
function machineOf(model: Model & keyof typeof WINDOWS, turn: number): MachineSensitivity {
  const parameters = deviceParameters({
    model,
    g: 0.3,
    lambda: 0.2 + 1e-3 * turn,
    gamma: 0.1,
    I: 3,
  });
  return new MachineSensitivity({
    machine: mill,
    of: masterEquations[model].of,
    values: valuesOf(parameters, 10),
    window: WINDOWS[model],
  });
}

/** A steady state, or a heat, a current and its noise, of one of the devices. */
function read(
  model: Model & keyof typeof WINDOWS,
  turn: number,
  isWhole = true,
): Record<string, Differential> {
  const machine = machineOf(model, turn);
  if (!isWhole) return {};
  const heat = machine.flow([model === 'local' ? 'free' : 'total'], ['bath1']);
  return { heat: machine.differential(heat), ...machine.currentAndNoise('load') };
}

test('of both equations', async () => {
  const models = ['local', 'global'] as const;
  const without = models.map((model) => read(model, MANY));
  await loadKernels();
  models.forEach((model, k) => {
    for (let turn = 0; turn < MANY; turn++) read(model, turn, turn % 3 === 0);
    const by = read(model, MANY);
    for (const [name, expected] of Object.entries(without[k])) {
      const found = by[name];
      expect(found.value.value).toBeCloseTo(expected.value.value, 12);
      for (const [parameter, { value, error }] of slopesOf(expected)) {
        const other = slopesOf(found).get(parameter);
        const label = `${model} ${name} by ${parameter}`;
        expect(Math.abs((other?.value ?? 0) - value), label).toBeLessThanOrEqual(
          2 * error + Number.MIN_VALUE,
        );
        // Errors are of the same size: a part left out of them would show.
        expect((other?.error ?? 0) / (error || 1), label).toBeLessThan(1.5);
        if (error > 0) expect((other?.error ?? 0) / error, label).toBeGreaterThan(0.5);
      }
    }
  });
});

/** A ladder that one bath climbs by two steps, so that a site has the populations of two levels. */
const climbed = turnedRotor(2, [-4, 4]).machine;

test('of sites with several levels each', async () => {
  const heat = (turn: number) => {
    const machine = new MachineSensitivity({
      machine: climbed,
      of: localEquation,
      values: { k: 0.9, I: 3 + 1e-3 * turn },
      window: rotorWindow(-4, 4),
    });
    return machine.differential(machine.flow(['kinetic'], ['forth']));
  };
  const { module } = generatorCode;
  generatorCode.module = null;
  const expected = heat(MANY);
  generatorCode.module = module;
  await loadKernels();
  const byCode = vi.spyOn(GeneratorKernel.prototype, 'add');
  for (let turn = 0; turn < MANY; turn++) heat(turn);
  byCode.mockClear();
  const found = heat(MANY);
  expect(byCode).toHaveBeenCalled();
  byCode.mockRestore();
  expect([...found.gradient.keys()].sort()).toEqual(['I', 'k']);
  for (const [parameter, { value, error }] of slopesOf(expected)) {
    const other = slopesOf(found).get(parameter);
    expect(Math.abs((other?.value ?? 0) - value)).toBeLessThanOrEqual(2 * error);
    expect((other?.error ?? 0) / error).toBeCloseTo(1, 1);
  }
});

test('of two that are gathered in turn, each its own', () => {
  const { state } = machineOf('local', 1);
  const row = state.rho.map((_, i) => Math.cos(i));
  const z = state.solveTransposed(row);
  const [first, second] = [state.slopes(), state.slopes()];
  state.addGenerator(z, state.state, 1, first);
  state.addGenerator(z, state.state, -3, second);
  state.addGenerator(z, state.state, 1, first);
  const [twice, triple] = [first.byParameter(), second.byParameter()];
  expect(twice.size).toBeGreaterThan(5);
  for (const [name, { value }] of twice) {
    expect((triple.get(name)?.value ?? 0) / -3, name).toBeCloseTo(value / 2, 12);
  }
});
