/** Derivatives of flows, noise and entropy production by every parameter against differences in many decimal digits. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FluctuationReading } from '../../src/fluctuations/reading.js';
import {
  type EquationOf,
  globalEquation,
  localEquation,
} from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { rotorWindow } from '../../src/operators/window.js';
import { slopesOf } from '../../src/sensitivity/differential.js';
import { MachineSensitivity } from '../../src/sensitivity/machineSensitivity.js';
import {
  type Exact,
  exactGlobal,
  exactLocal,
  type Numbers,
  remembered,
  slope,
} from './exactSlopes.js';

const [LMIN, LMAX] = [-1, 1];
const BY = ['B1', 'B2', 'beta1', 'beta2', 'betaR', 'g', 'chi', 'gamma', 'lambda', 'I'] as const;

/** What rounding takes from what one jump brings, relative to that: some roundings. */
const IN_JUMP = 2 ** -49;

/** Jumps of all baths by time. */
function jumpsOf(of: EquationOf, values: Numbers): number {
  const betas = { bath1: values.beta1, bath2: values.beta2, load: values.betaR };
  const device = { machine: mill, of, values, window: rotorWindow(LMIN, LMAX), betas };
  return new FluctuationReading(device).totalActivity;
}

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

const equations = {
  local: {
    of: localEquation,
    bath: 'free',
    by: [...BY, 'kappa1'],
    runs: 2,
    exact: exactLocal,
  },
  global: {
    of: globalEquation,
    bath: 'total',
    by: [...BY, 'Omega'],
    runs: 1,
    exact: exactGlobal,
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
        const expected = remembered((device) => exact(device, LMIN, LMAX));
        const jumps = jumpsOf(of, values);
        const energy = 2 * Math.max(values.B1, values.B2);
        const here = expected(values);
        // Of a flow that is nearly 0 beside the others, it is these that have their digits.
        const heats = [here.Q1, here.Q2, here.Qr];
        const beside: Partial<Record<string, readonly Exact['noise'][]>> = {
          ...{ Q1: heats, Q2: heats, Qr: heats },
          current: [here.noise],
        };
        for (const [key, differential] of Object.entries(found)) {
          const { value } = differential;
          const quantity = key as keyof Exact;
          const sizes = [here[quantity], ...(beside[key] ?? [])];
          const largest = Math.max(...sizes.map((x) => Math.abs(x.toNumber())));
          const wrong = Math.abs(value.value - here[quantity].toNumber());
          // Near equilibrium what jumps bring all but cancels: rounding takes of the terms.
          const rounding = IN_JUMP * jumps * (key.startsWith('Q') ? energy : 1);
          expect(wrong, key).toBeLessThan(1e-10 * largest + rounding);
          expect(wrong, `error of ${key}`).toBeLessThan(value.error + 1e-15 * largest);
          for (const parameter of by) {
            const change = slope((v) => expected(v)[quantity], values, parameter);
            const derivative = slopesOf(differential).get(parameter);
            const off = Math.abs((derivative?.value ?? (change === 0 ? 0 : Number.NaN)) - change);
            const besides = (1e-9 * largest + rounding) / Math.abs(values[parameter]);
            const allowed = Math.max(1e-9 * Math.abs(change), besides);
            expect(off, `${key} by ${parameter}`).toBeLessThan(allowed);
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
