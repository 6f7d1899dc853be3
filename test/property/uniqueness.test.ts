/**
 * Small open systems with few jumps, of which some keep more than one state for ever: what dense elimination says of
 * the elements that populations lead to, each way must say. QMILL_SYSTEMS says how many systems.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { describedMachine } from '../../src/machine/description/described.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import type { SolverChoice } from '../../src/simulate/route.js';
import { steadyStateOf } from '../../src/simulate/systemSteady.js';
import { NonUniqueSteadyStateError } from '../../src/solve/conservingElimination.js';
import type { Dense } from '../support/dense.js';
import { denseState } from '../support/generators.js';
import { steadyOf } from '../support/machines.js';
import { nullSpace } from '../support/nullSpace.js';
import { denseLindbladian, type Kind, kinds, openSystem } from '../support/openSystems.js';

const SYSTEMS = Number(process.env.QMILL_SYSTEMS ?? 30);

const WAYS: SolverChoice[] = [
  { space: 'auto', method: 'auto' },
  { space: 'full', method: 'direct' },
  { space: 'full', method: 'power' },
  { space: 'band', method: 'gmres' },
];

/** The elements of a density matrix that its diagonal leads to. */
function ledToByPopulations(l: Dense, dimension: number): number[] {
  const found = new Set(Array.from({ length: dimension }, (_, i) => i * (dimension + 1)));
  for (const from of found) {
    for (let to = 0; to < l.n; to++) {
      if (Math.hypot(l.re[to * l.n + from], l.im[to * l.n + from]) > 1e-14) found.add(to);
    }
  }
  return [...found].sort((a, b) => a - b);
}

async function expectVerdicts(kind: Kind, ways = WAYS): Promise<void> {
  const system = openSystem(kind);
  const dimension = kind.states * kind.size;
  const l = denseLindbladian(system);
  const kept = ledToByPopulations(l, dimension);
  const { nullity, gap, nothing, vector } = nullSpace(l, kept);
  // Between one state and many float64 is no judge.
  if (nullity === 1 ? gap < 1e-7 : nothing > 1e-14) return;
  // Of any phase, too.
  const trace = { re: 0, im: 0 };
  kept.forEach((k, i) => {
    if (k % (dimension + 1) !== 0) return;
    trace.re += vector?.[2 * i] ?? 0;
    trace.im += vector?.[2 * i + 1] ?? 0;
  });
  for (const choice of ways) {
    const way = `${choice.space} ${choice.method}`;
    const solution = steadyStateOf(system, choice, cpuBackend());
    if (vector === null) {
      // Refused, or marked as not found.
      const found = await solution.catch((error: unknown) => error);
      if (!(found instanceof Error))
        expect(found, way).toMatchObject({ solver: { converged: false } });
      else expect(found, way).toBeInstanceOf(NonUniqueSteadyStateError);
      continue;
    }
    const { solver, rho } = await solution;
    expect(solver.converged, way).toBe(true);
    const { re } = denseState(rho.space, rho.elements);
    kept.forEach((k, i) => {
      const wanted =
        (vector[2 * i] * trace.re + vector[2 * i + 1] * trace.im) / (trace.re ** 2 + trace.im ** 2);
      expect(Math.abs(re[k] - wanted), way).toBeLessThan(1e-9);
    });
  }
}

const base = { states: 2, size: 4, reach: 1, conserved: 'jumps', mixing: false, resolved: false };
const kind = (of: Partial<Kind>): Kind => ({ ...base, seed: 1, lmin: 0, ...of }) as Kind;

test.each([
  [
    'dark, and far from where it starts',
    { seed: 967842956, states: 4, size: 3, lmin: -5, conserved: 'none' },
  ],
  [
    'dark, with a rate that is rounding',
    { seed: 25, states: 1, size: 3, lmin: -4, reach: 2, resolved: true },
  ],
  [
    'dark, and levels keep what they have by themselves',
    { seed: 383380298, lmin: -5, resolved: true },
  ],
  [
    'dark, and terms of H alone join some levels',
    { seed: 554979709, lmin: 1, conserved: 'all', resolved: true },
  ],
  ['without the population whose equation is given up', { seed: 543070399, size: 3, lmin: -1 }],
  [
    'with no population in every other level',
    { seed: 965111377, lmin: -4, reach: 2, conserved: 'none' },
  ],
  [
    'one of many that terms of H alone mix, and which rounding makes one of',
    { seed: 145002493, size: 3, lmin: -3, conserved: 'all' },
  ],
  [
    'one of many, of which the search starts at one',
    { seed: 92475684, states: 1, size: 8, lmin: -3 },
  ],
  [
    'one of many, from all of which a search ends at none',
    { seed: 66509520, lmin: -6, conserved: 'none' },
  ],
  [
    'without the population whose equation a power iteration gives up',
    { seed: 1028011789, size: 3, lmin: 0, reach: 2, conserved: 'all' },
  ],
  ['without it, where other charges are solved apart', { seed: 864991452, reach: 2 }],
  [
    'one of two, of which one has none of that population',
    { seed: 582351616, states: 1, size: 8, lmin: -4, reach: 2, conserved: 'none' },
  ],
  ['nearly without the population whose equation is given up', { seed: 864991401 }],
  [
    'dark, with a rate that rounding leaves in the sum of its jumps',
    { seed: 615424011, states: 1, size: 5, conserved: 'all' },
  ],
] as [string, Partial<Kind>][])('a steady state that is %s', (_, of) => expectVerdicts(kind(of)));

test('a charge whose coherences are farther apart than the window is wide', async () => {
  const of = kind({ seed: 985531544, size: 3, reach: 2, conserved: 'none', mixing: true });
  await expectVerdicts(of, [...WAYS, { space: 'full', method: 'propagation' }]);
});

/** What H and all jumps commute with, without a diagonal: populations tell nothing of it. */
const CONSERVED: Readonly<Record<string, string>> = {
  'of a qubit': `
subsystems: {q: 2}
hamiltonian: {e: sx(q)}
baths: {b: {temperature: none, jumps: ["0.5*sx(q)"]}}
`,
  'of a ring': `
ladder: {kind: ring, sites: 7}
hamiltonian: {e: hop + hc}
baths: {b: {temperature: none, jumps: ["0.5*hop"]}}
`,
  'of a qubit beside a rotor whose levels are counted': `
subsystems: {q: 2}
ladder: {kind: rotor, window: [-2, 2]}
hamiltonian: {e: sx(q), l: L^2}
baths:
  b: {temperature: none, jumps: ["0.5*sx(q)"]}
  r: {temperature: none, jumps: ["0.5*exp(i*phi)", "0.7*exp(-i*phi)"]}
`,
  'of a qubit beside a rotor in a potential': `
subsystems: {q: 2}
ladder: {kind: rotor, window: [-2, 2]}
hamiltonian: {e: sx(q), l: L^2, v: 0.5*cos(phi)}
baths:
  b: {temperature: none, jumps: ["0.5*sx(q)"]}
  r: {temperature: none, jumps: ["0.5*exp(i*phi)", "0.7*exp(-i*phi)"]}
`,
};

test.each(Object.entries(CONSERVED))('σx, or a shift, is conserved %s', async (_, text) => {
  const described = describedMachine('m.yaml', `name: m${text}`, 'local');
  const { ladder } = described;
  const window = { lmin: ladder.lmin, lmax: ladder.lmax, size: ladder.lmax - ladder.lmin + 1 };
  const { system } = new MachineSystem(described).on(window, {});
  for (const choice of WAYS) {
    const found = steadyStateOf(system, choice, cpuBackend());
    await expect(found, `${choice.space} ${choice.method}`).rejects.toThrow(
      NonUniqueSteadyStateError,
    );
  }
  // By elimination in the sector, too, where there is one.
  await expect(steadyOf(described, {})).rejects.toThrow(NonUniqueSteadyStateError);
});

test('unique states are found, and others refused', { timeout: 60_000 + 1000 * SYSTEMS }, () =>
  fc.assert(
    fc.asyncProperty(kinds(8), fc.boolean(), (of, mixing) =>
      expectVerdicts({ ...of, mixing: of.mixing && mixing }),
    ),
    { numRuns: SYSTEMS },
  ),
);
