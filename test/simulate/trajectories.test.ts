import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/generator/apply.js';
import type { Space } from '../../src/generator/classes.js';
import type { Generator } from '../../src/generator/generator.js';
import type { KetSystem } from '../../src/generator/kets.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { device } from '../../src/model/device.js';
import { angularMomentum, angularMomentumSquared } from '../../src/model/hamiltonian.js';
import { type InitialInput, initialState } from '../../src/model/initial.js';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { onCpu } from '../../src/simulate/evolutionStage.js';
import { Evolution } from '../../src/simulate/evolve.js';
import { type Estimate, mergeMoments } from '../../src/simulate/moments.js';
import { deviceKets, Trajectories } from '../../src/simulate/trajectories.js';
import { runTrajectories, type TrajectoriesDone } from '../../src/simulate/trajectoryPool.js';
import { propagators } from '../../src/solve/noJump.js';
import { RandomStream } from '../../src/solve/philox.js';
import { TrajectoryRunner } from '../../src/solve/trajectory.js';
import { expectation, rotorPopulations } from '../../src/state/densityMatrix.js';
import { initialDensityMatrix } from '../../src/state/initialState.js';
import { ketSampler } from '../../src/state/sampling.js';
import { globalHeat, localHeat } from '../../src/thermo/heat.js';
import { channelRates } from '../../src/thermo/rates.js';
import {
  between,
  models,
  numbers,
  numbersWithPotential,
  smallWindow,
} from '../support/arbitrary.js';
import { Dense } from '../support/dense.js';
import { spaceVector } from '../support/generators.js';

type Ket = { re: Float64Array; im: Float64Array };

/** −iH − ½ΣA†A on a state vector. */
function decayed({ generator, dimension }: KetSystem, { re, im }: Ket): Ket {
  const out = { re: new Float64Array(dimension), im: new Float64Array(dimension) };
  for (let c = 0; c < dimension; c++) {
    for (let e = generator.starts[c]; e < generator.starts[c + 1]; e++) {
      const d = generator.columns[e];
      out.re[c] += generator.re[e] * re[d] - generator.im[e] * im[d];
      out.im[c] += generator.re[e] * im[d] + generator.im[e] * re[d];
    }
  }
  return out;
}

/** Σ_pairs |a⟩⟨b| */
const outer = (a: Ket, b: Ket): Dense =>
  Dense.from(a.re.length, (i, j) => [
    a.re[i] * b.re[j] + a.im[i] * b.im[j],
    a.im[i] * b.re[j] - a.re[i] * b.im[j],
  ]);

/** Every A_jψ. */
function jumped({ jumps, dimension }: KetSystem, { re, im }: Ket): Ket[] {
  const kets: Ket[] = [];
  for (let c = 0; c < dimension; c++) {
    for (let e = jumps.starts[c]; e < jumps.starts[c + 1]; e++) {
      const slot = jumps.slots[e];
      const j = jumps.operators[slot];
      kets[j] ??= { re: new Float64Array(dimension), im: new Float64Array(dimension) };
      kets[j].re[jumps.targets[slot]] += jumps.re[e] * re[c] - jumps.im[e] * im[c];
      kets[j].im[jumps.targets[slot]] += jumps.re[e] * im[c] + jumps.im[e] * re[c];
    }
  }
  return kets;
}

const amplitudes = fc.array(between(-1, 1), {
  minLength: 40,
  maxLength: 40,
});
const ketOf = (x: readonly number[], dimension: number): Ket => ({
  // Never the zero vector.
  re: Float64Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : x[i % 40])),
  im: Float64Array.from({ length: dimension }, (_, i) => x[(7 * i + 3) % 40]),
});

describe('the unravelling', () => {
  const setting = fc.oneof(
    fc.record({ values: numbers, model: models }),
    fc.record({ values: numbersWithPotential, model: fc.constant('local' as const) }),
  );

  test('decay and jumps of |ψ⟩⟨ψ| add up to the master equation', () => {
    fc.assert(
      fc.property(setting, smallWindow, amplitudes, ({ values, model }, { lmin, lmax }, x) => {
        const built = device(deviceParameters({ ...values, model }), rotorWindow(lmin, lmax));
        const system = deviceKets(built);
        const ket = ketOf(x, system.dimension);
        const fallen = decayed(system, ket);
        let found = outer(fallen, ket).plus(outer(ket, fallen));
        for (const after of jumped(system, ket)) found = found.plus(outer(after, after));
        const { space, total } = lindbladian(built.system, 'full');
        const wanted = apply(total, spaceVector(space, outer(ket, ket)));
        const scale = Math.max(...wanted.map(Math.abs));
        spaceVector(space, found).forEach((value, i) => {
          expect(Math.abs(value - wanted[i])).toBeLessThan(1e-13 * (1 + scale));
        });
      }),
    );
  });

  test('heat by what the jumps carry is the heat of the master equation', () => {
    fc.assert(
      fc.property(setting, smallWindow, amplitudes, ({ values, model }, { lmin, lmax }, x) => {
        const built = device(deviceParameters({ ...values, model }), rotorWindow(lmin, lmax));
        const system = deviceKets(built);
        const ket = ketOf(x, system.dimension);
        const norm = ket.re.reduce((sum, re, i) => sum + re * re + ket.im[i] ** 2, 0);
        const generator = lindbladian(built.system, 'full');
        const elements = spaceVector(generator.space, outer(ket, ket)).map((e) => e / norm);
        const rates = channelRates(generator, { space: generator.space, elements });
        const wanted = model === 'local' ? localHeat(built, rates) : globalHeat(built, rates);
        const initial = Array.from(ket.re, (re, at) => ({
          at,
          re: re / Math.sqrt(norm),
          im: ket.im[at] / Math.sqrt(norm),
        }));
        let found = [0, 0, 0];
        new TrajectoryRunner(system).run(initial, new RandomStream(1, 1), [0], (_, state) => {
          found = Array.from(state.rates);
        });
        const energy = values.B1 + values.B2 + 9 / values.I + values.lambda;
        const rate = 1 + (40 * values.g ** 2) / Math.min(1, values.beta1, values.beta2);
        [wanted.Q1, wanted.Q2, wanted.Qr].forEach((heat, b) => {
          expect(Math.abs(found[b] - heat)).toBeLessThan(1e-13 * energy * rate);
        });
      }),
    );
  });
});

/** e^{Gs}ψ by Taylor's series over steps so short that no term is larger than the state. */
function decayedFor(system: KetSystem, ket: Ket, s: number): Ket {
  let state = ket;
  const { starts, re, im } = system.generator;
  let norm = 0;
  for (let c = 0; c < system.dimension; c++) {
    let sum = 0;
    for (let e = starts[c]; e < starts[c + 1]; e++) sum += Math.hypot(re[e], im[e]);
    norm = Math.max(norm, sum);
  }
  const steps = Math.ceil(1 + norm * s);
  for (let n = 0; n < steps; n++) {
    let term = state;
    const sum = { re: state.re.slice(), im: state.im.slice() };
    for (let k = 1; k <= 24; k++) {
      const next = decayed(system, term);
      term = {
        re: next.re.map((x) => (x * s) / steps / k),
        im: next.im.map((x) => (x * s) / steps / k),
      };
      for (let i = 0; i < sum.re.length; i++) {
        sum.re[i] += term.re[i];
        sum.im[i] += term.im[i];
      }
    }
    state = sum;
  }
  return state;
}

describe('the state between jumps', () => {
  const times = fc.oneof(between(0, 1), between(1e-9, 1e-2));

  test('in closed form or by long stretches is Taylor’s series over short steps', () => {
    fc.assert(
      fc.property(numbersWithPotential, models, times, amplitudes, (values, model, s, x) => {
        const V = model === 'local' ? values.V : 0;
        const built = device(deviceParameters({ ...values, V, model }), rotorWindow(-2, 2));
        const system = deviceKets(built);
        const ket = ketOf(x, system.dimension);
        const wanted = decayedFor(system, ket, s);
        const propagator = propagators(system);
        const found = { re: new Float64Array(20), im: new Float64Array(20) };
        system.blocks.forEach((_, block) => {
          let state = ket;
          for (let rest = s; ; ) {
            const part = propagator(block).prepare(state.re, state.im);
            const step = Math.min(rest, part.reach);
            part.evaluate(step, found.re, found.im);
            rest -= step;
            if (!(rest > 0)) break;
            state = { re: found.re.slice(), im: found.im.slice() };
          }
        });
        found.re.forEach((re, i) => {
          expect(Math.hypot(re - wanted.re[i], found.im[i] - wanted.im[i])).toBeLessThan(1e-12);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('in closed form where both eigenvalues of a block are one (an exceptional point)', () => {
    // G = [[−1 − x, 1], [−1, 1 − x]] and nearby ones: (G + x)² = 0.
    for (const off of [0, 1e-12, 1e-6, 1e-3]) {
      const generator = {
        starts: Int32Array.of(0, 2, 4),
        columns: Int32Array.of(0, 1, 0, 1),
        re: Float64Array.of(-3, 1 + off, -1, -1),
        im: new Float64Array(4),
      };
      const system = { generator, dimension: 2, blocks: [Int32Array.of(0, 1)] } as unknown;
      const ket = { re: Float64Array.of(0.6, 0.8), im: Float64Array.of(0, 0.1) };
      const out = { re: new Float64Array(2), im: new Float64Array(2) };
      propagators(system as KetSystem)(0)
        .prepare(ket.re, ket.im)
        .evaluate(1.5, out.re, out.im);
      const wanted = decayedFor(system as KetSystem, ket, 1.5);
      for (const i of [0, 1]) {
        expect(Math.hypot(out.re[i] - wanted.re[i], out.im[i] - wanted.im[i])).toBeLessThan(1e-14);
      }
    }
  });
});

describe('initial states', () => {
  test('the mean of what is drawn is the density matrix', () => {
    const parameters = deviceParameters({ beta1: 1, beta2: 0.5, B1: 1, B2: 1 });
    const initial = initialState(parameters, {
      qubit1: [
        [0.7, '0.2-0.3i'],
        ['0.2+0.3i', 0.3],
      ],
      rotor: { superposition: { 0: 1, 1: '0.5i' } },
    });
    const window = rotorWindow(-1, 1);
    const sampler = ketSampler(initial, window);
    // Averaged over a fine grid of the numbers that choose.
    const grid = 4000;
    let mean = new Dense(12);
    for (let i = 0; i < grid; i++) {
      const ket = { re: new Float64Array(12), im: new Float64Array(12) };
      for (const { at, re, im } of sampler((i + 0.5) / grid, 0.5))
        [ket.re[at], ket.im[at]] = [re, im];
      mean = mean.plus(outer(ket, ket), 1 / grid);
    }
    const { space } = lindbladian(device(parameters, window).system, 'full');
    const wanted = initialDensityMatrix(initial, space).elements;
    spaceVector(space, mean).forEach((value, i) => {
      expect(Math.abs(value - wanted[i])).toBeLessThan(8 / grid);
    });
  });
});

/**
 * Means are compared at 5 standard errors. Were they independent and normal, one of M comparisons would fail
 * by chance with a probability below M·5.8e-7: for the fewer than 500 here, 3e-4 in all. The seeds are fixed.
 */
const SIGMAS = 5;
/** Fewer expected events than this are not normal, and are not compared. */
const FEWEST = 100;

function agrees({ mean, standardError }: Estimate, wanted: number, what: string): void {
  const tolerance = SIGMAS * (standardError ?? 0) + 1e-12 * (1 + Math.abs(wanted));
  expect(
    Math.abs(mean - wanted),
    `${what}: ${mean} ± ${standardError}, not ${wanted}`,
  ).toBeLessThan(tolerance);
}

describe('means over trajectories agree with the master equation', () => {
  const values: DeviceInput = {
    ...{ beta1: 1, beta2: 0.3, betaR: 0.5, B1: 1, B2: 1.5, g: 0.8, chi: 0.2 },
    ...{ lambda: 0.5, gamma: 0.05, I: 1 },
  };
  const [lmin, lmax] = [-9, 9];

  test.each([
    ['local', {}],
    ['global', {}],
    ['local', { qubit1: 'up', rotor: { angle: 1, concentration: 2 } }],
    ['global', { qubit2: 'up', rotor: { superposition: { '-1': 1, '2': 1 } } }],
  ] as const)('%s, from %j', async (model, from) => {
    const parameters = deviceParameters({ ...values, model });
    const initial = initialState(parameters, from as InitialInput);
    const times = [0.4, 2, 6];
    const count = 'rotor' in from ? 1500 : 3000;
    const trajectories = new Trajectories({ parameters, lmin, lmax, initial, times, seed: 11 });
    const snapshotsFound = trajectories.snapshots(trajectories.moments(0, count));
    // Between these the heat is integrated by Simpson's rule.
    const fine = Array.from({ length: 31 }, (_, i) => i / 5);
    const request = {
      parameters,
      truncation: truncation({ lmin, lmax }),
      initial,
      times: fine,
      tolerances: { rtol: 1e-8, atol: 1e-10 },
      angles: 0,
      states: false,
    };
    const { snapshots } = await (await Evolution.start(request, onCpu)).run(async () => {});
    times.forEach((t, i) => {
      const end = Math.round(5 * t);
      const found = snapshotsFound[i];
      const wanted = snapshots[end];
      for (const name of ['Q1', 'Q2', 'Qr'] as const) {
        agrees(found.heat[name], wanted.heat[name], `${name} at ${t}`);
        let integral = 0;
        for (let k = 0; k < end; k += 2) {
          const [a, b, c] = [0, 1, 2].map((at) => snapshots[k + at].heat[name]);
          integral += (a + 4 * b + c) / 15;
        }
        agrees(found.exchanged[name], integral, `${name} until ${t}`);
      }
      agrees(found.rotor.Lz, wanted.rotor.Lz, `Lz at ${t}`);
      agrees(found.rotor.Lz2, wanted.rotor.Lz2, `Lz2 at ${t}`);
      wanted.rotor.populations.forEach((p, l) => {
        if (p * count >= FEWEST) agrees(found.rotor.populations[l], p, `p(${lmin + l}) at ${t}`);
      });
      wanted.qubits.populations.forEach((p, s) => {
        agrees(found.qubits.populations[s], p, `qubits ${s} at ${t}`);
      });
    });
  });

  /** e^{tL}ρ by Taylor's series. */
  const evolved = (generator: Generator, x: Float64Array, t: number): Float64Array => {
    let state = x;
    const steps = Math.ceil(20 * t);
    for (let n = 0; n < steps; n++) {
      let term = state;
      const sum = state.slice();
      for (let k = 1; k <= 30; k++) {
        term = apply(generator, term).map((value) => (value * t) / steps / k);
        for (let i = 0; i < sum.length; i++) sum[i] += term[i];
      }
      state = sum;
    }
    return state;
  };

  test('with a potential, where nothing is closed form', () => {
    const parameters = deviceParameters({ ...values, V: 1.5 });
    const window = rotorWindow(-4, 4);
    const initial = initialState(parameters, { rotor: { angle: 0.5, concentration: 1 } });
    const times = [0.5, 2];
    const request = { parameters, lmin: -4, lmax: 4, initial, times, seed: 3 };
    const count = 600;
    const trajectories = new Trajectories(request);
    expect(trajectories.closedForm).toBe(false);
    const snapshotsFound = trajectories.snapshots(trajectories.moments(0, count));
    const { space, total, channels } = lindbladian(trajectories.device.system, 'full');
    times.forEach((t, i) => {
      const { elements: before } = initialDensityMatrix(initial, space as Space);
      const rho = { space, elements: evolved(total, before, t) };
      const rates = channelRates({ space, total, channels }, rho);
      const found = snapshotsFound[i];
      const heat = localHeat(trajectories.device, rates);
      for (const name of ['Q1', 'Q2', 'Qr'] as const) agrees(found.heat[name], heat[name], name);
      agrees(found.rotor.Lz, expectation(rho, angularMomentum(window)).re, 'Lz');
      agrees(found.rotor.Lz2, expectation(rho, angularMomentumSquared(window)).re, 'Lz2');
      Array.from(rotorPopulations(rho)).forEach((p, l) => {
        if (p * count >= FEWEST) agrees(found.rotor.populations[l], p, `p(${l - 4})`);
      });
    });
  });
});

describe('a trajectory depends on its seed and number alone', () => {
  const parameters = deviceParameters({ beta1: 1, beta2: 0.3, B1: 1, B2: 1.5, gamma: 0.05 });
  const request = {
    parameters,
    lmin: -8,
    lmax: 8,
    initial: initialState(parameters),
    times: [1, 5],
    seed: 42,
  };

  test('not on what ran before it', () => {
    const all = new Trajectories(request);
    const pieces = Array.from({ length: 20 }, (_, n) => all.moments(n, n + 1));
    const last = new Trajectories(request).moments(19, 20);
    expect(last).toEqual(pieces[19]);
    expect(pieces[18][1].means).not.toEqual(pieces[19][1].means);
    const merged = pieces.map((moments) => moments[1]).reduce(mergeMoments);
    const once = new Trajectories(request).moments(0, 20)[1];
    expect(merged.count).toBe(20);
    merged.means.forEach((mean, i) => {
      expect(mean).toBeCloseTo(once.means[i], 12);
    });
    merged.squares.forEach((square, i) => {
      expect(square).toBeCloseTo(once.squares[i], 9);
    });
  });

  test('a run that is stopped gives the first trajectories', async () => {
    let done = 0;
    const some = await runTrajectories(request, {
      count: 1000,
      threads: 1,
      progress: (n) => {
        done = n;
      },
      stopped: () => done >= 150,
    });
    const first = await runTrajectories(request, { count: 150, threads: 1 });
    expect(some).toEqual(first);
    expect(some[0].count).toBe(150);
    const rest = await runTrajectories(request, {
      count: 230,
      threads: 1,
      from: { moments: some, pieces: [] },
    });
    expect(rest).toEqual(await runTrajectories(request, { count: 230, threads: 1 }));
  });

  test('pieces of chunks are gone on with, to the same numbers', async () => {
    const trajectories = new Trajectories(request);
    const piece = (first: number, end: number) => ({
      first,
      moments: trajectories.moments(first, end),
    });
    const from = {
      moments: trajectories.moments(0, 50),
      pieces: [piece(50, 53), piece(150, 199), piece(200, 230)],
    };
    const nothing = await runTrajectories(request, {
      ...{ count: 230, threads: 1, from },
      stopped: () => true,
    });
    expect(nothing[0].count).toBe(50 + 3 + 49 + 30);
    const rest = await runTrajectories(request, { count: 230, threads: 1, from });
    expect(rest).toEqual(await runTrajectories(request, { count: 230, threads: 1 }));
  });

  test('a run that is stopped ends within a chunk, and keeps what is whole', async () => {
    // Some milliseconds for each of them.
    const slow = { ...request, times: [1, 1000] };
    const begin = performance.now();
    let done: TrajectoriesDone = { moments: [], pieces: [] };
    const some = await runTrajectories(slow, {
      ...{ count: 1000, threads: 1 },
      progress: (_, found) => {
        done = found;
      },
      stopped: () => performance.now() - begin > 150,
    });
    const { count } = some[0];
    expect(count).toBeLessThan(1000);
    const wanted = [...done.pieces, { moments: done.moments }].map(
      ({ moments }) => moments[0].count,
    );
    expect(count).toBe(wanted.reduce((sum, n) => sum + n, 0));
    if (count === 0) return;
    const first = new Trajectories(slow).moments(0, count);
    some.forEach(({ means }, i) => {
      means.forEach((mean, k) => {
        expect(Math.abs(mean - first[i].means[k])).toBeLessThan(1e-9 * (1 + Math.abs(mean)));
      });
    });
  });

  test('another seed gives other numbers', () => {
    const other = new Trajectories({ ...request, seed: 43 }).moments(0, 20);
    expect(other[1].means).not.toEqual(new Trajectories(request).moments(0, 20)[1].means);
  });
});
