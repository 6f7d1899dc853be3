/** Numbers of a device at the ends of float64's range. */
import { expect, test } from 'vitest';
import {
  call,
  difference,
  type Expression,
  level,
  ONE,
  parameter,
  sumOf,
  table,
} from '../../src/machine/expression.js';
import { Tape } from '../../src/machine/tape.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';

test('what overflows is infinite, and its inverse 0', () => {
  const power = call('exponentialMinusOne', parameter('x'));
  const occupation = call('inverse', power);
  const tape = new Tape();
  const places = [power, occupation, sumOf(occupation, ONE)].map((e) => tape.scalar(e));
  const numbers = tape.numbers(0, 2);
  numbers.fill({ x: 1000 });
  expect(places.map((at) => numbers.scalar(at))).toEqual([Number.POSITIVE_INFINITY, 0, 1]);
});

test('of a function that of the opposite first argument is known, where the others are the same', () => {
  const tape = new Tape();
  const [a, b] = ['a', 'b'].map(parameter);
  const table = (half: Expression, coupling: Expression) =>
    tape.table(call('mixingSine', half, coupling));
  const [one, opposite] = [table(difference(level, a), b), table(difference(a, level), b)];
  expect(tape.mirrored(one)).toBe(opposite);
  expect(tape.mirrored(opposite)).toBe(one);
  expect(tape.mirrored(table(sumOf(level, a), b))).toBeNull();
  table(difference(level, b), a);
  expect(tape.mirrored(table(difference(b, level), ONE))).toBeNull();
  expect(tape.mirrored(tape.table(difference(level, a)))).toBeNull();
});

test('a qubit whose bath is too cold to excite it is in its ground state but for the other', () => {
  const parameters = deviceParameters({ beta1: 1, beta2: 100 });
  const { qubitPopulations, heat } = new SteadyReading(
    steadyStateOn(parameters, rotorWindow(-3, 3)),
  );
  const [p00, p01, p10, p11] = qubitPopulations;
  expect(p00 + p01 + p10 + p11).toBeCloseTo(1, 14);
  expect(p01 + p11).toBeGreaterThan(0);
  expect(p01 + p11).toBeLessThan(1e-3);
  expect(heat.Q1).toBeGreaterThan(0);
  expect(heat.Q2).toBeLessThan(0);
});

test('sums of the same tables are added up in one order, whatever was made before', () => {
  const orders = new Set<string>();
  for (let made = 0; made < 400; made++) {
    const tables = [1, 2, 3].map((x) => Float64Array.of(x, -x));
    // Some have been there for long, and others are new.
    const names = made % 3 === 0 ? [2, 0, 1] : [0, 1, 2];
    for (const k of names) table(tables[k]);
    const { monomials } = sumOf(...tables.map((values) => table(values)));
    const order = monomials.map(
      ({ factors: [{ atom }] }) => atom.kind === 'table' && atom.values[0],
    );
    orders.add(order.join());
  }
  expect(orders.size).toBe(1);
});
