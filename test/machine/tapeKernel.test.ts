/** Tables by code that was made for them, and step by step: equal to the last bit. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import { call, level, parameter, productOf, sumOf, table } from '../../src/machine/expression.js';
import { mill } from '../../src/machine/mill.js';
import { Tape, type Values } from '../../src/machine/tape.js';
import { type Model, masterEquations } from '../../src/model/masterEquations/registry.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { decades } from '../support/arbitrary.js';

beforeAll(loadKernels);

/** More than before code is made. */
const MANY = 110;

const devices = fc.record({
  beta1: decades(0.01, 10),
  beta2: decades(0.01, 10),
  betaR: decades(1e-4, 1),
  B1: decades(0.1, 5),
  B2: decades(0.1, 5),
  g: decades(1e-4, 1),
  chi: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
  lambda: decades(1e-4, 1),
  gamma: decades(1e-6, 1),
  I: decades(0.1, 1e3),
});

const isSame = (x: Float64Array, y: Float64Array) =>
  x.length === y.length && x.every((value, i) => Object.is(value, y[i]));

/** Tables of the places on a tape, on a window that has seen many devices, against those of one that has not. */
function compare(tape: Tape, places: readonly number[], [lmin, size]: [number, number]) {
  const numbers = tape.numbers(lmin, size);
  return (values: Values) => {
    do {
      numbers.fill(values);
      for (const at of places) numbers.table(at);
    } while (numbers.device < MANY);
    const fresh = tape.numbers(lmin, size);
    fresh.fill(values);
    // One expectation for all of them: they are many thousands. The next device's are in the same arrays.
    const others = places.filter((at) => !isSame(numbers.table(at), fresh.table(at)));
    expect(others.map((at) => [at, numbers.table(at).slice(), fresh.table(at)])).toEqual([]);
  };
}

test.each<[Model, DeviceInput, [number, number]]>([
  ['local', {}, [-30, 61]],
  ['local', { kappa1: 0.1, kappa2: 0.3 }, [-2, 8]],
  ['global', {}, [-10, 33]],
  ['global', { kappa2: 0.2 }, [0, 2]],
])('the %s equation of devices with %j on %j', (model, others, [lmin, size]) => {
  const parametersOf = (input: DeviceInput) => deviceParameters({ model, ...input, ...others });
  const compiled = compiledSector(mill, masterEquations[model].of, valuesOf(parametersOf({}), 1));
  const state = compiled
    .on(rotorWindow(lmin, lmin + size - 1))
    .steadyState(valuesOf(parametersOf({}), 100));
  // What flows are read with is on the tape, too.
  state.flow('kinetic', ['load']);
  const { tape } = compiled.program;
  const check = compare(tape, [...tape.steps.tables.keys()], [lmin, size]);
  fc.assert(
    fc.property(devices, devices, decades(1, 1e3), (input, next, cutoff) => {
      // From one device to another, one parameter at a time: what does not depend on it is left as it is.
      const between = { ...input };
      for (const name of [null, ...Object.keys(next)] as (keyof typeof next | null)[]) {
        if (name !== null) between[name] = next[name];
        check(valuesOf(parametersOf(between), model === 'local' ? null : cutoff));
      }
    }),
    { numRuns: 5 },
  );
});

test('functions that have no code of their own, powers, and given numbers', () => {
  const given = table(Float64Array.of(0.5, 2, 3, -1, 4));
  const x = sumOf(productOf(parameter('x'), level), given);
  const expressions = [
    call('sine', x),
    call('cosine', productOf(x, x)),
    productOf(call('exponential', x), call('squareRoot', call('square', x))),
    call('inverse', sumOf(x, parameter('y'))),
    call('exponentialMinusOne', productOf(parameter('y'), level)),
    table(Float64Array.of(1, 2, 3, 4, 5), 2),
    call('mixingSplitting', x, parameter('y')),
  ];
  const tape = new Tape();
  const places = expressions.map((e) => tape.table(e));
  const check = compare(tape, places, [-2, 5]);
  for (const y of [0, 1, -3, Number.POSITIVE_INFINITY]) check({ x: 0.7, y });
});

test('more parameters than a mask has bits, of which one is another at a time', () => {
  const names = Array.from({ length: 40 }, (_, k) => `p${k}`);
  const products = names.map((name, k) =>
    productOf(call('exponential', parameter(name)), parameter(names[(k + 7) % 40])),
  );
  const tape = new Tape();
  const places = [sumOf(...products, level), productOf(products[3], products[38], level)].map((e) =>
    tape.table(e),
  );
  const check = compare(tape, places, [-2, 5]);
  const values: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0.3]));
  check({ ...values });
  for (const [k, name] of names.entries()) {
    values[name] = 0.3 - 0.01 * k;
    check({ ...values });
  }
});

test('windows take turns at one code, and each has its own numbers', () => {
  const at = sumOf(productOf(parameter('x'), level, level), parameter('y'));
  const given = table(Float64Array.of(3, -1, 4, 1, 5, -9, 2), 1);
  const expressions = [at, productOf(at, given), call('exponential', at), sumOf(at, level)];
  const tape = new Tape();
  const places = expressions.map((e) => tape.table(e));
  const one = tape.numbers(-2, 7);
  const other = tape.numbers(0, 4);
  const values = (k: number): Values => ({ x: 0.1 * (k % 3), y: 1 + (k % 5) });
  const expected = (lmin: number, size: number, k: number) => {
    const fresh = tape.numbers(lmin, size);
    fresh.fill(values(k));
    return places.map((p) => fresh.table(p));
  };
  const found = (numbers: typeof one) => places.map((p) => numbers.table(p).slice());
  for (let k = 0; k < MANY; k++) {
    one.fill(values(k));
    found(one);
  }
  expect(tape.kernels.kernelFor(7)).not.toBeNull();
  for (let k = 0; k < 30; k++) {
    one.fill(values(k));
    expect(found(one)).toEqual(expected(-2, 7, k));
    other.fill(values(k + 1));
    expect(found(other)).toEqual(expected(0, 4, k + 1));
    // The first one's device is still in it, though the code has had another since.
    expect(found(one)).toEqual(expected(-2, 7, k));
  }
});

/** Numbers without a level and a table, and a window of which code is made beside one without. */
function numbersAndTable() {
  const tape = new Tape();
  const ratio = call('inverse', sumOf(parameter('x'), productOf(parameter('y'), parameter('y'))));
  const places = [ratio, call('exponential', ratio)].map((e) => tape.scalar(e));
  const at = tape.table(productOf(parameter('y'), level));
  const [numbers, plain] = [true, false].map((hasCode) => tape.numbers(-3, 9, hasCode));
  const fill = (k: number) => {
    for (const each of [numbers, plain]) each.fill({ x: k / 7, y: 1 / (k + 1) });
  };
  const expectSame = (k: number) => {
    fill(k);
    for (const place of places) {
      expect(numbers.doubleDouble(place)).toEqual(plain.doubleDouble(place));
    }
  };
  const tables = () => [...(numbers.kernel?.tables(9) ?? [])].map(([place]) => place);
  return { numbers, plain, at, fill, expectSame, tables };
}

test('where nobody asks for tables there is code for the other numbers, and then for tables, too', () => {
  const { numbers, plain, at, expectSame, tables } = numbersAndTable();
  for (let k = 0; k < MANY; k++) expectSame(k);
  expect(numbers.kernel?.operations.length).toBeGreaterThan(0);
  expect(tables()).toEqual([]);
  for (let k = 0; k < 3; k++) {
    expectSame(k);
    expect(numbers.table(at)).toEqual(plain.table(at));
  }
  expect(tables()).toContain(at);
});

test('code that was made for tables is made again for numbers that are asked for later', () => {
  const { numbers, plain, at, fill, expectSame, tables } = numbersAndTable();
  for (let k = 0; k < 3; k++) {
    fill(k);
    expect(numbers.table(at)).toEqual(plain.table(at));
  }
  const first = numbers.kernel?.operations.length;
  expect(first).toBeGreaterThan(0);
  for (let k = 0; k < MANY; k++) expectSame(k);
  expect(numbers.kernel?.operations.length).toBeGreaterThan(first as number);
  expect(tables()).toContain(at);
});

test('code is made again for tables that are asked for later', () => {
  const tape = new Tape();
  const [early, late] = [2, 3].map((n) =>
    tape.table(productOf(parameter('x'), ...Array.from({ length: n }, () => level))),
  );
  const numbers = tape.numbers(-3, 9);
  const ask = (k: number, at: number) => {
    numbers.fill({ x: k });
    return Array.from(numbers.table(at));
  };
  for (let k = 0; k < MANY; k++) ask(k, early);
  const first = tape.kernels.kernelFor(9);
  for (let k = 0; k < 2100; k++) ask(k, late);
  expect(tape.kernels.kernelFor(9)).not.toBe(first);
  for (const [at, power] of [
    [early, 2],
    [late, 3],
  ]) {
    expect(ask(2, at)).toEqual(Array.from({ length: 9 }, (_, i) => 2 * (i - 3) ** power));
  }
});
