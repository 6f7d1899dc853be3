/**
 * Random open systems on every way that takes one: each gives the answer of the whole space, found by an independent
 * dense solver, or refuses by name. QMILL_SYSTEMS says how many systems; QMILL_DIMENSION how large the largest is.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { populationsOf } from '../../src/generator/classes.js';
import { ketSystem } from '../../src/generator/kets.js';
import { type Lindbladian, lindbladian } from '../../src/generator/lindbladian.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { exchange } from '../../src/model/qubits.js';
import { type OpenSystem, withHamiltonian } from '../../src/operators/openSystem.js';
import { adjoint, operator, scale, sum } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import type { SolverChoice } from '../../src/simulate/route.js';
import { steadyStateOf } from '../../src/simulate/systemSteady.js';
import { ChebyshevEvolution } from '../../src/solve/chebyshevEvolution.js';
import { DirectEvolution } from '../../src/solve/directEvolution.js';
import type { Evolver } from '../../src/solve/evolver.js';
import { largestDifference } from '../../src/solve/uniqueness.js';
import { embedded } from '../../src/state/embed.js';
import { Dense } from '../support/dense.js';
import { denseOperator, denseState } from '../support/generators.js';
import { nullSpace, stateOf } from '../support/nullSpace.js';
import { denseJumps, denseLindbladian, kinds, openSystem } from '../support/openSystems.js';

const SYSTEMS = Number(process.env.QMILL_SYSTEMS ?? 30);
const LARGEST = Number(process.env.QMILL_DIMENSION ?? 12);

const CHOICES: SolverChoice[] = [
  { space: 'auto', method: 'auto' },
  ...(['gmres', 'direct', 'power'] as const).map((method) => ({
    space: 'sector' as const,
    method,
  })),
  ...(['gmres', 'bicgstab', 'direct'] as const).map((method) => ({
    space: 'band' as const,
    method,
  })),
  ...(['gmres', 'bicgstab', 'direct', 'power', 'propagation'] as const).map((method) => ({
    space: 'full' as const,
    method,
  })),
];

/** What a way may refuse with. */
const REFUSALS = new Set(['NonUniqueSteadyStateError', 'ParameterError', 'SpectrumError']);

/** ρ by the dense solver, where there is one that float64 knows to 1e-10; else how many there are. */
function denseAnswer(system: OpenSystem, l: Dense): { rho: Dense | null; nullity: number } {
  const dimension = system.states * system.window.size;
  const { nullity, gap, vector } = nullSpace(
    l,
    Array.from({ length: dimension ** 2 }, (_, i) => i),
  );
  if (vector === null || gap < 1e-7) return { rho: null, nullity };
  return { rho: stateOf(vector), nullity };
}

const refusal = (error: unknown): string => {
  const { name, stack } = error as Error;
  if (!REFUSALS.has(name)) throw new Error(`no refusal, but ${stack}`);
  return name;
};

/** How often each way answered, refused, or said that it did not get there. */
const counts = new Map<string, number>();
const count = (way: string, what: string) => {
  const key = `${way}: ${what}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

async function expectSteadyStates(system: OpenSystem): Promise<void> {
  const l = denseLindbladian(system);
  const { rho, nullity } = denseAnswer(system, l);
  // Between a unique state and none float64 is no judge.
  if (rho === null && nullity === 1) return;
  for (const choice of CHOICES) {
    const way = `${choice.space} ${choice.method}`;
    let solution: Awaited<ReturnType<typeof steadyStateOf>>;
    try {
      solution = await steadyStateOf(system, choice, cpuBackend());
    } catch (error) {
      const name = refusal(error);
      count(way, name);
      // Two elements of ρ that are not coupled may each be conserved: then the whole space has many states.
      if (name === 'NonUniqueSteadyStateError') expect(nullity, way).toBeGreaterThan(1);
      continue;
    }
    count(way, solution.solver.converged ? 'answers' : 'not converged');
    if (!solution.solver.converged) continue;
    const found = denseState(solution.rho.space, solution.rho.elements);
    expect(solution.rho.elements.every(Number.isFinite), way).toBe(true);
    const residual = Dense.ofVector(l.apply(found.vector())).max();
    expect(residual, `${way}: ‖Lρ‖`).toBeLessThan(1e-9);
    if (rho !== null) expect(found.plus(rho, -1).max(), way).toBeLessThan(1e-9);
  }
}

/** A state of populations alone. */
function start({ space }: Lindbladian): Float64Array {
  const elements = new Float64Array(2 * space.size);
  let at = 1;
  let total = 0;
  for (const { offset, length } of populationsOf(space)) {
    for (let p = 0; p < length; p++, at++) {
      elements[2 * (offset + p)] = at;
      total += at;
    }
  }
  return elements.map((x) => x / total);
}

/** e^{Lt}x by Taylor's series in short steps. */
function exponential(l: Dense, x: Float64Array, t: number): Float64Array {
  let norm = 0;
  for (let i = 0; i < l.n; i++) {
    let sum = 0;
    for (let j = 0; j < l.n; j++) sum += Math.hypot(l.re[i * l.n + j], l.im[i * l.n + j]);
    norm = Math.max(norm, sum);
  }
  const steps = Math.max(1, Math.ceil(norm * t));
  let y = x;
  for (let step = 0; step < steps; step++) {
    let term = y;
    const sum = y.slice();
    for (let k = 1; k <= 20; k++) {
      term = l.apply(term).map((value) => (value * t) / (steps * k));
      for (let i = 0; i < sum.length; i++) sum[i] += term[i];
    }
    y = sum;
  }
  return y;
}

const SHORT = 0.6;
const LONG = 1e7;
const TOLERANCES = { rtol: 1e-12, atol: 1e-13 };

async function expectEvolutions(system: OpenSystem): Promise<void> {
  const l = denseLindbladian(system);
  const { rho } = denseAnswer(system, l);
  for (const space of ['sector', 'full'] as const) {
    const generator = lindbladian(system, space);
    const elements = start(generator);
    const wanted = Dense.ofVector(
      exponential(l, denseState(generator.space, elements).vector(), SHORT),
    );
    const ways: Record<string, () => Promise<Evolver>> = {
      rational: async () => new DirectEvolution(generator.total, elements, TOLERANCES),
      chebyshev: () => ChebyshevEvolution.open(cpuBackend(), generator.total, elements, TOLERANCES),
    };
    for (const [name, open] of Object.entries(ways)) {
      const way = `evolution, ${space} ${name}`;
      const evolver = await open();
      await evolver.advanceTo(SHORT, async () => {});
      const found = denseState(generator.space, await evolver.elements());
      expect(found.plus(wanted, -1).max(), way).toBeLessThan(1e-9);
      count(way, 'answers');
      if (name !== 'rational' || rho === null) continue;
      await evolver.advanceTo(LONG, async () => {});
      const last = denseState(generator.space, await evolver.elements());
      // What oscillates for ever has not come to rest.
      if (Dense.ofVector(l.apply(last.vector())).max() > 1e-11) continue;
      count(way, 'comes to rest');
      expect(last.plus(rho, -1).max(), `${way}, at rest`).toBeLessThan(1e-8);
    }
  }
}

/** A pendulum that gravity and cos 2φ turn, kicked to both sides at once: A†A reaches to the next level but one. */
function farReaching(states: number, size: number): OpenSystem {
  const lmin = -Math.floor(size / 2);
  const window = { lmin, lmax: lmin + size - 1, size };
  const every = Array.from({ length: states }, (_, s) => s);
  const on = (value: number, ...rotor: Parameters<typeof operator>[2][]) =>
    operator(
      window,
      every.map((s) => ({ to: s, from: s, value: { re: value, im: 0 } })),
      ...rotor,
    );
  const flip = (to: number, from: number, value: number, shift: number) =>
    operator(window, [{ to, from, value: { re: value, im: 0 } }], { shift });
  const hamiltonian = sum(
    window,
    on(0.5, { shift: 0, f: (l) => l * l + 0.3 * l }),
    on(0.4, { shift: 1 }, { shift: -1 }),
    on(0.7, { shift: 2 }, { shift: -2 }),
    ...(states > 1 ? [flip(1, 0, 0.3, 2), flip(0, 1, 0.3, -2)] : []),
  );
  const kick = operator(
    window,
    every.map((s) => ({ to: s, from: s, value: { re: 0.3 + 0.1 * s, im: 0.1 } })),
    { shift: 1, f: (l) => 1 + 0.2 * l },
    { shift: -1, f: (l) => 1 - 0.1 * l },
  );
  const cool = [1, -1].map((k) =>
    on(0.6, { shift: -k, f: (l) => (k * l > 0 ? Math.abs(l) : 0.2) }),
  );
  const swap = states > 1 ? [flip(1, 0, 0.4, 0), flip(0, 1, 0.8, 0)] : [];
  return {
    states,
    window,
    hamiltonian,
    jumps: {
      kicks: { operators: [kick], resolved: [] },
      cold: { operators: [...cool, ...swap], resolved: [] },
    },
  };
}

/** −iH − ½Σ A†A of the state vectors. */
function expectNoJumpGenerator(system: OpenSystem): void {
  const energies = Object.fromEntries(
    Object.keys(system.jumps).map((bath) => [bath, sum(system.window)]),
  );
  const { generator, dimension } = ketSystem(system, energies);
  const { starts, columns, re, im } = generator;
  const found = new Dense(dimension);
  for (let i = 0; i < dimension; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      found.re[i * dimension + columns[e]] += re[e];
      found.im[i * dimension + columns[e]] += im[e];
    }
  }
  const wanted = denseJumps(system).reduce(
    (g, a) => g.plus(a.dagger().dot(a), -0.5),
    denseOperator(system.hamiltonian, system.states).times(0, -1),
  );
  expect(found.plus(wanted, -1).max()).toBeLessThan(1e-12 * Math.max(1, wanted.max()));
}

describe('random open systems', () => {
  const options = { numRuns: SYSTEMS };
  const patience = 60_000 + 2_000 * SYSTEMS;

  test(
    'have one steady state on every space and by every method, or are refused by name',
    () =>
      fc.assert(
        fc.asyncProperty(kinds(LARGEST), (kind) => expectSteadyStates(openSystem(kind))),
        options,
      ),
    patience,
  );

  test(
    'evolve as the exponential of the whole superoperator, and come to rest in the steady state',
    () =>
      fc.assert(
        fc.asyncProperty(kinds(Math.min(LARGEST, 10)), (kind) =>
          expectEvolutions(openSystem(kind)),
        ),
        options,
      ),
    patience,
  );

  test.each([
    [1, 11],
    [2, 6],
    [2, 5],
  ])(
    'of %i states, with terms that reach to the next level but one, are answered',
    async (n, size) => {
      const system = farReaching(n, size);
      const l = denseLindbladian(system);
      const { rho } = denseAnswer(system, l);
      if (rho === null) throw new Error('the steady state is not unique');
      for (const choice of CHOICES) {
        if (choice.space === 'sector' || choice.method === 'propagation') continue;
        const { solver, rho: found } = await steadyStateOf(system, choice, cpuBackend());
        const way = `${choice.space} ${choice.method}`;
        expect(solver.converged, way).toBe(true);
        const difference = denseState(found.space, found.elements).plus(rho, -1).max();
        expect(difference, way).toBeLessThan(1e-12);
      }
      await expectEvolutions(system);
    },
  );

  test('with such terms are solved in layers and around chains, too, where not all sectors are coupled', async () => {
    const window = rotorWindow(-13, 13);
    const { system } = device(deviceParameters({ lambda: 0, V: 0.5 }), window);
    const twice = scale(operator(window, exchange, { shift: 2 }), 0.2);
    const hamiltonian = sum(window, system.hamiltonian, twice, adjoint(twice));
    const solve = (method: 'gmres' | 'bicgstab' | 'direct') =>
      steadyStateOf(withHamiltonian(system, hamiltonian), { space: 'band', method }, cpuBackend());
    const all = await solve('direct');
    expect(all.solver.converged).toBe(true);
    // In layers, and around chains.
    for (const some of [await solve('gmres'), await solve('bicgstab')]) {
      expect(some.solver.converged).toBe(true);
      expect(some.solver.iterations).toBeGreaterThan(all.solver.iterations);
      const { elements } = embedded(some.rho, all.rho.space);
      expect(largestDifference(elements, all.rho.elements)).toBeLessThan(1e-13);
    }
  });

  test('decay without a jump as −iH − ½ΣA†A says', () => {
    fc.assert(
      fc.property(kinds(LARGEST), (kind) => expectNoJumpGenerator(openSystem(kind))),
      options,
    );
  });

  test('are answered by more ways than refuse', () => {
    const total = (what: string) =>
      [...counts].reduce((sum, [key, n]) => (key.endsWith(what) ? sum + n : sum), 0);
    if (process.env.QMILL_SYSTEMS !== undefined)
      console.log(Object.fromEntries([...counts].sort()));
    expect(total('answers')).toBeGreaterThan(SYSTEMS);
  });
});
