import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/generator/apply.js';
import type { Space } from '../../src/generator/classes.js';
import { type CollisionOptions, oscillators } from '../../src/model/collision.js';
import { type Device, device } from '../../src/model/device.js';
import { type InitialInput, initialState } from '../../src/model/initial.js';
import {
  type DeviceInput,
  type DeviceParameters,
  deviceParameters,
  type Truncation,
  truncation,
} from '../../src/model/parameters.js';
import { rotorWindow, type Window } from '../../src/operators/window.js';
import { type CollisionRecord, collideOnce } from '../../src/simulate/collide.js';
import { collisionMaps, sectorCollision } from '../../src/simulate/collisionMaps.js';
import { onCpu } from '../../src/simulate/evolutionStage.js';
import { Evolution } from '../../src/simulate/evolve.js';
import { steadyObservables, steadyState } from '../../src/simulate/steady.js';
import { stroboscopicState, stroboscopicStateOn } from '../../src/simulate/stroboscopic.js';
import {
  type DensityMatrix,
  hermiticityError,
  rotorPopulations,
  trace,
} from '../../src/state/densityMatrix.js';
import { eigenvalues } from '../../src/state/spectrum.js';
import entries from '../reference/collisions.json' with { type: 'json' };
import { between, numbers, smallWindow } from '../support/arbitrary.js';
import { collide } from '../support/collided.js';
import { Dense } from '../support/dense.js';
import { denseCollision } from '../support/denseCollision.js';
import { denseState, spaceVector } from '../support/generators.js';

const options = (tau: number, nmax: number | 'auto' = 'auto', weightTolerance = 1e-12) => ({
  tau,
  nmax,
  weightTolerance,
});

const maps = (values: DeviceInput, window: Window, tau: number, nmax: number) => {
  const built = device(deviceParameters(values), window);
  return sectorCollision(built, oscillators(built.parameters, options(tau, nmax)), tau);
};

/** Collisions from thermal qubits and a rotor at rest. */
const run = (
  parameters: DeviceParameters,
  truncation: Truncation,
  options: CollisionOptions,
  count: number,
  every = 1,
) => collide({ parameters, truncation, options, initial: initialState(parameters), count, every });

/** Random numbers in [−1, 1], the same ones in every run. */
function* uniform(seed: number): Generator<number, never> {
  let state = seed >>> 0;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 31 - 1;
  }
}

/** A density matrix AA†/Tr[AA†] with nothing special about it. */
function randomDensityMatrix(dimension: number, seed: number): Dense {
  const next = uniform(seed);
  const a = Dense.from(dimension, () => [next.next().value, next.next().value]);
  const square = a.dot(a.dagger());
  return square.times(1 / square.trace()[0]);
}

/** A random density matrix of the zero-charge sector. */
const randomState =
  (seed: number) =>
  ({ system: { window } }: Device, space: Space): DensityMatrix => {
    const whole = randomDensityMatrix(4 * window.size, seed);
    return { space, elements: spaceVector(space, whole) };
  };

describe('independent values of five collisions, to 1e-9 relative', () => {
  test.each(entries)('tau = $tau', ({ parameters, lmin, lmax, nmax, tau, collisions }) => {
    const { records } = run(
      deviceParameters({ ...parameters, gamma: 0 }),
      truncation({ lmin, lmax }),
      options(tau, nmax),
      collisions.length,
    );
    collisions.forEach((wanted, i) => {
      for (const name of Object.keys(wanted) as (keyof typeof wanted)[]) {
        const error = Math.abs(records[i][name] - wanted[name]);
        expect(error, `${name} of ${i + 1}`).toBeLessThanOrEqual(1e-9 * Math.abs(wanted[name]));
      }
    });
  });
});

describe('against dense matrices of system and oscillators', () => {
  const setting = fc.record({
    values: numbers,
    window: smallWindow,
    nmax: fc.integer({ min: 1, max: 2 }),
    tau: between(0.01, 2),
    seed: fc.integer({ min: 1, max: 1e9 }),
  });

  test('every charge sector of a random state, and its heat and work', () => {
    fc.assert(
      fc.property(setting, ({ values, window: { lmin, lmax }, nmax, tau, seed }) => {
        const window = rotorWindow(lmin, lmax);
        const rho = randomDensityMatrix(4 * window.size, seed);
        const wanted = denseCollision(values, window, nmax, tau, rho);
        const built = device(deviceParameters(values), window);
        const baths = oscillators(built.parameters, options(tau, nmax));
        let found = new Dense(rho.n);
        for (let qubit = -2; qubit <= 2; qubit++) {
          for (let level = -window.size; level <= window.size; level++) {
            const { collision } = collisionMaps(built, baths, tau, [qubit, level]);
            const { space } = collision;
            const after = apply(collision, spaceVector(space, rho));
            found = found.plus(denseState(space, after));
          }
        }
        expect(found.plus(wanted.after, -1).max()).toBeLessThan(1e-13);

        const sector = sectorCollision(built, baths, tau);
        const { space } = sector.collision;
        const { record } = collideOnce(sector, { space, elements: spaceVector(space, rho) }, 1);
        const scale = nmax * (values.B1 + values.B2) + 8 / values.I + values.lambda;
        for (const name of ['Q1', 'Q2', 'WQ'] as const) {
          expect(Math.abs(record[name] * tau - wanted[name]), name).toBeLessThan(1e-13 * scale);
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('laws, for random devices and random states', () => {
  const setting = fc.record({
    values: numbers,
    nmax: fc.integer({ min: 1, max: 6 }),
    tau: between(0.01, 1),
    seed: fc.integer({ min: 1, max: 1e9 }),
  });
  const fiveCollisions = (
    values: DeviceInput,
    { tau, nmax, seed }: { tau: number; nmax: number; seed: number },
  ) => {
    const window = rotorWindow(-4, 5);
    const sector = maps(values, window, tau, nmax);
    let rho = randomState(seed)(sector.device, sector.collision.space);
    const steps: { before: DensityMatrix; after: DensityMatrix; record: CollisionRecord }[] = [];
    for (let step = 1; step <= 5; step++) {
      const next = collideOnce(sector, rho, step);
      steps.push({ before: rho, after: next.rho, record: next.record });
      rho = next.rho;
    }
    return { sector, steps };
  };

  test('trace, Hermiticity, positivity, the first law', () => {
    fc.assert(
      fc.property(setting, ({ values, ...how }) => {
        const { steps } = fiveCollisions(values, how);
        const energy = how.nmax * (values.B1 + values.B2) + 25 / values.I + values.lambda;
        for (const { after, record } of steps) {
          expect(Math.abs(trace(after) - 1)).toBeLessThan(1e-13);
          expect(hermiticityError(after)).toBeLessThan(1e-15);
          expect(Math.min(...eigenvalues(after))).toBeGreaterThan(-1e-15);
          expect(Math.abs(record.firstLaw * how.tau)).toBeLessThan(1e-13 * energy);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('entropy production is not negative, and not always zero', () => {
    let largest = 0;
    fc.assert(
      fc.property(setting, ({ values, ...how }) => {
        for (const { record } of fiveCollisions({ ...values, gamma: 0 }, how).steps) {
          // Of cancelling terms of order 1.
          expect(record.entropyProduction * how.tau).toBeGreaterThan(-1e-12);
          largest = Math.max(largest, record.entropyProduction * how.tau);
        }
      }),
      { numRuns: 30 },
    );
    expect(largest).toBeGreaterThan(1e-3);
  });

  test('what the oscillators lose is what the charges gain: Q1 = 2B1 Δ(n1 − l), Q2 = 2B2 Δ(n2 + l)', () => {
    fc.assert(
      fc.property(setting, ({ values, ...how }) => {
        const { steps } = fiveCollisions({ ...values, gamma: 0 }, how);
        for (let i = 1; i < steps.length; i++) {
          const [old, now] = [steps[i - 1].record, steps[i].record];
          const charge1 = now.n1 - now.Lz - (old.n1 - old.Lz);
          const charge2 = now.n2 + now.Lz - (old.n2 + old.Lz);
          const { B1, B2 } = values;
          expect(Math.abs(now.Q1 * how.tau - 2 * B1 * charge1)).toBeLessThan(1e-13 * B1);
          expect(Math.abs(now.Q2 * how.tau - 2 * B2 * charge2)).toBeLessThan(1e-13 * B2);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('the local master equation is the limit of short collisions', () => {
  const parameters = deviceParameters({
    ...{ beta1: 1, beta2: 0.4, betaR: 0.5, B1: 1, B2: 1.5 },
    ...{ g: 0.8, chi: 0.1, lambda: 0.5, gamma: 0.02, I: 1 },
  });
  const window = truncation({ lmin: -9, lmax: 10 });
  const limit = steadyState(parameters, window);
  const wanted = steadyObservables(limit, window);
  const taus = [0.16, 0.08, 0.04, 0.02, 0.01, 0.005];
  const errors = taus.map((tau) => {
    const sector = sectorCollision(limit.device, oscillators(parameters, options(tau)), tau);
    const { rho, record } = stroboscopicStateOn(sector);
    const populations = rotorPopulations(rho);
    return {
      state: Math.max(
        ...wanted.rotor.populations.map((p, i) => Math.abs(p - populations[i])),
        Math.abs(wanted.rotor.Lz - record.Lz),
      ),
      heat: Math.max(
        Math.abs(record.Q1 - wanted.heat.Q1),
        Math.abs(record.Q2 - wanted.heat.Q2),
        Math.abs(record.Qr - wanted.heat.Qr),
      ),
      work: Math.abs(record.WQ - wanted.work.WQ),
    };
  });

  test.each(['state', 'heat', 'work'] as const)(
    'the %s of the steady state differs in proportion to τ over a factor of 32',
    (what) => {
      for (let i = 1; i < errors.length; i++) {
        const order = Math.log2(errors[i - 1][what] / errors[i][what]);
        // 1 + O(τ)
        expect(Math.abs(order - 1), `τ = ${taus[i]}`).toBeLessThan(3 * taus[i - 1]);
      }
      expect(errors[0][what]).toBeGreaterThan(1e-4 * (what === 'state' ? 1 : wanted.heat.Q2));
    },
  );
});

describe('on the way, too, the local master equation is the limit of short collisions', () => {
  const parameters = deviceParameters({
    ...{ beta1: 1, beta2: 0.4, betaR: 0.5, B1: 1, B2: 1.5 },
    ...{ g: 0.8, chi: 0.1, lambda: 0.5, gamma: 0.02, I: 1 },
  });
  const window = truncation({ lmin: -8, lmax: 9 });
  const initial = initialState(parameters, { qubit1: 'up' });
  const t = 1.6;

  test('state, heat and work differ in proportion to τ over a factor of 32', async () => {
    const request = {
      parameters,
      truncation: window,
      initial,
      times: [t],
      tolerances: { rtol: 1e-12, atol: 1e-15 },
      angles: 0,
      states: false,
    };
    const evolution = await Evolution.start(request, onCpu);
    const { heat, work, rotor } = (await evolution.run(async () => {})).snapshots[0];
    const taus = [0.16, 0.08, 0.04, 0.02, 0.01, 0.005];
    const errors = taus.map((tau) => {
      const count = Math.round(t / tau);
      const run = { parameters, truncation: window, options: options(tau), initial, count };
      const { records, rho } = collide({ ...run, every: count });
      const populations = rotorPopulations(rho);
      return {
        state: Math.max(...rotor.populations.map((p, i) => Math.abs(p - populations[i]))),
        heat: Math.max(Math.abs(records[0].Q1 - heat.Q1), Math.abs(records[0].Q2 - heat.Q2)),
        work: Math.abs(records[0].WQ - work.WQ),
      };
    });
    for (const what of ['state', 'heat', 'work'] as const) {
      expect(errors[0][what]).toBeGreaterThan(1e-3);
      for (let i = 1; i < taus.length; i++) {
        const order = Math.log2(errors[i - 1][what] / errors[i][what]);
        expect(Math.abs(order - 1), `${what}, τ = ${taus[i]}`).toBeLessThan(5 * taus[i - 1]);
      }
    }
  });
});

describe('the steady state of the collisions', () => {
  const parameters = deviceParameters({
    ...{ beta1: 1, beta2: 0.3, betaR: 0.5, B1: 1, B2: 1.5 },
    ...{ g: 1, chi: 0.2, lambda: 0.6, gamma: 0.05, I: 1 },
  });

  test('is where many collisions lead, and the first law closes there', () => {
    const window = truncation({ lmin: -8, lmax: 9 });
    const collided = run(parameters, window, options(0.2, 6), 5000, 5000);
    const state = stroboscopicState(collided.maps, window);
    expect(state.residual).toBeLessThan(1e-15);
    expect(state.traceError).toBeLessThan(1e-14);
    expect(Math.min(...eigenvalues(state.rho))).toBeGreaterThan(0);
    const difference = state.rho.elements.map((x, i) => Math.abs(x - collided.rho.elements[i]));
    expect(Math.max(...difference)).toBeLessThan(1e-12);
    const { Q1, Q2, Qr, WQ, Wr } = state.record;
    expect(Math.abs(Q1 + Q2 + Qr + WQ + Wr)).toBeLessThan(1e-13);
    expect(Math.abs(Q2)).toBeGreaterThan(1e-3);
    expect(Math.abs(Q1 / Q2 + parameters.B1 / parameters.B2)).toBeLessThan(1e-11);
  });

  test('is found for random devices', () => {
    fc.assert(
      fc.property(numbers, between(0.02, 1), (values, tau) => {
        const sector = maps(values, rotorWindow(-6, 6), tau, 3);
        const { residual, rho, traceError, record } = stroboscopicStateOn(sector);
        expect(residual).toBeLessThan(1e-14);
        expect(traceError).toBeLessThan(1e-14);
        expect(hermiticityError(rho)).toBe(0);
        expect(Math.min(...eigenvalues(rho))).toBeGreaterThan(-1e-16);
        const energy = 3 * (values.B1 + values.B2) + 36 / values.I + values.lambda;
        expect(Math.abs(record.dU * tau)).toBeLessThan(1e-13 * energy);
      }),
      { numRuns: 20 },
    );
  });

  test('is not unique where nothing turns the rotor', () => {
    const sector = maps({ lambda: 0, gamma: 0 }, rotorWindow(-2, 2), 0.1, 2);
    expect(() => stroboscopicStateOn(sector)).toThrow('not unique');
  });
});

describe('what is chosen', () => {
  const parameters = deviceParameters({
    gamma: 0.05,
    betaR: 0.5,
    beta1: 1,
    beta2: 0.3,
    B1: 1,
    B2: 1.5,
  });

  test('nmax by the thermal weight that is cut', () => {
    const [first, second] = oscillators(parameters, options(0.1, 'auto', 1e-6));
    for (const { frequency, quanta, cut, weights } of [first, second]) {
      const beta = frequency === 2 ? 1 : 0.3;
      expect(cut).toBeCloseTo(Math.exp(-beta * frequency * (quanta + 1)), 15);
      expect(cut).toBeLessThanOrEqual(1e-6);
      expect(cut).toBeGreaterThan(1e-6 * Math.exp(-beta * frequency));
      expect(weights).toHaveLength(quanta + 1);
      expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 15);
    }
  });

  test('the window, without a trace in the result', () => {
    const found = run(parameters, truncation(), options(0.2, 3), 300, 100);
    const { window } = found.maps.device.system;
    expect(window.size).toBeGreaterThan(17);
    expect(Math.max(found.edgeLow, found.edgeHigh)).toBeLessThanOrEqual(1e-12);
    const wide = run(parameters, truncation({ lmin: -30, lmax: 30 }), options(0.2, 3), 300, 100);
    expect(wide.records).toHaveLength(3);
    wide.records.forEach((record, i) => {
      for (const [name, value] of Object.entries(record)) {
        expect(found.records[i][name as keyof CollisionRecord], name).toBeCloseTo(value, 9);
      }
    });
  });

  test('the initial state, of which coherences outside of the zero-charge sector change no record', () => {
    const window = truncation({ lmin: -6, lmax: 6 });
    const from = (initial: InitialInput) =>
      collide({
        parameters,
        truncation: window,
        options: options(0.1, 2),
        initial: initialState(parameters, initial),
        count: 3,
        every: 1,
      });
    const half = Math.SQRT1_2;
    const packet = from({
      qubit1: 'up',
      rotor: { superposition: { '-1': half, '2': `${half}i` } },
    });
    expect(packet.records[0].n1).toBeGreaterThan(0.5);
    expect(packet.records[0].Lz).toBeCloseTo(0.5, 1);
    const mixtures = [-1, 2].map((rotor) => from({ qubit1: 'up', rotor }));
    packet.records.forEach((record, i) => {
      for (const name of ['Q1', 'Q2', 'WQ', 'n1', 'Lz', 'Lz2', 'coherence'] as const) {
        const mean = (mixtures[0].records[i][name] + mixtures[1].records[i][name]) / 2;
        expect(record[name], name).toBeCloseTo(mean, 12);
      }
    });
  });
});

describe('what collisions do not describe is refused', () => {
  const with_ = (values: DeviceInput) => () => maps(values, rotorWindow(-1, 1), 0.1, 1);
  test('the global model, and a potential', () => {
    expect(with_({ model: 'global' })).toThrow('model = "global": must be local');
    expect(with_({ V: 1 })).toThrow('V = 1: must be 0');
  });
});
