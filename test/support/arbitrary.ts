/** Random devices for property tests. */
import fc from 'fast-check';
import type { DeviceInput } from '../../src/model/parameters.js';

const STEPS = 2 ** 31 - 1;

/**
 * Every part of the range as likely; the odd number is one of floating point's own, tiny where 0 is in the
 * range. (fc.double alone takes each floating-point number as likely: half of them are smaller than 1.)
 */
export const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.integer({ min: 0, max: STEPS }).map((k) => min + ((max - min) * k) / STEPS),
    },
    { weight: 1, arbitrary: fc.double({ min, max, noNaN: true }) },
  );
/** As many decades as there are between the bounds, each as likely. */
export const decades = (min: number, max: number) =>
  between(Math.log(min), Math.log(max)).map((x) => Math.exp(x));

/** Devices of either sign of B1 − B2, hot and cold, weakly and strongly coupled. */
export const numbers = fc.record({
  beta1: decades(0.01, 2),
  beta2: decades(0.01, 2),
  betaR: decades(0.01, 1),
  B1: between(0.5, 10),
  B2: between(0.5, 10),
  g: decades(0.2, 2),
  chi: between(-0.9, 0.9),
  lambda: decades(0.01, 2),
  gamma: decades(1e-6, 1e-2),
  I: decades(0.5, 5),
  V: fc.constant(0),
});

/** The same with a potential. */
export const numbersWithPotential = fc
  .tuple(numbers, between(-3, 3))
  .map(([device, V]) => ({ ...device, V }));

/** A small window that holds l = 0. */
export const smallWindow = fc
  .tuple(fc.integer({ min: -3, max: 0 }), fc.integer({ min: 0, max: 3 }))
  .filter(([lmin, lmax]) => lmax > lmin && lmax - lmin < 4)
  .map(([lmin, lmax]) => ({ lmin, lmax }));

export const models = fc.constantFrom('local' as const, 'global' as const);

export const device = (model: 'local' | 'global') =>
  numbers.map(
    (values): DeviceInput => ({
      ...values,
      model,
      // The dense matrices' own.
      ...(model === 'global' ? { cutoff: 'max-bohr' } : {}),
    }),
  );

/**
 * Devices whose baths differ in temperature (of heat flows that all vanish, in equilibrium, nothing is right
 * relative to themselves), with hardly a load or a strong one.
 * @param beta of the colder bath
 */
export const drivenDevices = (beta: fc.Arbitrary<number>, lambda: fc.Arbitrary<number>) =>
  fc
    .record({
      beta,
      lambda,
      betaR: decades(0.05, 10),
      B1: between(0.5, 3),
      B2: between(0.5, 3),
      g: decades(0.2, 2),
      chi: between(-0.9, 0.9),
      gamma: decades(1e-8, 1e-2),
      I: decades(0.5, 5),
      V: fc.constant(0),
      ratio: decades(0.05, 0.8),
      secondIsHotter: fc.boolean(),
    })
    .map(({ beta, ratio, secondIsHotter, ...rest }) => ({
      ...rest,
      beta1: secondIsHotter ? beta : ratio * beta,
      beta2: secondIsHotter ? ratio * beta : beta,
    }));

/** Devices of which two states differ in energy by no more than a weak interaction: either may be the lower. */
export const resonantDevices = fc
  .record({
    beta1: decades(0.1, 5),
    betaR: decades(0.05, 2),
    B1: between(2, 10),
    g: decades(0.2, 2),
    chi: between(-0.9, 0.9),
    lambda: decades(1e-7, 0.1),
    gamma: decades(1e-8, 1e-2),
    I: decades(0.5, 5),
    V: fc.constant(0),
    ratio: decades(0.05, 0.8),
    k: fc.integer({ min: -2, max: 1 }),
    detuning: between(-2, 2),
  })
  .map(({ ratio, k, detuning, ...values }) => ({
    ...values,
    beta2: ratio * values.beta1,
    B2: values.B1 + (2 * k + 1) / (4 * values.I) + detuning * values.lambda,
  }));
