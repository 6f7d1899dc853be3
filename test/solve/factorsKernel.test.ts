/** Substitutions by code that was made for a shape, and without: the same bits. */
import { beforeAll, expect, test, vi } from 'vitest';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { type EquationOf, localEquation } from '../../src/lindblad/masterEquation.js';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';
import type { Machine } from '../../src/machine/machine.js';
import { mill } from '../../src/machine/mill.js';
import type { Values } from '../../src/machine/tape.js';
import { type Model, masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow, type Window } from '../../src/operators/window.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { ConservingFactors } from '../../src/solve/conservingFactors.js';
import { FactorsKernel } from '../../src/solve/factorsKernel.js';
import { factorsCode, SUBSTITUTIONS_BEFORE_KERNEL } from '../../src/solve/substitutions.js';
import { galleryMachine, turnedRotor } from '../support/machines.js';

beforeAll(loadKernels);

/** More than before an elimination is by code. */
const MANY = 105;

/** A machine with an equation on a window, and two devices of it. */
interface Case {
  readonly window: Window;
  readonly machine: Machine;
  readonly of: EquationOf;
  readonly devices: readonly [Values, Values];
}

function mills(model: Model): Case {
  const valuesFor = (g: number) => valuesOf(deviceParameters({ model, g }), 10);
  const { of } = masterEquations[model];
  return {
    window: rotorWindow(-6, 4),
    machine: mill,
    of,
    devices: [valuesFor(0.3), valuesFor(0.4)],
  };
}

/** @param changed a parameter that the second one has otherwise */
function described(
  { machine, parameters }: DescribedMachine,
  changed: string,
  window: Window,
): Case {
  const values = Object.fromEntries(parameters.map((p) => [p.name, p.default]));
  const other = { ...values, [changed]: 1.3 * values[changed] };
  return { window, machine, of: localEquation, devices: [values, other] };
}

test.each<[string, number, Case]>([
  ['the mill, local,', -6, mills('local')],
  ['the mill, local,', 0, mills('local')],
  ['the mill, local,', 3, mills('local')],
  ['the mill, global,', -1, mills('global')],
  [
    'one qubit at an oscillator,',
    0,
    described(galleryMachine('jaynes-cummings'), 'g', rotorWindow(0, 9)),
  ],
  ['sites of three populations,', 0, described(turnedRotor(3, [-6, 4]), 'k', rotorWindow(-6, 4))],
])('of %s ended at level %d', (_, level, { window, machine, of, devices: [values, others] }) => {
  const { sector } = compiledSector(machine, of, values).bind(window);
  sector.numbers.fill(values);
  for (let turn = 0; turn < MANY; turn++) sector.assemble(0);
  const code = factorsCode.module;
  const factors = () =>
    ConservingFactors.of((centre) => sector.assemble(centre), sector.startAt(level - window.lmin));
  const [found, other] = [factors(), factors()];
  factorsCode.module = null;
  const expected = factors();
  factorsCode.module = code;

  const row = expected.nullVector.map((_, i) => Math.sin(i * i));
  const { y } = sector.derivative(row);
  const same = (a: Float64Array, b: Float64Array) => expect(a).toEqual(b);
  const byCode = vi.spyOn(FactorsKernel.prototype, 'solve');
  for (let n = 0; n < SUBSTITUTIONS_BEFORE_KERNEL; n++) found.solve(y);
  expect(byCode).not.toHaveBeenCalled();
  // Each takes the other's place in the code's memory.
  for (const one of [found, other, found]) {
    same(one.solve(y), expected.solve(y));
    same(one.solveTransposed(row), expected.solveTransposed(row));
    const [first, second] = one.solveTransposedTwo(row, y);
    same(first, expected.solveTransposed(row));
    same(second, expected.solveTransposed(y));
  }
  expect(byCode).toHaveBeenCalledTimes(3);
  byCode.mockRestore();

  // So does the matrix of another device, assembled where the factors are.
  const solution = expected.solve(y);
  sector.numbers.fill(others);
  sector.assemble(0);
  same(found.solve(y), solution);
});
