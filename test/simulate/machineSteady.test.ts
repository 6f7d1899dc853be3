/** Machines of the gallery against numbers that were not made here, and against the built-in mill. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { steadyObservables, steadyState } from '../../src/simulate/steady.js';
import { numbers } from '../support/arbitrary.js';
import { galleryMachine, steadyOf } from '../support/machines.js';

interface Entry {
  readonly name: string;
  readonly values: never;
  readonly parameters: Record<string, number>;
  readonly tolerance: number;
}

const entries: readonly Entry[] = JSON.parse(
  readFileSync(new URL('../reference/gallery.json', import.meta.url), 'utf8'),
);

function entry<V>(name: string): Omit<Entry, 'values'> & { readonly values: V } {
  const found = entries.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`${name} is not in the reference`);
  return found;
}

const within = (found: number, wanted: number, tolerance: number) =>
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));

describe('the gallery has the numbers of its sources', () => {
  test('piston', async () => {
    const { values, parameters, tolerance } = entry<Record<string, number>>('piston');
    const { problems, solution, ladder, populations, flows, observables } = await steadyOf(
      galleryMachine('piston'),
      parameters,
    );
    expect(problems).toEqual([]);
    expect(solution.residual).toBeLessThan(1e-12);
    within(ladder?.mean as number, values.Lz, tolerance);
    within(ladder?.meanSquare as number, values.Lz2, tolerance);
    within(populations.q[1], values.excited, tolerance);
    within(observables.power as number, values.P, tolerance);
    within(flows.work.load, values.Wload, tolerance);
  });

  test('piston on a window wide enough to be cut off at its coherences, by both ways', async () => {
    const wide = [-33, 33] as const;
    const cut = await steadyOf(galleryMachine('piston'), {}, wide);
    const whole = await steadyOf(galleryMachine('piston'), {}, wide, {
      space: 'band',
      method: 'direct',
      dmax: 66,
    });
    expect(cut.solution.solver.dmax).toBeLessThan(66);
    expect(whole.solution.solver.dmax).toBeNull();
    expect(cut.solution.residual).toBeLessThan(1e-14);
    within(cut.ladder?.mean as number, whole.ladder?.mean as number, 1e-13);
    within(cut.flows.work.load, whole.flows.work.load, 1e-13);
    within(cut.observables.power as number, whole.observables.power as number, 1e-13);
  });

  test('pendulum', async () => {
    const { values, parameters, tolerance } =
      entry<readonly { betaR: number; withLoad: number }[]>('load and potential');
    for (const { betaR, withLoad } of values) {
      const { problems, observables } = await steadyOf(galleryMachine('pendulum'), {
        ...parameters,
        betaR,
      });
      expect(problems).toEqual([]);
      within(observables.cosine as number, withLoad, tolerance);
    }
  });

  test('rotor under the load', async () => {
    const { tolerance } = entry('rotor under the load');
    const machine = galleryMachine('rotor-under-load');
    const { ladder } = await steadyOf(machine, { I: 1, betaR: 3 });
    within(ladder?.meanSquare as number, 16 / 39, tolerance);
    within(ladder?.mean as number, 0, tolerance);
    // Of betaR = 6 the moment takes windows of millions of levels: its balance does not.
    for (const betaR of [0.7, 3, 6]) {
      const a = betaR / 4;
      const { ladder: found } = await steadyOf(machine, { I: 1, betaR }, [-30, 30]);
      const p = found?.populations as Float64Array;
      for (let l = -30; l < 30; l++) {
        within(p[l + 31] / p[l + 30], ((1 - a * l) / (1 + a * (l + 1))) ** 2, tolerance);
      }
    }
  });

  test('current of two exchange-coupled qubits', async () => {
    const { values, tolerance } =
      entry<readonly Record<'g' | 'k' | 'n_h' | 'n_c' | 'current', number>[]>(
        'mill as counting field',
      );
    for (const { g, k, n_h: nh, n_c: nc, current } of values) {
      const { observables } = await steadyOf(galleryMachine('exchange-qubits'), { g, k, nh, nc });
      within((observables.current as number) / current, 1, tolerance);
    }
    // Of the formula at numbers that are not in the file.
    fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.05, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        async (g, nh, nc) => {
          const [a, b] = [2 * nh + 1, 2 * nc + 1];
          const wanted = (4 * g * g * a * b * (nh / a - nc / b)) / ((a + b) * (4 * g * g + a * b));
          const { observables } = await steadyOf(galleryMachine('exchange-qubits'), { g, nh, nc });
          within(observables.current as number, wanted, tolerance);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('single level', async () => {
    const { values, tolerance } = entry<Record<'kh' | 'kc' | 'c1', number>>('noise of a single');
    const { kh, kc, c1 } = values;
    const { observables } = await steadyOf(galleryMachine('single-level'), { kh, kc });
    within(observables.current as number, c1, tolerance);
  });
});

test('what rounding leaves is that of the answer, not of the mixed state that a solution starts from', async () => {
  const machine = galleryMachine('rotor-under-load');
  const choice = { space: 'auto', method: 'gmres' } as const;
  const { solution, ladder } = await steadyOf(machine, {}, [-1000, 1000], choice);
  // Of all levels alike ‖|L||ρ|‖ is 7000 times as much.
  expect(solution.solver.residualFloor / (2 ** -53 * solution.magnitude)).toBeCloseTo(1, 10);
  expect(solution.residual).toBeLessThan(4 * solution.solver.residualFloor);
  within(ladder?.meanSquare as number, 16 / 39, 1e-12);
});

test('rounding of what a fast jump leaves where it was is in the error of a flow', async () => {
  const machine = describedMachine(
    'dephased.yaml',
    `
name: dephased
subsystems: { q: 2, r: 2, s: 3 }
parameters: { T: 4694.9, k: 39.7, kq: 0.00108, kd: 33846.15 }
hamiltonian:
  eq: 8.78*P(q, 1) + 4.9*sx(q)
  er: 0.77*P(r, 1) + 0.0555*(raise(q)*lower(r) + hc)
  es: 15.3*P(s, 1) + P(s, 2) + 0.0579*(raise(r)*lower(s) + hc)
  far: P(s, 2)
baths:
  bq: { temperature: T, jumps: [sqrt(kq)*lower(q), sqrt(kq)*raise(q), "sqrt(kd)*P(q, 1)"] }
  br: { temperature: T, coupling: sx(r), spectrum: k*omega/(1 + omega^2) }
`,
  );
  const { solution, problems } = await steadyOf(machine);
  expect(problems).toEqual([]);
  // The jumps of a qubit bring nothing into what is elsewhere.
  const { value, error } = solution.flow(['far'], 'bq');
  expect(error).not.toBeNull();
  expect(Math.abs(value)).toBeLessThanOrEqual(error as number);
  expect(error).toBeLessThan(1e-9);
});

test('the same machine has the same bits, whatever was solved before', async () => {
  const text = `
name: between eigenstates
model: global
subsystems: { q: 3 }
ladder: { kind: finite, levels: 3 }
parameters: { w: 2.9648, g: 0.1219, T: 9.7154, k: 6.8239 }
hamiltonian:
  q: w*num(q)
  n: 9.1989*n
  x: g*(down*raise(q) + hc)
baths:
  hot: { temperature: T, coupling: (lower(q) + hc), spectrum: k*omega^3 }
  other: { temperature: none, jumps: [down, 0.9*up] }
`;
  const states = [];
  for (let k = 0; k < 5; k++) {
    const { solution } = await steadyOf(describedMachine('between.yaml', text));
    states.push(solution.rho.elements);
  }
  for (const state of states) expect(state).toEqual(states[0]);
});

test('what runs away is said to have no steady state on any window', async () => {
  const { problems } = await steadyOf(galleryMachine('flywheel'));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(
    /^the population of the highest level .* unless it runs away: evolve/,
  );
});

test('at absolute zero nothing leads upwards, and no entropy is counted', async () => {
  const machine = describedMachine(
    'm.yaml',
    `name: decay
subsystems: {q: 2}
parameters: {k: {default: 0.2, unit: energy}, T: {default: 0, unit: energy}}
hamiltonian: {h: k*sz(q)}
baths: {b: {temperature: T, coupling: sx(q), spectrum: k}}`,
  );
  const cold = await steadyOf(machine);
  expect(cold.populations.q).toEqual([1, 0]);
  expect(cold.flows.entropyProduction).toBeNull();
  const { flows } = await steadyOf(machine, { T: 0.1 });
  expect(flows.entropyProduction).toBeCloseTo(0, 12);
});

test('the mill from its file is the built-in one', async () => {
  const machine = galleryMachine('quantum-mill');
  const window = truncation({ lmin: -40, lmax: 60 });
  await fc.assert(
    fc.asyncProperty(numbers, async ({ V: _, ...device }) => {
      const built = steadyObservables(steadyState(deviceParameters(device), window), window);
      const found = await steadyOf(machine, device, [-40, 60]);
      const { heat, work } = found.flows;
      const largest = Math.max(...Object.values(built.heat).map(Math.abs));
      const same = (a: number, b: number, scale: number) =>
        expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * scale);
      same(heat.bath1, built.heat.Q1, largest);
      same(heat.bath2, built.heat.Q2, largest);
      same(heat.load, built.heat.Qr, largest);
      same(work.bath1 + work.bath2, built.work.WQ, largest);
      same(work.load, built.work.Wr, largest);
      const spread = Math.sqrt(found.ladder?.meanSquare as number);
      same(found.ladder?.mean as number, built.rotor.Lz, spread);
      const lz2 = built.rotor.Lz2 ?? Infinity;
      if (Number.isFinite(lz2)) same(found.ladder?.meanSquare as number, lz2, lz2);
      found.ladder?.populations.forEach((p, i) => {
        same(p, built.rotor.populations[i], 1);
      });
    }),
    { numRuns: 30 },
  );
});
