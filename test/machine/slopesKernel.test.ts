/** The chain rule by code that was made for it, and step by step: equal but for rounding. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import {
  call,
  constant,
  level,
  parameter,
  productOf,
  sumOf,
} from '../../src/machine/expression.js';
import { mill } from '../../src/machine/mill.js';
import * as slopesKernel from '../../src/machine/slopesKernel.js';
import { Tape, tapeCode, type Values } from '../../src/machine/tape.js';
import * as tapeKernel from '../../src/machine/tapeKernel.js';
import { type Slope, slopesCode, TapeSlopes } from '../../src/machine/tapeSlopes.js';
import { type Model, masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { decades } from '../support/arbitrary.js';

const before = [slopesCode.module, tapeCode.module] as const;
afterAll(() => {
  [slopesCode.module, tapeCode.module] = before;
});

/** More than before code is made. */
const MANY = 105;

/**
 * Derivatives of Σ c·table over all levels.
 * @param silent tables of which c is 0
 * @param by what code makes: nothing, derivatives from numbers that are brought, or these, too
 */
function slopesOf(
  tape: Tape,
  tables: readonly number[],
  [lmin, size]: readonly [number, number],
  values: Values,
  silent: readonly number[],
  by: 'nothing' | 'slopes' | 'all',
): Map<string, Slope> {
  slopesCode.module = by === 'nothing' ? null : slopesKernel;
  tapeCode.module = by === 'all' ? tapeKernel : null;
  const numbers = tape.numbers(lmin, size);
  numbers.fill(values);
  for (let turn = by === 'nothing' ? 1 : MANY; ; turn--) {
    // What was asked for of this device is computed by code for the next.
    if (by === 'all') numbers.fill(values);
    const slopes = new TapeSlopes(tape, numbers, lmin, size);
    for (const at of tables) {
      const { slope, error } = slopes.table(at);
      for (let i = 0; i < size; i++) {
        slope[i] = silent.includes(at) ? 0 : Math.sin(at + i);
        error[i] = 1e-9 * Math.abs(Math.cos(at * i));
      }
    }
    const found = slopes.byParameter();
    if (turn > 1) continue;
    expect(numbers.kernel !== null).toBe(by === 'all');
    return found;
  }
}

function compare(
  tape: Tape,
  tables: readonly number[],
  on: readonly [number, number],
  values: Values,
  silent: readonly number[] = [],
) {
  const expected = slopesOf(tape, tables, on, values, silent, 'nothing');
  for (const by of ['slopes', 'all'] as const) {
    const found = slopesOf(tape, tables, on, values, silent, by);
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, { value, error }] of expected) {
      const other = found.get(name) as Slope;
      // Errors are sums of magnitudes; what rounding takes is beside their part of 4 roundings.
      expect(Math.abs(other.value - value), name).toBeLessThanOrEqual(1e-6 * error);
      expect(Math.abs(other.error - error), name).toBeLessThanOrEqual(1e-6 * error);
    }
  }
}

test.each<[Model, readonly [number, number]]>([
  ['local', [-7, 18]],
  ['global', [-6, 15]],
  ['global', [-5, 16]],
])('of the numbers of the %s equation on %j', (model, on) => {
  const devices = fc.record({
    beta1: decades(0.1, 2),
    beta2: decades(0.1, 2),
    g: decades(1e-3, 1),
    lambda: decades(0.01, 1),
    gamma: decades(1e-3, 1),
    I: decades(0.5, 100),
  });
  fc.assert(
    fc.property(devices, (input) => {
      const values = valuesOf(deviceParameters({ model, ...input }), 10);
      const { program } = compiledSector(mill, masterEquations[model].of, values);
      compare(program.tape, [...new Set(program.bands.map(({ table }) => table))], on, values);
    }),
    { numRuns: 3 },
  );
});

/** So that no level less a whole number is 0, where 1/x has a pole. */
const isFractional = (x: number): boolean => !Number.isInteger(x);

test('of every function and power, of odd and even windows, where nothing depends on what has no derivative', () => {
  const tape = new Tape();
  const [a, b, c] = ['a', 'b', 'c'].map(parameter);
  const shifted = sumOf(level, b);
  const table = (x: Parameters<typeof tape.table>[0]) => tape.table(x);
  const steep = productOf(constant(0.1), level, a);
  const tables = [
    ...(['square', 'exponential', 'exponentialMinusOne', 'sine', 'cosine', 'whole'] as const).map(
      (name) => table(call(name, sumOf(steep, b))),
    ),
    table(productOf(call('inverse', shifted), c)),
    table(call('squareRoot', sumOf(productOf(level, level), a))),
    ...(['mixingCosine', 'mixingSine', 'mixingShift', 'mixingSplitting'] as const).map((name) =>
      table(call(name, sumOf(level, c), a)),
    ),
    ...(['mixingTurn', 'mixingTogether'] as const).map((name) =>
      table(call(name, sumOf(level, c), sumOf(level, c, b), b, a)),
    ),
    ...[1, -1].map((sign) => {
      const frequency = productOf(constant(sign), sumOf(level, productOf(constant(-1), c)));
      return table(call('ohmicEmission', frequency, b, a, c));
    }),
  ];
  // Its derivative by d is infinite at 0.
  const infinite = table(call('squareRoot', productOf(level, level, parameter('d'))));
  // Below 5 there is no root of it.
  const ended = table(productOf(call('squareRoot', sumOf(level, constant(-5))), sumOf(steep, b)));
  const silent = [infinite, ended];
  for (const [lmin, size] of [
    [1, 7],
    [2, 66],
    [-3, 4],
  ]) {
    fc.assert(
      fc.property(
        decades(0.2, 5),
        decades(0.2, 5).filter(isFractional),
        decades(0.31, 0.39),
        (x, y, z) => {
          const values = { a: x, b: y, c: z, d: 0 };
          compare(tape, [...tables, ...silent], [lmin, size], values, silent);
        },
      ),
      { numRuns: 3 },
    );
  }
});

test('numbers that a tape gets after code was made for it have their derivatives', () => {
  slopesCode.module = slopesKernel;
  tapeCode.module = tapeKernel;
  const tape = new Tape();
  const [a, b] = ['a', 'b'].map(parameter);
  const table = tape.table(productOf(level, a));
  const [lmin, size] = [1, 3];
  const numbers = tape.numbers(lmin, size);
  const gradient = (more: (slopes: TapeSlopes) => void) => {
    numbers.fill({ a: 2, b: 5 });
    numbers.table(table);
    const slopes = new TapeSlopes(tape, numbers, lmin, size);
    slopes.table(table).slope.fill(1);
    more(slopes);
    return Object.fromEntries([...slopes.byParameter()].map(([name, { value }]) => [name, value]));
  };
  for (let turn = 0; turn < MANY; turn++) expect(gradient(() => {})).toEqual({ a: 6 });
  // More of them than there is room for behind those that were known.
  const later = Array.from({ length: 100 }, (_, n) =>
    tape.scalar(sumOf(productOf(b, b), constant(n))),
  );
  for (let turn = 0; turn < 4; turn++) {
    const found = gradient((slopes) => {
      for (const at of later) slopes.addScalar(at, 0.5);
    });
    expect(found).toEqual({ a: 6, b: 100 * 5 });
    expect(gradient(() => {})).toEqual({ a: 6 });
  }
});
