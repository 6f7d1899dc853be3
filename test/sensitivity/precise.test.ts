/** Derivatives of flows by every parameter against differences in many decimal digits. */
import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globalEquation, localEquation } from '../../src/lindblad/masterEquation.js';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import { mill } from '../../src/machine/mill.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadySensitivity } from '../../src/sensitivity/steadySensitivity.js';
import { highPrecisionHeat, highPrecisionPopulations } from '../solve/highPrecision.js';
import { highPrecisionGlobal } from '../solve/highPrecisionGlobal.js';
import type { Numbers as Device } from '../support/dense.js';

type Numbers = Device & Readonly<Record<string, number>>;

const [LMIN, LMAX] = [-1, 1];
const BY = ['B1', 'B2', 'beta1', 'beta2', 'betaR', 'g', 'chi', 'gamma', 'lambda', 'I'] as const;

/** Numbers of few binary digits, so that a step away from them is exact. */
const short = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((x) => Math.fround(x));

const devices: fc.Arbitrary<Numbers> = fc.record({
  B1: short(0.5, 3),
  B2: short(0.5, 3),
  beta1: short(0.05, 1.5),
  beta2: short(0.05, 1.5),
  betaR: short(0.05, 1),
  g: short(0.05, 0.6),
  chi: short(-0.5, 0.5),
  gamma: short(0.001, 0.2),
  lambda: short(0.05, 1),
  I: short(0.5, 5),
  Omega: short(5, 20),
  kappa1: fc.constant(0),
  kappa2: fc.constant(0),
  V: fc.constant(0),
  V2: fc.constant(0),
});

/** By a central difference with an exact step so small that what it leaves out is nothing. */
function slope(of: (values: Numbers) => Decimal, values: Numbers, name: string): number {
  const step = 2 ** (Math.floor(Math.log2(Math.abs(values[name]) || 1)) - 48);
  return of({ ...values, [name]: values[name] + step })
    .minus(of({ ...values, [name]: values[name] - step }))
    .div(2 * step)
    .toNumber();
}

/** Of what is read of a device, computed once for each set of numbers. */
function remembered<T>(of: (values: Numbers) => T): (values: Numbers) => T {
  const known = new Map<string, T>();
  return (values) => {
    const key = JSON.stringify(values);
    let found = known.get(key);
    if (found === undefined) {
      found = of(values);
      known.set(key, found);
    }
    return found;
  };
}

type Heat = Readonly<Record<'Q1' | 'Q2' | 'Qr', Decimal>>;
const equations = {
  local: {
    of: localEquation,
    bath: 'free',
    runs: 5,
    exact: (values: Numbers): Heat =>
      highPrecisionHeat(values, LMIN, highPrecisionPopulations(values, LMIN, LMAX)),
  },
  global: {
    of: globalEquation,
    bath: 'total',
    runs: 1,
    exact: (values: Numbers): Heat => highPrecisionGlobal(values, LMIN, LMAX).heat,
  },
} as const;

for (const [name, { of, bath, runs, exact }] of Object.entries(equations)) {
  test(`${name}: heats change with every parameter as 60 digits say, to 1e-9 and within errors`, () => {
    fc.assert(
      fc.property(devices, (values) => {
        const compiled = compiledSector(mill, of, values);
        const state = steadySensitivity(compiled, rotorWindow(LMIN, LMAX), values);
        const heat = remembered(exact);
        const flows = { Q1: [bath, 'bath1'], Q2: [bath, 'bath2'], Qr: ['free', 'load'] } as const;
        for (const [flow, [quantity, channel]] of Object.entries(flows)) {
          const ways = compiled.flows.ways(compiled.quantities[quantity], channel);
          const { gradient } = state.differential(state.best(ways));
          const wanted = (v: Numbers) => heat(v)[flow as keyof Heat];
          for (const parameter of name === 'global' ? [...BY, 'Omega'] : BY) {
            const expected = slope(wanted, values, parameter);
            const found = gradient.get(parameter);
            const off = Math.abs((found?.value ?? Number.NaN) - expected);
            // Of a flow that is nearly 0 beside the others, it is these that have their digits.
            const heats = Object.values(heat(values)).map((q) => Math.abs(q.toNumber()));
            const scale = Math.max(
              Math.abs(expected),
              ...heats.map((q) => Math.abs(q / values[parameter])),
            );
            expect(off, `${flow} by ${parameter}`).toBeLessThan(1e-9 * scale);
            expect(off, `error of ${flow} by ${parameter}`).toBeLessThan(
              (found?.error ?? 0) + 1e-15 * Math.abs(expected),
            );
          }
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
  });
}
