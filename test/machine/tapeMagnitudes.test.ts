/** What rounding takes from a device's tables, against tables of 30 digits: no more than their magnitudes say. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { CompiledSector, compiledSector } from '../../src/lindblad/sectorSolution.js';
import { ExactNumbers } from '../../src/machine/exactNumbers.js';
import { activeMachine } from '../../src/machine/machine.js';
import { mill } from '../../src/machine/mill.js';
import { TapeMagnitudes } from '../../src/machine/tapeMagnitudes.js';
import { IN_NUMBERS, TapeLosses, TapeRounding } from '../../src/machine/tapeRounding.js';
import { masterEquationOf, masterEquations } from '../../src/model/masterEquations/registry.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { cutoffOn, valuesOf } from '../../src/simulate/millSector.js';
import { decades } from '../support/arbitrary.js';

const window = rotorWindow(-2, 1);
/** Where the load's jumps between eigenstates cancel at one level to five digits. */
const resonant = {
  ...{ beta1: 163.4, beta2: 0.283, betaR: 100, B1: 2.7809, B2: 252.764861, g: 5.5e-5, chi: 0.9999 },
  ...{ lambda: 0.00211916, gamma: 1e-12, I: 0.001 },
};

const devices = fc.record({
  beta1: decades(0.01, 10),
  beta2: decades(0.01, 10),
  betaR: decades(1e-3, 1e2),
  B1: decades(0.01, 100),
  B2: decades(0.01, 100),
  lambda: decades(1e-6, 100),
  I: decades(1e-3, 1e3),
});

function tablesOf(model: 'local' | 'global', input: DeviceInput) {
  const parameters = deviceParameters({ ...input, model });
  const values = valuesOf(parameters, cutoffOn(parameters, window));
  const compiled = compiledSector(mill, masterEquationOf(parameters).of, values);
  const { sector } = compiled.bind(window);
  const { program, numbers } = sector;
  numbers.fill(values);
  const exact = new ExactNumbers(program.tape, window.lmin, window.size);
  exact.fill(values);
  const { losses, tape } = program;
  const magnitudes = new TapeMagnitudes(losses.cancellations, tape, numbers);
  const rounding = new TapeRounding(losses, numbers);
  const places = new Set(sector.runs.map(({ table }) => table));
  return [...places].map((at) => {
    const { high, low } = exact.table(at);
    return {
      at,
      levels: Array.from(numbers.table(at), (value, i) => ({
        off: Math.abs(value - high[i] - low[i]),
        lost: IN_NUMBERS * Math.abs(rounding.table(at)[i]),
        magnitude: magnitudes.table(at)[i],
        value: Math.abs(value),
      })),
    };
  });
}

describe.each(['local', 'global'] as const)('%s', (model) => {
  test('tables are off by no more than a few roundings of what they are differences of', () => {
    fc.assert(
      fc.property(devices, (input) => {
        for (const { at, levels } of tablesOf(model, input)) {
          const wrong = levels.filter(
            ({ off, lost, magnitude, value }) =>
              !(magnitude >= value * (1 - 1e-12) && off <= lost + 1e-300),
          );
          expect(wrong, `table ${at}`).toEqual([]);
        }
      }),
      { numRuns: 40, examples: [[resonant]] },
    );
  });
});

test('what cancels near a resonance is seen', () => {
  const most = Math.max(
    ...tablesOf('global', resonant).flatMap(({ levels }) =>
      levels.map(({ magnitude, value }) => (value === 0 ? 0 : magnitude / value)),
    ),
  );
  expect(most).toBeGreaterThan(1e4);
});

test.each([rotorWindow(-2, 1), rotorWindow(-4, 8), rotorWindow(-10, 54)])(
  'what tables lose by code is what is computed step by step, to the last bit: on %j',
  async (on) => {
    await loadKernels();
    const valuesFor = (input: DeviceInput) => {
      const parameters = deviceParameters({ ...input, model: 'global' });
      return valuesOf(parameters, cutoffOn(parameters, on));
    };
    // Of its own: what others have asked of the shared one decides which of its tables have code.
    const { tape } = CompiledSector.of(
      activeMachine(mill, valuesFor({})),
      masterEquations.global.of,
    ).program;
    const code = new TapeLosses(tape);
    const tables = [...tape.steps.tables.keys()].filter((at) => code.isIn(at));
    expect(tables.some((at) => code.cancellations.isIn(at))).toBe(true);
    expect(tables.some((at) => code.exponentials.callsIn(at).length > 1)).toBe(true);
    const numbers = tape.numbers(on.lmin, on.size);
    for (let n = 0; code.kernelFor(numbers) === null && n < 1000; n++) {
      numbers.fill(valuesFor({}));
      const rounding = new TapeRounding(code, numbers);
      for (const at of tables) rounding.table(at);
    }
    fc.assert(
      fc.property(devices, (input) => {
        numbers.fill(valuesFor(input));
        const byCode = new TapeRounding(code, numbers);
        const steps = new TapeLosses(tape);
        const byStep = new TapeRounding(steps, numbers);
        const kernel = code.kernelFor(numbers);
        for (const at of tables) {
          expect(kernel?.table(byCode, numbers, at)).toEqual(byStep.table(at));
        }
        expect(steps.kernelFor(numbers)).toBeNull();
      }),
      { numRuns: 10, examples: [[resonant]] },
    );
  },
);
