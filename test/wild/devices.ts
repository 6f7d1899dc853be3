/** Devices from all over what parameters may be, far beyond what an experiment would build. */
import fc from 'fast-check';
import type { Numbers } from '../support/dense.js';

const STEPS = 2 ** 31 - 1;

/** Every decade as likely, and every number of a decade; one in ten at the very ends, where faults are. */
const decades = (least: number, most: number): fc.Arbitrary<number> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .noBias(fc.integer({ min: 0, max: STEPS }))
        .map((k) => least * (most / least) ** (k / STEPS)),
    },
    { weight: 1, arbitrary: fc.constantFrom(least, most) },
  );

/** From 0 to ±(1 − 1e-10), every decade of the distance to ±1 as likely. */
const asymmetry = fc
  .tuple(decades(1e-10, 1), fc.boolean())
  .map(([rest, negative]) => (negative ? rest - 1 : 1 - rest));

const parameters: fc.Arbitrary<Numbers> = fc.record({
  beta1: decades(1e-3, 1e3),
  beta2: decades(1e-3, 1e3),
  betaR: decades(1e-3, 1e2),
  B1: decades(1e-2, 1e2),
  B2: decades(1e-2, 1e2),
  g: decades(1e-6, 1e4),
  chi: asymmetry,
  lambda: decades(1e-9, 1e3),
  gamma: decades(1e-12, 1e2),
  I: decades(1e-3, 1e6),
  V: fc.constant(0),
});

/**
 * One in ten near a resonance of the local model's coherences: 2(B1 − B2) + 1/2I, the frequency of the one between
 * |10, 0⟩ and |01, 1⟩, is small against 1/I.
 */
const resonant = fc.tuple(parameters, decades(1e-10, 1e-1)).map(([device, share]) => {
  const { B1, I } = device;
  return { ...device, B2: B1 + (1 - 2 * share) / (4 * I) };
});

export interface WildDevice {
  readonly model: 'local' | 'global';
  readonly values: Numbers;
  readonly lmin: number;
  readonly lmax: number;
}

const reach = fc.integer({ min: 1, max: 3 });

/** As many of one model, the same for the same seed. */
export const wildDevices = (
  model: WildDevice['model'],
  count: number,
  seed: number,
): readonly WildDevice[] =>
  fc.sample(
    fc.record({
      model: fc.constant(model),
      values: fc.oneof({ weight: 9, arbitrary: parameters }, { weight: 1, arbitrary: resonant }),
      lmin: reach.map((l) => -l),
      lmax: reach,
    }),
    { numRuns: count, seed },
  );
