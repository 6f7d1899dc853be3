/** Errors that are stated of derivatives, against what these are off by from differences in many decimal digits. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type EquationOf,
  globalEquation,
  localEquation,
} from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { rotorWindow } from '../../src/operators/window.js';
import { slopesOf } from '../../src/sensitivity/differential.js';
import { MachineSensitivity } from '../../src/sensitivity/machineSensitivity.js';
import { devicesOf, sizes } from '../support/unevenDevices.js';
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

interface Equation {
  readonly of: EquationOf;
  /** The energy that baths bring as heat. */
  readonly bath: string;
  readonly by: readonly string[];
  readonly exact: (values: Numbers, lmin: number, lmax: number) => Exact;
  readonly runs: number;
}
const equations: Readonly<Record<string, Equation>> = {
  local: { of: localEquation, bath: 'free', by: BY, exact: exactLocal, runs: 6 },
  global: {
    ...{ of: globalEquation, bath: 'total', by: [...BY, 'Omega'], exact: exactGlobal },
    // Their oracle takes longer.
    runs: 3,
  },
};

/** The nearest number of float64 to a derivative may be off by so much of it. */
const NEAREST = 2 ** -53;

/** The second qubit's transition all but as far from the first one's as the rotor's first step is. */
const resonant = fc
  .tuple(devicesOf([-4, -0.5], [-3, 0]), sizes(-7, -3))
  .map(([device, away]) => ({ ...device, B2: Math.fround(device.B1 + 1 / (4 * device.I) + away) }));

/** Devices, and by how many times half of the errors of the two equations may be larger than what they are stated of. */
interface Kind {
  readonly devices: fc.Arbitrary<Numbers>;
  readonly most: Readonly<Record<string, number>>;
}
const kinds: Readonly<Record<string, Kind>> = {
  'of all sizes': {
    devices: devicesOf([-4, -0.5], [-3, 0]),
    most: { local: 1e4, global: 3e4 },
  },
  'under a strong load, which the qubits hardly feel': {
    devices: devicesOf([-0.5, 1.5], [-3, -1]),
    most: { local: 1e4, global: 3e5 },
  },
  'near resonance': { devices: resonant, most: { local: 1e4, global: 3e4 } },
};

/** By how many times an error is larger than what it is stated of, for each derivative of a device. */
function excesses(values: Numbers, { of, bath, by, exact: exactOn }: Equation): number[] {
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
  const exact = remembered((device) => exactOn(device, LMIN, LMAX));
  return Object.entries(found).flatMap(([key, differential]) =>
    by.flatMap((name) => {
      const change = slope((v) => exact(v)[key as keyof typeof found], values, name);
      const derivative = slopesOf(differential).get(name);
      const nearest = NEAREST * Math.abs(change);
      const off = Math.abs((derivative?.value ?? 0) - change);
      const error = derivative?.error ?? 0;
      expect(off, `${key} by ${name}`).toBeLessThanOrEqual(error + nearest);
      return change === 0 ? [] : [error / Math.max(off, nearest)];
    }),
  );
}

for (const [name, equation] of Object.entries(equations)) {
  test.for(Object.entries(kinds))(`${name}: devices %s`, ([, { devices, most }]) => {
    const all: number[] = [];
    fc.assert(
      fc.property(devices, (values) => {
        all.push(...excesses(values, equation));
      }),
      { numRuns: equation.runs, endOnFailure: true },
    );
    expect(all.length).toBeGreaterThan(30 * equation.runs);
    // Nor are they so large that they say nothing.
    all.sort((a, b) => a - b);
    expect(all[all.length >> 1]).toBeLessThan(most[name]);
  });
}

const NOTHING_ELSE = { kappa1: 0, kappa2: 0, V: 0, V2: 0 };
/** Devices of which errors were too small: most had one case of what may be lost, whose signs may cancel. */
const known: Readonly<Record<string, Numbers>> = {
  current: {
    beta1: 3.8281850814819336,
    beta2: 0.16962289810180664,
    betaR: 0.035461943596601486,
    B1: 2.3171920776367188,
    B2: 2.003540515899658,
    g: 0.02201390266418457,
    chi: -0.11031921952962875,
    gamma: 1.7595769166946411,
    lambda: 0.014162023551762104,
    I: 0.898935079574585,
    ...NOTHING_ELSE,
  },
  'current, one case with what is left of equations': {
    B1: 2.8747687339782715,
    B2: 4.288143157958984,
    beta1: 0.03659341484308243,
    beta2: 1.9723455905914307,
    betaR: 0.1775984764099121,
    I: 0.7253019213676453,
    gamma: 16.819345474243164,
    lambda: 0.0065413606353104115,
    g: 0.0011444971896708012,
    chi: 0.625,
    ...NOTHING_ELSE,
  },
  'current in the cold, where slopes cancel to the last digit': {
    B1: 1.7263544797897339,
    B2: 1.1599085330963135,
    beta1: 21.6853084564209,
    beta2: 15.960931777954102,
    betaR: 0.2223798781633377,
    I: 0.6395187377929688,
    gamma: 0.0009472274105064571,
    lambda: 0.016696438193321228,
    g: 0.17608632147312164,
    chi: -0.875,
    ...NOTHING_ELSE,
  },
  noise: {
    beta1: 3.640698194503784,
    beta2: 2.308075428009033,
    betaR: 2.880262851715088,
    B1: 0.41593435406684875,
    B2: 0.34301936626434326,
    g: 0.006369929760694504,
    chi: 0.9404518604278564,
    gamma: 1.0820810794830322,
    lambda: 0.01986394077539444,
    I: 28.367237091064453,
    ...NOTHING_ELSE,
  },
  entropy: {
    beta1: 0.013791029341518879,
    beta2: 0.06231594458222389,
    betaR: 0.11621010303497314,
    B1: 1.312755823135376,
    B2: 2.5955018997192383,
    g: 0.0019858754239976406,
    chi: 0.06646408140659332,
    gamma: 21.53911018371582,
    lambda: 0.07507738471031189,
    I: 1.5526847839355469,
    ...NOTHING_ELSE,
  },
};

test.for(Object.entries(known))('that were stated too small once: %s', ([, values]) => {
  excesses(values, equations.local);
});
