/** Derivatives in the global model in a potential against eigenstates and states in 44 digits, also of nearly equal energies. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { machineSensitivity } from '../../src/simulate/describedSensitivity.js';
import { millSensitivity } from '../../src/simulate/millSensitivity.js';
import { between, decades } from '../support/arbitrary.js';
import { millByCouplings } from '../support/millByCouplings.js';
import { preciseSlopes } from '../support/preciseEigenstates.js';

const CUTOFF = 7;
const OF = ['heat.Q1', 'heat.Q2', 'rotor.Lz'] as const;
const BY = ['V', 'I', 'lambda', 'B1', 'beta2', 'g', 'gamma', 'betaR'] as const;

/** A small potential leaves the levels ±l next to one another; by a smaller one Bohr frequencies count as one. */
const devices = fc.record({
  ...{ beta1: between(0.1, 1), beta2: between(0.1, 1), betaR: between(0.1, 2) },
  ...{ B1: between(0.3, 2), B2: between(0.3, 2), I: between(0.5, 3), chi: between(0.05, 0.5) },
  ...{ g: between(0.2, 1), lambda: between(0.1, 2), gamma: decades(1e-3, 0.1) },
  ...{ V: decades(0.03, 1), V2: fc.constant(0) },
});

test('random devices: values and derivatives are right to what they say, which is little', async () => {
  await fc.assert(
    fc.asyncProperty(
      devices,
      fc.constantFrom(-2, -1),
      fc.shuffledSubarray([...BY], { minLength: 3, maxLength: 3 }),
      async (p, lmin, names) => {
        const lmax = lmin + 2;
        const found = await millSensitivity(
          deviceParameters({ ...p, model: 'global', cutoff: CUTOFF }),
          truncation({ lmin, lmax, edgeTolerance: 0.9 }),
          OF,
        );
        const { observables, notes } = found;
        // Of Bohr frequencies that count as one, and part with V2, many digits know another equation.
        fc.pre(notes.length === 0);
        const { here, by } = preciseSlopes(p, lmin, lmax, CUTOFF);
        // Of eigenstates that are near one another rounding leaves less.
        const lost = Number.EPSILON / here.nearest.toNumber();
        for (const name of names) {
          const slopes = by(name);
          for (const of of OF) {
            const { value, error, by: own } = observables[of];
            const apart = here[of].minus(value).abs().toNumber();
            expect(apart, of).toBeLessThanOrEqual(error);
            const slope = own[name] ?? { value: Number.NaN, error: Number.NaN };
            const off = Math.abs(slope.value - slopes[of]);
            expect(off, `${of} by ${name}`).toBeLessThanOrEqual(slope.error);
            const size = Math.max(
              Math.abs(slopes[of]),
              ...OF.map((one) => Math.abs(observables[one].value / p[name])),
            );
            expect(slope.error, `error of ${of} by ${name}`).toBeLessThan(1e5 * lost * size);
          }
        }
      },
    ),
    { numRuns: 3, endOnFailure: true },
  );
});

test('a constant energy changes nothing but rounding, which errors tell and do not overstate', async () => {
  const values = {
    ...{ beta1: 0.5, beta2: 0.2, betaR: 0.3, B1: 1.2, B2: 2, g: 0.5 },
    ...{ lambda: 0.6, gamma: 0.02, I: 1.3, V: 0.05, Omega: 5, c: 0 },
  };
  const mill = millByCouplings(values, 'constant: c*(P(q1, 0) + P(q1, 1))');
  const of = ['heat.bath1', 'ladder'];
  const at = async (c: number) =>
    (await machineSensitivity(mill, { ...values, c }, rotorWindow(-2, 2), of)).observables;
  const here = await at(0);
  for (const c of [0.37, -0.73, 1.1]) {
    const there = await at(c);
    for (const name of of) {
      for (const by of Object.keys(values)) {
        const [a, b] = [here[name].by[by], there[name].by[by]];
        if (by === 'c' || a === null || b === null) continue;
        expect(Math.abs(a.value - b.value), `${name} by ${by}`).toBeLessThan(a.error + b.error);
        // V and I turn the levels ±l, which are near one another, and the others do not.
        const most = by === 'V' || by === 'I' ? 1e-5 : 1e-11;
        expect(a.error, `error of ${name} by ${by}`).toBeLessThan(most * Math.abs(a.value));
      }
    }
  }
});
