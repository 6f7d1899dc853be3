/**
 * Derivatives of described machines in the global model, whose jumps are between eigenstates that are numbers: against
 * the built-in machine's, against differences along a direction, and by the first law.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';
import type { Values } from '../../src/machine/tape.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow, type Window } from '../../src/operators/window.js';
import { slopesOf } from '../../src/sensitivity/differential.js';
import { machineSensitivity } from '../../src/simulate/describedSensitivity.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { millSensitivity } from '../../src/simulate/millSensitivity.js';
import { ObservedDescribed } from '../../src/simulate/observedDescribed.js';
import type { Sensitivities } from '../../src/simulate/sensitivity.js';
import { between } from '../support/arbitrary.js';
import { galleryMachine } from '../support/machines.js';
import { millByCouplings } from '../support/millByCouplings.js';

const mill = millByCouplings({
  ...{ beta1: 0.5, beta2: 0.2, betaR: 0.3, B1: 1.2, B2: 2, g: 0.5 },
  ...{ lambda: 0.6, gamma: 0.02, I: 1.3, V: 0, Omega: 5 },
});

type By = Sensitivities['observables'][string]['by'];

/** Two derivatives are one another's to what they may be off by together. */
function expectSame(found: By, wanted: By, name: string, of: string): void {
  const [a, b] = [found[name], wanted[name]];
  if (!a || !b) {
    expect([a, b], `${of} by ${name}`).not.toContainEqual(expect.anything());
    return;
  }
  expect(Math.abs(a.value - b.value), `${of} by ${name}`).toBeLessThanOrEqual(a.error + b.error);
  expect(a.error, `error of ${of} by ${name}`).toBeLessThan(1e-9);
}

test.each([
  [1.5, 'numbers, too'],
  [0, 'formulas'],
])(
  'the paper’s machine at V = %s changes as the built-in one, whose eigenstates are %s',
  async (V) => {
    const { Omega, ...values }: Values = { ...defaultValues(mill), V };
    const parameters = deviceParameters({ ...values, model: 'global', cutoff: Omega });
    const limits = truncation({ lmin: -2, lmax: 2, edgeTolerance: 0.9 });
    const wanted = await millSensitivity(parameters, limits);
    const found = await machineSensitivity(mill, { ...values, Omega }, rotorWindow(-2, 2));
    const names = [
      ['heat.bath1', 'heat.Q1'],
      ['heat.bath2', 'heat.Q2'],
      ['ladder', 'rotor.Lz'],
      ['energy.interaction', 'energy.interaction'],
    ] as const;
    for (const [own, builtIn] of names) {
      const { by } = found.observables[own];
      for (const name of Object.keys(values)) {
        expectSame(by, wanted.observables[builtIn].by, name, own);
      }
    }
    for (const name of Object.keys(values)) {
      const [a, b] = [found, wanted].map(({ fisherInformation }) => fisherInformation[name]);
      if (!a || !b) expect([a, b], name).not.toContainEqual(expect.anything());
      else expect(Math.abs(a.value / b.value - 1), `information about ${name}`).toBeLessThan(1e-10);
    }
    expect(found.space).toBe(V === 0 ? 'sector' : 'full');
  },
);

/** Two qubits, each with a bath, whose couplings and spectra have parameters in them. */
const qubits = describedMachine(
  'qubits.yaml',
  `
name: two coupled qubits
model: global
subsystems: {h: 2, c: 2}
parameters: {wh: 1, wc: 0.7, g: 0.3, x: 0.4, kh: 0.02, kc: 0.03, Th: 2, Tc: 0.5, wd: 2}
hamiltonian:
  hot: wh*P(h, 1)
  cold: wc*P(c, 1)
  exchange: g*(sm(h)*sp(c) + hc) + g*x*sx(h)*sx(c)/3
baths:
  hot: {temperature: Th, coupling: sx(h) + x*sy(c), spectrum: kh*omega/(1 + (omega/wd)^2)}
  cold: {temperature: Tc, coupling: sx(c), spectrum: kc*omega^3}
`,
);

/** A qubit and an oscillator, or a rotor, which conserve their parity alone. */
const onLadder = (ladder: string, hamiltonian: string, coupling: string) =>
  describedMachine(
    'ladder.yaml',
    `
name: a qubit on a ladder
model: global
subsystems: {q: 2}
ladder: ${ladder}
parameters: {w: 1, g: 0.3, x: 0.4, kh: 0.02, kc: 0.03, Th: 2, Tc: 0.5, I: 1.1}
hamiltonian:
  qubit: w*P(q, 1)
  ladder: ${hamiltonian}
baths:
  hot: {temperature: Th, coupling: sx(q), spectrum: kh*omega}
  cold: {temperature: Tc, coupling: ${coupling}, spectrum: kc*omega}
`,
  );
const rabi = onLadder(
  '{kind: oscillator, levels: 4}',
  'n/I + g*(a + ad)*sx(q) + x*n*P(q, 1)/3',
  '(a + ad)*I/2',
);
const pendulum = onLadder(
  '{kind: rotor, window: [-2, 2]}',
  '(L - x)^2/(2*I) + g*cos(phi)*sx(q)',
  'cos(phi) + x*sin(phi)',
);

const wholeWindow = ({ ladder: { lmin, lmax } }: DescribedMachine): Window => ({
  ...{ lmin, lmax, size: lmax - lmin + 1 },
});

/**
 * What all parameters together do when each is changed by its share of itself.
 * @param chosen names of observables; all that need no search of their own
 */
async function along(
  machine: DescribedMachine,
  values: Values,
  shares: readonly number[],
  chosen: readonly string[] | null = null,
) {
  const window = wholeWindow(machine);
  const at = async (step: number) => {
    const entries = Object.entries(values);
    const changed = entries.map(([key, x], k) => [key, x * (1 + step * shares[k])]);
    return (await machineSensitivity(machine, Object.fromEntries(changed), window, chosen))
      .observables;
  };
  const h = 2e-4;
  const [here, less, least, more, most] = await Promise.all([0, -h, -2 * h, h, 2 * h].map(at));
  const changes = Object.keys(here).map((of) => {
    const { value, error, by } = here[of];
    let [sum, scale, off] = [0, Math.abs(value), 0];
    Object.entries(values).forEach(([key, x], k) => {
      const slope = by[key];
      if (slope === null) throw new Error(`${of} by ${key}`);
      sum += slope.value * x * shares[k];
      scale += Math.abs(slope.value * x);
      off += slope.error * Math.abs(x);
    });
    const expected =
      (8 * (more[of].value - less[of].value) - (most[of].value - least[of].value)) / (12 * h);
    const lost = (error + 1e-15 * scale) / h;
    return { of, sum, expected, scale, off, lost };
  });
  return { here, changes };
}

test.each([
  ['two qubits', qubits],
  ['a qubit and an oscillator', rabi],
  ['a qubit and a pendulum', pendulum],
  ['the gallery’s heat valve', galleryMachine('two-qubit-rectifier')],
])('%s: all that it does changes as differences do, and by the first law', async (_, machine) => {
  const defaults = defaultValues(machine);
  const count = Object.keys(defaults).length;
  const changed = fc.array(between(0.7, 1.4), { minLength: count, maxLength: count });
  const shares = fc.array(between(-1, 1), { minLength: count, maxLength: count });
  await fc.assert(
    fc.asyncProperty(changed, shares, async (by, direction) => {
      const entries = Object.entries(defaults);
      const values = Object.fromEntries(entries.map(([key, x], k) => [key, x * by[k]]));
      const { here, changes } = await along(machine, values, direction);
      for (const { of, sum, expected, scale, off, lost } of changes) {
        expect(Math.abs(sum - expected), of).toBeLessThanOrEqual(1e-8 * scale + off + 2 * lost);
        // An eigensolver's rounding is of energies, which are up to 10⁵ times what flows.
        expect(off, `errors of ${of}`).toBeLessThanOrEqual(1e-7 * scale);
      }
      const flows = Object.keys(here).filter((name) => /^(heat|work)/.test(name));
      for (const key of Object.keys(values)) {
        let [total, off] = [0, 0];
        for (const name of flows) {
          const { value = Number.NaN, error = Number.NaN } = here[name].by[key] ?? {};
          total += value;
          off += error;
        }
        expect(Math.abs(total), `balance by ${key}`).toBeLessThanOrEqual(off);
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
});

test.each([
  ['a qubit and an oscillator', rabi],
  ['the gallery’s heat valve', galleryMachine('two-qubit-rectifier')],
])('%s: its gap changes as differences do', async (_, machine) => {
  const defaults = Object.entries(defaultValues(machine));
  const factors = { minLength: defaults.length, maxLength: defaults.length };
  const changed = fc.array(between(0.8, 1.2), factors);
  const shares = fc.array(between(-1, 1), factors);
  await fc.assert(
    fc.asyncProperty(changed, shares, async (by, direction) => {
      const values = Object.fromEntries(defaults.map(([key, x], k) => [key, x * by[k]]));
      const { changes } = await along(machine, values, direction, ['gap']);
      const [{ sum, expected, scale, off, lost }] = changes;
      expect(Math.abs(sum - expected)).toBeLessThanOrEqual(1e-8 * scale + off + 2 * lost);
      expect(off).toBeLessThanOrEqual(1e-8 * scale);
      expect(Math.abs(sum)).toBeGreaterThan(1e-4 * scale);
    }),
    { numRuns: 4, endOnFailure: true },
  );
});

test('an element that is 0 is of the part of its difference of energies as soon as it is not', async () => {
  // Of equal qubits either flip is of one energy, and both are one jump: what x makes of that is of first order.
  const machine = describedMachine(
    'equal.yaml',
    `
name: two equal qubits
model: global
subsystems: {a: 2, b: 2}
parameters: {w: 1, u: 0.3, x: 0, k: 0.1, Th: 2, Tc: 0.5}
hamiltonian:
  a: w*P(a, 1) 
  b: w*P(b, 1) 
  both: u*P(a, 1)*P(b, 1)
baths:
  hot: {temperature: Th, coupling: sx(a) + x*sx(b), spectrum: k*omega}
  cold: {temperature: Tc, coupling: sx(b) + 0.3*sx(a), spectrum: k*omega}
`,
  );
  const window = wholeWindow(machine);
  const at = async (x: number) =>
    (await machineSensitivity(machine, { ...defaultValues(machine), x }, window)).observables;
  const here = await at(0);
  const h = 1e-3;
  const [less, least, more, most] = await Promise.all([-h, -2 * h, h, 2 * h].map(at));
  for (const of of ['heat.hot', 'energy.a', 'energy.b']) {
    const wanted =
      (8 * (more[of].value - less[of].value) - (most[of].value - least[of].value)) / (12 * h);
    const { value = Number.NaN, error = Number.NaN } = here[of].by.x ?? {};
    expect(Math.abs(wanted), of).toBeGreaterThan(1e-4);
    expect(Math.abs(value - wanted), of).toBeLessThan(1e-10 + error);
  }
});

test('a bath that is switched off has a derivative by its strength', async () => {
  const window = wholeWindow(qubits);
  const at = async (kh: number) =>
    (await machineSensitivity(qubits, { ...defaultValues(qubits), kh }, window)).observables;
  const h = 1e-6;
  const [here, one, two] = await Promise.all([0, h, 2 * h].map(at));
  const wanted = (4 * one['heat.hot'].value - two['heat.hot'].value) / (2 * h);
  const { value = Number.NaN } = here['heat.hot'].by.kh ?? {};
  expect(wanted).toBeGreaterThan(0.1);
  expect(Math.abs(value / wanted - 1)).toBeLessThan(1e-6);
});

test('searches have them as gradients', async () => {
  const values = defaultValues(qubits);
  const window = wholeWindow(qubits);
  const searched = new ObservedDescribed(qubits, values, window, 1e-8);
  const point = await searched.at({ g: 0.2 }, true);
  const found = await point?.read('heat.hot');
  const { observables } = await machineSensitivity(qubits, { ...values, g: 0.2 }, window, [
    'heat.hot',
  ]);
  for (const by of ['g', 'x', 'Th', 'kc']) {
    const wanted = observables['heat.hot'].by[by]?.value;
    expect(found && slopesOf(found).get(by)?.value, by).toBeCloseTo(wanted ?? Number.NaN, 12);
  }
});

test.each([
  [
    'of the gallery’s heat valve, whose quanta baths between eigenstates bring',
    galleryMachine('two-qubit-rectifier'),
    'hot',
  ],
  ['of the mill without a potential, whose load is between bare states', mill, 'load'],
])(
  'current, noise, entropy and their relation %s change as differences do',
  async (_, machine, bath) => {
    const values = defaultValues(machine);
    const window = wholeWindow(machine);
    const searched = new ObservedDescribed(machine, values, window, 0.9);
    const keys = Object.keys(values).filter((key) => values[key] !== 0);
    const shares = keys.map((_, k) => Math.sin(3 * k + 1));
    const at = async (step: number, name: string) => {
      const changed = keys.map((key, k) => [key, values[key] * (1 + step * shares[k])]);
      const point = await searched.at(Object.fromEntries(changed), true);
      const found = await point?.read(name);
      if (!found) throw new Error(`no ${name}`);
      return found;
    };
    const h = 2e-4;
    for (const name of [
      `currents.${bath}`,
      `noise.${bath}`,
      'entropyProduction.sum',
      `TUR.${bath}`,
    ]) {
      const here = await at(0, name);
      const [less, least, more, most] = await Promise.all(
        [-h, -2 * h, h, 2 * h].map(async (step) => (await at(step, name)).value.value),
      );
      const wanted = (8 * (more - less) - (most - least)) / (12 * h);
      let [along, off, scale] = [0, 0, Math.abs(here.value.value)];
      keys.forEach((key, k) => {
        const { value, error } = slopesOf(here).get(key) ?? {
          value: Number.NaN,
          error: Number.NaN,
        };
        along += value * values[key] * shares[k];
        off += error * Math.abs(values[key]);
        scale += Math.abs(value * values[key]);
      });
      expect(Math.abs(along - wanted), name).toBeLessThan(
        1e-9 * scale + off + (2 * here.value.error) / h,
      );
      expect(off, `errors of ${name}`).toBeLessThan(1e-7 * scale);
    }
  },
);

test('too many eigenstates are refused, and a parameter by which there are none has null', async () => {
  const wide = galleryMachine('jaynes-cummings', 'global');
  const levels = 200;
  const refused = machineSensitivity(wide, defaultValues(wide), {
    ...{ lmin: 0, lmax: levels - 1, size: levels },
  });
  await expect(refused).rejects.toThrow(
    /^lmax = 199: must be nearer to lmin for derivatives between eigenstates: .* at most 160 are taken$/,
  );
  const text = (coupling: string, u: string) => `
name: two qubits
model: global
subsystems: {a: 2, b: 2}
parameters: {x: 0, k: 0.1, v: 0}
hamiltonian: 
  both: P(a, 1) + P(b, 1) + ${u}
baths:
  hot: {temperature: 2, coupling: ${coupling}, spectrum: k*omega}
  cold: {temperature: 1, coupling: sx(b) + 0.2*sx(a), spectrum: k*omega}
`;
  const of = async (coupling: string, u: string) => {
    const machine = describedMachine('qubits.yaml', text(coupling, u));
    return machineSensitivity(machine, defaultValues(machine), wholeWindow(machine));
  };
  const steep = await of('sx(a) + sqrt(x)*sx(b)', '(1 + v)*0.1*P(a,1)*P(b,1)');
  expect(steep.notes).toEqual(['no derivatives by x: what it is in changes infinitely fast there']);
  const parted = await of('sx(a) + x*sx(b)', 'v*P(a, 1)');
  expect(parted.notes).toEqual([
    'no derivatives by v: states of one energy, or differences of energies that count as one, part with it',
  ]);
  for (const [{ observables, fisherInformation }, none, other] of [
    [steep, 'x', 'v'],
    [parted, 'v', 'x'],
  ] as const) {
    for (const { by } of [...Object.values(observables), { by: fisherInformation }]) {
      expect(by[none]).toBeNull();
      expect(by[other]?.value).not.toBeNaN();
      expect(by.k?.value).not.toBeNaN();
    }
  }
});
