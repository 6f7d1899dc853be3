import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { initialState } from '../../src/model/initial.js';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { type EvolutionRequest, onCpu } from '../../src/simulate/evolutionStage.js';
import { Evolution, type EvolutionResult } from '../../src/simulate/evolve.js';
import { solveSteady } from '../../src/simulate/solveSteady.js';
import { rotorPopulations } from '../../src/state/densityMatrix.js';
import entries from '../reference/dynamics.json' with { type: 'json' };
import * as arbitrary from '../support/arbitrary.js';

const none = async () => {};

function request(
  device: DeviceInput,
  window: { lmin?: number; lmax?: number },
  times: readonly number[],
  initial: unknown = {},
): EvolutionRequest {
  const parameters = deviceParameters(device);
  return {
    parameters,
    truncation: truncation(window),
    initial: initialState(parameters, initial),
    times,
    tolerances: { rtol: 1e-12, atol: 1e-15 },
    angles: 0,
    states: false,
  };
}

const run = async (r: EvolutionRequest): Promise<EvolutionResult> =>
  (await Evolution.start(r, onCpu)).run(none);

describe('independent values of the evolution, to 1e-8 of each quantity’s scale', () => {
  test.each(entries.map((entry) => ({ entry, name: JSON.stringify(entry.parameters) })))(
    '$name',
    async ({ entry }) => {
      const { parameters, lmin, lmax, snapshots } = entry;
      const times = snapshots.map(({ t }) => t);
      const found = (await run(request(parameters, { lmin, lmax }, times))).snapshots;
      const near = (
        name: string,
        own: (s: (typeof found)[number]) => number,
        reference: (s: (typeof snapshots)[number]) => number,
        scale = Math.max(...snapshots.map((s) => Math.abs(reference(s)))),
      ) => {
        snapshots.forEach((s, i) => {
          const error = Math.abs(own(found[i]) - reference(s));
          expect(error, `${name} at t = ${s.t}`).toBeLessThanOrEqual(1e-8 * scale);
        });
      };
      const flow = Math.max(...snapshots.flatMap((s) => Object.values(s.heat).map(Math.abs)));
      for (const Q of ['Q1', 'Q2', 'Qr'] as const)
        near(
          Q,
          (s) => s.heat[Q],
          (s) => s.heat[Q],
        );
      near(
        'WQ',
        (s) => s.work.WQ,
        (s) => s.work.WQ,
      );
      near(
        'Wr',
        (s) => s.work.Wr,
        (s) => s.work.Wr,
        flow,
      );
      near(
        'Lz',
        (s) => s.rotor.Lz,
        (s) => s.Lz,
      );
      near(
        'Lz2',
        (s) => s.rotor.Lz2,
        (s) => s.Lz2,
      );
      near(
        'kinetic',
        (s) => s.power.kinetic,
        (s) => s.Wkin,
      );
      near(
        'intrinsic',
        (s) => s.power.intrinsic,
        (s) => s.Wint,
      );
      near(
        'back-action',
        (s) => s.power.backAction,
        (s) => s.QBA,
        flow,
      );
      near(
        'net',
        (s) => s.power.net,
        (s) => s.Wnet,
      );
      near(
        'dU',
        (s) => s.dU,
        (s) => s.dU,
      );
      snapshots[0].p.forEach((_, i) => {
        const at = entry.populations_from_l - lmin + i;
        near(
          `population ${i}`,
          (s) => s.rotor.populations[at],
          (s) => s.p[i],
          1,
        );
      });
      for (const s of found) {
        expect(s.traceError).toBeLessThan(1e-12);
        expect(s.smallestEigenvalue).toBeGreaterThan(-1e-13);
      }
    },
  );
});

/** Random devices from random states with and without coherences. */
const initials = fc.constantFrom<unknown>(
  {},
  { qubit1: 'up', qubit2: 'down', rotor: 1 },
  {
    qubit1: [
      ['0.5', '0.5i'],
      ['-0.5i', 0.5],
    ],
    rotor: { superposition: { 0: 1, 1: '1i' } },
  },
);

test('trace, Hermiticity, positivity and the first law at every time', () =>
  fc.assert(
    fc.asyncProperty(
      fc.oneof(arbitrary.device('local'), arbitrary.device('global')),
      initials,
      async (device, initial) => {
        const { snapshots } = await run(
          request(device, { lmin: -3, lmax: 4 }, [0, 0.01, 1, 10, 1000], initial),
        );
        for (const s of snapshots) {
          const scale = Math.max(1, ...Object.values(s.heat).map(Math.abs));
          expect(s.traceError).toBeLessThan(1e-12);
          expect(s.hermiticityError).toBeLessThan(1e-15);
          expect(s.smallestEigenvalue).toBeGreaterThan(-1e-11);
          expect(Math.abs(s.firstLaw)).toBeLessThan(1e-12 * scale);
          expect(s.power.kinetic).toBeCloseTo(s.power.intrinsic + s.power.backAction, 12);
        }
      },
    ),
    { numRuns: 25 },
  ));

test('a long run keeps the trace to 1e-12: t = 20,000 at γ = 5e-5', async () => {
  const { snapshots } = await run(request({ gamma: 5e-5 }, { lmin: -20, lmax: 40 }, [20_000]));
  expect(snapshots[0].traceError).toBeLessThan(1e-12);
});

describe('the window', () => {
  test('grows until its edges are empty, and the answer is that of a larger one', async () => {
    const device = { gamma: 0, B1: 10, B2: 10, beta2: 0.02 };
    const grown = await run(request(device, {}, [10, 20_000]));
    expect(grown.converged).toBe(true);
    expect(grown.window.lmax).toBeGreaterThan(20);
    const wide = await run(request(device, { lmin: -80, lmax: 200 }, [10, 20_000]));
    const Lz = wide.snapshots[1].rotor.Lz;
    expect(Math.abs(grown.snapshots[1].rotor.Lz - Lz)).toBeLessThan(1e-8 * Lz);
  });

  test('holds the initial state, or refuses it', async () => {
    const fast = request({}, {}, [0], { rotor: 40 });
    const { window, snapshots } = await run(fast);
    expect(window.lmax).toBeGreaterThan(40);
    expect(snapshots[0].rotor.Lz).toBe(40);
    const outside = request({}, { lmin: -2, lmax: 2 }, [0], { rotor: 3 });
    await expect(run(outside)).rejects.toThrow('outside of which it has the weight 1');
  });

  test('that is given and too small is marked', async () => {
    const { converged } = await run(request({}, { lmin: -2, lmax: 2 }, [1000]));
    expect(converged).toBe(false);
  });
});

describe('an evolution that is stopped after any step', () => {
  const whole = request({ beta2: 0.05 }, { lmin: -5, lmax: 6 }, [0.5, 20, 3000], {
    rotor: { superposition: { 0: 1, 1: 1 } },
  });

  test.each([1, 17, 90])('goes on to the same numbers: %i steps', async (steps) => {
    const uninterrupted = await run(whole);
    const first = await Evolution.start(whole, onCpu);
    let done = 0;
    await expect(
      first.run(async () => {
        if (++done === steps) throw new Error('stopped');
      }),
    ).rejects.toThrow('stopped');
    const kept = JSON.parse(JSON.stringify(await first.checkpoint()));
    const rest = await (await Evolution.start(whole, onCpu, kept)).run(none);
    expect(rest.snapshots).toEqual(uninterrupted.snapshots);
    expect(rest.window).toEqual(uninterrupted.window);
  });
});

describe('with a potential', () => {
  const device = { V: 1, beta2: 0.05 };
  const window = { lmin: -7, lmax: 7 };

  test('a band that is found has the whole space’s numbers, and says how wide it is', async () => {
    const r = request(device, window, [1, 3]);
    const band = await run(r);
    const whole = await (await Evolution.start(r, { ...onCpu, space: 'full' })).run(none);
    expect(band.method.reason).toContain('V ≠ 0');
    expect(whole.method).toMatchObject({ space: 'full', dmax: null, bandEdge: null });
    if (band.method.dmax !== null) expect(band.method.bandEdge).toBeLessThan(1e-12);
    band.snapshots.forEach((s, i) => {
      const other = whole.snapshots[i];
      expect(Math.abs(s.rotor.cos - other.rotor.cos)).toBeLessThan(1e-10);
      expect(Math.abs(s.rotor.Lz2 - other.rotor.Lz2)).toBeLessThan(1e-10);
      expect(s.traceError).toBeLessThan(1e-12);
      expect(Math.abs(s.firstLaw)).toBeLessThan(1e-12);
      expect(s.smallestEigenvalue).toBeGreaterThan(-1e-11);
    });
  });

  test('a narrower band that is asked for shows at its edge', async () => {
    const r = request({ ...device, V: 3 }, window, [1]);
    const { method } = await (await Evolution.start(r, { ...onCpu, space: 'band', dmax: 3 })).run(
      none,
    );
    expect(method.dmax).toBe(3);
    expect(method.bandEdge).toBeGreaterThan(1e-6);
  });

  test('the long-time limit is the steady state', async () => {
    const damped = { V: 1, gamma: 0.1, beta2: 0.05, lambda: 0.5 };
    const r = request(damped, { lmin: -3, lmax: 3 }, [100]);
    const [late] = (await Evolution.start(r, { ...onCpu, space: 'full' }).then((e) => e.run(none)))
      .snapshots;
    const choice = { space: 'full', method: 'auto' } as const;
    const { state } = await solveSteady(r.parameters, r.truncation, choice, cpuBackend());
    rotorPopulations(state.rho).forEach((p, i) => {
      expect(Math.abs(late.rotor.populations[i] - p)).toBeLessThan(1e-9);
    });
    expect(late.traceError).toBeLessThan(1e-12);
  });

  test('goes on after a stop to the same numbers', async () => {
    const r = request(device, window, [0.5, 2]);
    const uninterrupted = await run(r);
    const first = await Evolution.start(r, onCpu);
    let steps = 0;
    await expect(
      first.run(async () => {
        if (++steps === 4) throw new Error('stopped');
      }),
    ).rejects.toThrow('stopped');
    const kept = JSON.parse(JSON.stringify(await first.checkpoint()));
    const rest = await (await Evolution.start(r, onCpu, kept)).run(none);
    expect(rest.snapshots).toEqual(uninterrupted.snapshots);
  });

  test('the sector cannot hold it, and is refused', async () => {
    const r = request(device, window, [1]);
    await expect(Evolution.start(r, { ...onCpu, space: 'sector' })).rejects.toThrow('space');
  });
});

test('a Bell state of the qubits is pure and entangled at first, and hot baths end both', async () => {
  const bell = [
    [0, 0, 0, 0],
    [0, 0.5, -0.5, 0],
    [0, -0.5, 0.5, 0],
    [0, 0, 0, 0],
  ];
  const { snapshots } = await run(
    request({}, { lmin: -6, lmax: 6 }, [0, 0.01, 0.02, 10], { qubits: bell, rotor: 0 }),
  );
  const [first, second, third, last] = snapshots;
  expect(first.concurrence).toBeCloseTo(1, 14);
  expect(first.purity).toBeCloseTo(1, 14);
  expect(first.qubits).toMatchObject({ p00: 0, p01: 0.5, p10: 0.5, p11: 0 });
  expect(second.concurrence).toBeLessThan(first.concurrence);
  expect(third.concurrence).toBeLessThan(second.concurrence);
  expect(third.concurrence).toBeGreaterThan(0.5);
  expect(third.purity).toBeLessThan(second.purity);
  expect(last.concurrence).toBe(0);
});
