/** The fast oracle of many digits against two slow ones that were written apart from it. */
import type { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { highPrecisionHeat, highPrecisionPopulations } from '../solve/highPrecision.js';
import { highPrecisionGlobal } from '../solve/highPrecisionGlobal.js';
import { exactDecimal } from '../support/exactDecimal.js';
import { preciseSteadyState } from './preciseSteadyState.js';
import { Precision, type Real } from './real.js';

/** Odd numbers, so that no term is another's equal by chance. */
const device = {
  beta1: 0.3,
  beta2: 0.7,
  betaR: 0.9,
  B1: 1.7,
  B2: 1.1,
  g: 0.6,
  chi: -0.4,
  lambda: 0.3,
  gamma: 0.02,
  I: 1.3,
  V: 0,
};

/** How far a number is from a decimal one, relative to it, in so far as two float64 numbers hold that one. */
function apart(x: Real, wanted: Decimal): number {
  const leading = wanted.toNumber();
  const Precise = wanted.constructor as typeof Decimal;
  const rest = wanted.minus(exactDecimal(Precise, leading)).toNumber();
  const difference = x.minus(x.precision.of(leading)).minus(x.precision.of(rest));
  return difference.abs().toNumber() / Math.abs(leading);
}

test('the local model is that of its rate equations', () => {
  const found = preciseSteadyState('local', device, -1, 2);
  const populations = highPrecisionPopulations(device, -1, 2);
  populations.forEach((row, s) => {
    row.forEach((wanted, i) => {
      expect(apart(found.populations[s][i], wanted)).toBeLessThan(1e-30);
    });
  });
  const heat = highPrecisionHeat(device, -1, populations);
  for (const [name, wanted] of Object.entries(heat)) {
    expect(apart(found.observables[`heat.${name}`], wanted)).toBeLessThan(1e-28);
  }
});

test('the global model is that of its jump operators', () => {
  const found = preciseSteadyState('global', device, -1, 2, 'max-bohr');
  const { populations, coherences, heat, work } = highPrecisionGlobal(device, -1, 2, 60);
  const pairs: [Real, Decimal][] = [
    ...populations.flatMap((row, s) =>
      row.map((wanted, i): [Real, Decimal] => [found.populations[s][i], wanted]),
    ),
    ...coherences.re.map((wanted, i): [Real, Decimal] => [found.coherences.re[i], wanted]),
    ...coherences.im.map((wanted, i): [Real, Decimal] => [found.coherences.im[i], wanted]),
    [found.observables['heat.Q1'], heat.Q1],
    [found.observables['heat.Q2'], heat.Q2],
    [found.observables['heat.Qr'], heat.Qr],
    [found.observables['work.interaction'], work.WQ],
    [found.observables['work.Wr'], work.Wr],
  ];
  for (const [x, wanted] of pairs) expect(apart(x, wanted)).toBeLessThan(1e-28);
});

test('real numbers: roots, exponentials, and float64 at the ends of its range', () => {
  const precision = new Precision(400);
  const two = precision.of(2);
  expect(two.sqrt().squared().minus(two).magnitude).toBeLessThan(-390);
  // e^x e^{-x} = 1, and e^x − 1 keeps its digits at x = 2^-80.
  const large = precision.of(1234.5);
  expect(large.exp().times(large.neg().exp()).minus(precision.one).magnitude).toBeLessThan(-380);
  const small = precision.of(2 ** -80);
  const series = small.plus(small.squared().div(2)).plus(small.squared().times(small).div(6));
  expect(small.expm1().minus(series).magnitude).toBeLessThan(-320);
  for (const x of [5e-324, -1.7e308, 0.1, 3]) expect(precision.of(x).toNumber()).toBe(x);
});
