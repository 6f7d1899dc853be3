/** The gap and its derivatives against the modes of the generator, and differences of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mill } from '../../src/machine/mill.js';
import { device } from '../../src/model/device.js';
import { type Model, masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { slopesOf } from '../../src/sensitivity/differential.js';
import { MachineSensitivity } from '../../src/sensitivity/machineSensitivity.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { Spectrum } from '../../src/spectrum/modes.js';
import { decades } from '../support/arbitrary.js';
import { CENTRAL, centralDifference } from '../support/differences.js';

const BY = ['B1', 'B2', 'beta1', 'beta2', 'betaR', 'g', 'chi', 'gamma', 'lambda', 'I'] as const;
const CUTOFF = 12;
const WINDOW = rotorWindow(-2, 3);
const STEP = 2e-3;

const isReal = ({ rate, frequency }: { readonly rate: number; readonly frequency: number }) =>
  Math.abs(frequency) < 1e-10 * rate;

type Input = Record<(typeof BY)[number], number>;

const devices: fc.Arbitrary<Input> = fc.record({
  B1: decades(0.5, 2),
  B2: decades(0.5, 2),
  beta1: decades(0.1, 1),
  beta2: decades(0.1, 1),
  betaR: decades(0.1, 1),
  g: decades(0.05, 0.5),
  chi: decades(0.05, 0.5),
  gamma: decades(1e-3, 0.1),
  lambda: decades(0.1, 1),
  I: decades(1, 5),
});

const parametersOf = (model: Model, input: Input) =>
  deviceParameters({ ...input, model, ...(model === 'global' ? { cutoff: CUTOFF } : {}) });

function modesOf(model: Model, input: Input) {
  const { system } = device(parametersOf(model, input), WINDOW);
  const spectrum = new Spectrum(system);
  const found = spectrum.modes(spectrum.neutral, 2, []);
  if (found === null) throw new Error('no modes');
  return found.modes;
}

const sensitivityOf = (model: Model, input: Input) =>
  new MachineSensitivity({
    machine: mill,
    of: masterEquations[model].of,
    values: valuesOf(parametersOf(model, input), CUTOFF),
    window: WINDOW,
  });

test.each<Model>(['local', 'global'])('of random devices, %s', (model) => {
  fc.assert(
    fc.property(devices, fc.constantFrom(...BY), (input, by) => {
      const [slowest, next] = modesOf(model, input);
      // Modes that are about as slow, or oscillate, have no derivative that is known.
      fc.pre(isReal(slowest) && isReal(next) && next.rate > 1.1 * slowest.rate);
      const found = sensitivityOf(model, input).gap();
      const { value } = found;
      expect(Math.abs(value.value - slowest.rate)).toBeLessThan(value.error + slowest.error);
      const h = STEP * input[by];
      const rate = (k: number) => modesOf(model, { ...input, [by]: input[by] + k * h })[0].rate;
      const difference = (steps: number) => centralDifference(CENTRAL[6], rate, h, steps);
      const expected = difference(1);
      const truncated = Math.abs(difference(2) - expected) / 16;
      const own = slopesOf(found).get(by) ?? { value: 0, error: 0 };
      const rounding = (4 * (slowest.error + 1e-15 * slowest.rate)) / h;
      const allowed = own.error + truncated + rounding + 1e-9 * Math.abs(expected);
      expect(Math.abs(own.value - expected), by).toBeLessThan(allowed);
      expect(own.error, by).toBeLessThan(1e-8 * (Math.abs(own.value) + slowest.rate / input[by]));
    }),
    { numRuns: 12 },
  );
});
