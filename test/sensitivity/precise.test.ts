/** Derivatives of flows, noise and entropy production by every parameter against differences in many decimal digits. */
import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globalEquation, localEquation } from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { rotorWindow } from '../../src/operators/window.js';
import { MachineSensitivity } from '../../src/sensitivity/machineSensitivity.js';
import {
  highPrecisionEntropy,
  highPrecisionHeat,
  highPrecisionLocal,
} from '../solve/highPrecision.js';
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
  kappa1: short(0.01, 0.1),
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

type Exact = Readonly<Record<'Q1' | 'Q2' | 'Qr' | 'current' | 'noise' | 'entropy', Decimal>>;
const equations = {
  local: {
    of: localEquation,
    bath: 'free',
    by: [...BY, 'kappa1'],
    runs: 2,
    exact: (values: Numbers): Exact => {
      const { populations, counted } = highPrecisionLocal(values, LMIN, LMAX);
      const heat = highPrecisionHeat(values, LMIN, populations);
      const entropy = highPrecisionEntropy(values, LMIN, populations, heat);
      return { ...heat, ...counted(), entropy };
    },
  },
  global: {
    of: globalEquation,
    bath: 'total',
    by: [...BY, 'Omega'],
    runs: 1,
    exact: (values: Numbers): Exact => {
      const { populations, heat, counted } = highPrecisionGlobal(values, LMIN, LMAX);
      const entropy = highPrecisionEntropy(values, LMIN, populations, heat);
      return { ...heat, ...counted(), entropy };
    },
  },
} as const;

for (const [name, { of, bath, by, runs, exact }] of Object.entries(equations)) {
  test(`${name}: what is read changes with every parameter as 60 digits say, to 1e-9 and within errors`, () => {
    fc.assert(
      fc.property(devices, (random) => {
        // Between eigenstates dephasing moves populations, and its entropy is not known.
        const values = name === 'global' ? { ...random, kappa1: 0 } : random;
        const window = rotorWindow(LMIN, LMAX);
        const machine = new MachineSensitivity({ machine: mill, of, values, window });
        const flow = (quantity: string, channel: string) =>
          machine.differential(machine.flow([quantity], [channel]));
        const found = {
          Q1: flow(bath, 'bath1'),
          Q2: flow(bath, 'bath2'),
          Qr: flow('kinetic', 'load'),
          ...machine.currentAndNoise('load'),
          entropy: machine.entropyProduction(),
        };
        const expected = remembered(exact);
        const here = expected(values);
        // Of a flow that is nearly 0 beside the others, it is these that have their digits.
        const heats = [here.Q1, here.Q2, here.Qr];
        const beside: Partial<Record<string, readonly Decimal[]>> = {
          ...{ Q1: heats, Q2: heats, Qr: heats },
          current: [here.noise],
        };
        for (const [key, { value, gradient }] of Object.entries(found)) {
          const quantity = key as keyof Exact;
          const sizes = [here[quantity], ...(beside[key] ?? [])];
          const largest = Math.max(...sizes.map((x) => Math.abs(x.toNumber())));
          const wrong = Math.abs(value.value - here[quantity].toNumber());
          expect(wrong, key).toBeLessThan(1e-10 * largest);
          expect(wrong, `error of ${key}`).toBeLessThan(value.error + 1e-15 * largest);
          for (const parameter of by) {
            const change = slope((v) => expected(v)[quantity], values, parameter);
            const derivative = gradient.get(parameter);
            const off = Math.abs((derivative?.value ?? (change === 0 ? 0 : Number.NaN)) - change);
            const scale = Math.max(Math.abs(change), largest / Math.abs(values[parameter]));
            expect(off, `${key} by ${parameter}`).toBeLessThan(1e-9 * scale);
            expect(off, `error of ${key} by ${parameter}`).toBeLessThan(
              (derivative?.error ?? 0) + 1e-15 * Math.abs(change),
            );
          }
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
  });
}
