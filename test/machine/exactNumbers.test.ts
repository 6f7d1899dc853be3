/** Numbers of 30 digits of one device after another: what is kept between them is what is computed anew. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import { EXACT_RELATIVE, ExactNumbers } from '../../src/machine/exactNumbers.js';
import {
  call,
  level,
  negative,
  parameter,
  productOf,
  sumOf,
} from '../../src/machine/expression.js';
import { mill } from '../../src/machine/mill.js';
import { Tape, type Values } from '../../src/machine/tape.js';
import { masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { numbers } from '../support/arbitrary.js';

test.each(['local', 'global'] as const)('of the %s equation', (model) => {
  const cutoff = model === 'local' ? null : 20;
  const valuesFor = (input: object) => valuesOf(deviceParameters({ model, ...input }), cutoff);
  const { program } = compiledSector(mill, masterEquations[model].of, valuesFor({}));
  const { tape } = program;
  const places = tape.steps.tables.map((_, at) => at);
  const on = (): ExactNumbers => new ExactNumbers(tape, -2, 5);
  const read = (exact: ExactNumbers, values: Values, asked: readonly number[]) => {
    exact.fill(values);
    return asked.map((at) => {
      const { high, low } = exact.table(at);
      // What sums lose depends on what has been asked for.
      return { high: high.slice(), low: low.slice(), relative: exact.relative };
    });
  };
  const used = on();
  fc.assert(
    fc.property(numbers, numbers, fc.shuffledSubarray(places), (first, second, asked) => {
      const device: Record<string, unknown> = { ...first };
      for (const [name, value] of [['I', first.I] as const, ...Object.entries(second)]) {
        device[name] = value;
        const values = valuesFor(device);
        expect(read(used, values, asked)).toEqual(read(on(), values, asked));
      }
    }),
    { numRuns: 6 },
  );
});

test('what sums lose is lost of a table that is kept, too, and of what is made of it', () => {
  const tape = new Tape();
  const gap = sumOf(parameter('x'), negative(parameter('y')));
  const kept = tape.table(productOf(gap, level));
  const more = tape.table(call('square', sumOf(productOf(gap, level), parameter('z'))));
  const exact = new ExactNumbers(tape, 1, 3);
  const relative = (values: Values, at: number) => {
    exact.fill(values);
    exact.table(at);
    return exact.relative;
  };
  const near = { x: 1, y: 1 - 2 ** -20 };
  const lost = relative({ ...near, z: 1 }, kept);
  expect(lost).toBeGreaterThan(2 * EXACT_RELATIVE);
  expect(relative({ ...near, z: 2 }, kept)).toBe(lost);
  expect(relative({ ...near, z: 3 }, more)).toBe(lost);
  expect(relative({ ...near, z: 3 }, more)).toBe(lost);
  expect(relative({ x: 1, y: 0.25, z: 3 }, more)).toBe(EXACT_RELATIVE);
});
