/** Substitutions by code that was made for a shape, and without: the same bits. */
import { beforeAll, expect, test, vi } from 'vitest';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import { mill } from '../../src/machine/mill.js';
import { type Model, masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { ConservingFactors } from '../../src/solve/conservingFactors.js';
import { FactorsKernel } from '../../src/solve/factorsKernel.js';
import { factorsCode, SUBSTITUTIONS_BEFORE_KERNEL } from '../../src/solve/substitutions.js';

beforeAll(loadKernels);

/** More than before an elimination is by code. */
const MANY = 105;

test.each<[Model, number]>([
  ['local', -6],
  ['local', 0],
  ['local', 3],
  ['global', -1],
])('of the %s equation, ended at level %d', (model, level) => {
  const values = valuesOf(deviceParameters({ model, g: 0.3 }), 10);
  const { of } = masterEquations[model];
  const window = rotorWindow(-6, 4);
  const { sector } = compiledSector(mill, of ?? localEquation, values).bind(window);
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
  }
  expect(byCode).toHaveBeenCalledTimes(3);
  byCode.mockRestore();

  // So does the matrix of another device, assembled where the factors are.
  const solution = expected.solve(y);
  sector.numbers.fill(valuesOf(deviceParameters({ model, g: 0.4 }), 10));
  sector.assemble(0);
  same(found.solve(y), solution);
});
