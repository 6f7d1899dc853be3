/** Devices whose numbers are of very different sizes. */
import fc from 'fast-check';

/** Numbers of few binary digits, so that a step away from them is exact; evenly many of every size. */
export const sizes = (min: number, max: number) =>
  fc
    .noBias(fc.integer({ min: 0, max: 2 ** 20 }))
    .map((k) => Math.fround(10 ** (min + ((max - min) * k) / 2 ** 20)));

/** With the load's rate and the couplings to it and to the baths, as powers of ten. */
export const devicesOf = (load: readonly [number, number], others: readonly [number, number]) =>
  fc.record({
    ...{ B1: sizes(-0.5, 0.7), B2: sizes(-0.5, 0.7), beta1: sizes(-2, 0.7), beta2: sizes(-2, 0.7) },
    ...{ betaR: sizes(-1.5, 0.5), I: sizes(-0.3, 1.5), gamma: sizes(...load) },
    ...{ lambda: sizes(...others), g: sizes(...others) },
    chi: fc.integer({ min: -15, max: 15 }).map((k) => k / 16),
    Omega: sizes(0.5, 1.5),
    ...{ kappa1: fc.constant(0), kappa2: fc.constant(0), V: fc.constant(0), V2: fc.constant(0) },
  });
