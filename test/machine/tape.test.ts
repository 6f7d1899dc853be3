/** Numbers of a device at the ends of float64's range. */
import { expect, test } from 'vitest';
import { call, ONE, parameter, sumOf } from '../../src/machine/expression.js';
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
