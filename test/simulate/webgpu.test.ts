/** Steady states solved on a WebGPU device in float32 and refined to float64. */
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { webgpuBackend } from '../../src/backend/webgpu/backend.js';
import { type Device, openDevice } from '../../src/backend/webgpu/device.js';
import { OutOfDeviceMemoryError } from '../../src/backend/webgpu/errors.js';
import { symmetryOf } from '../../src/generator/symmetry.js';
import { device as deviceOf } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { exchange, identity } from '../../src/model/qubits.js';
import { withHamiltonian } from '../../src/operators/openSystem.js';
import { adjoint, operator, type QubitOperator, scale, sum } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import { plannedDeviceBytes } from '../../src/simulate/memoryPlan.js';
import { coupledSectors } from '../../src/simulate/refinedSteady.js';
import type { SolverChoice } from '../../src/simulate/route.js';
import { solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { steadyObservables } from '../../src/simulate/steady.js';
import { steadyStateOf } from '../../src/simulate/systemSteady.js';
import { largestDifference } from '../../src/solve/uniqueness.js';
import { embedded } from '../../src/state/embed.js';
import potential from '../reference/potential.json' with { type: 'json' };
import plain from '../reference/steady_states.json' with { type: 'json' };
import { distance, norm } from '../support/vectors.js';

const backend = openDevice().then((device) => webgpuBackend(device, 'f32'));
afterAll(async () => (await backend).close());

interface Entry {
  readonly model: string;
  readonly parameters: object;
  readonly lmin: number;
  readonly lmax: number;
  readonly heat: { readonly Q1: number; readonly Q2: number; readonly Qr: number };
  readonly work: { readonly WQ: number; readonly Wr: number };
  readonly Lz: number;
  readonly Lz2: number;
}

async function compare(input: DeviceInput, entry: Entry, choice: SolverChoice) {
  const { lmin, lmax } = entry;
  const { state, solver } = await solveSteadyOn(
    deviceParameters(input),
    rotorWindow(lmin, lmax),
    choice,
    await backend,
  );
  const o = steadyObservables(state, truncation({ lmin, lmax }));
  const near = (found: number, wanted: number, what: string, scale = Math.abs(wanted)) =>
    expect(Math.abs(found - wanted), what).toBeLessThanOrEqual(1e-9 * scale);
  const flow = Math.max(...Object.values(entry.heat).map(Math.abs));
  expect(solver.converged).toBe(true);
  expect(solver.iterations).toBeGreaterThan(0);
  // No vector travels in an iteration.
  expect(solver.preconditionedOnHost).toBe(false);
  // Several passes: one in float32 does not get that far.
  expect(solver.passes).toBeGreaterThan(1);
  expect(o.residual).toBeLessThan(1e-13);
  for (const name of ['Q1', 'Q2', 'Qr'] as const) near(o.heat[name], entry.heat[name], name);
  near(o.work.interaction, entry.work.WQ, 'WQ', input.model === 'local' ? undefined : flow);
  near(o.work.Wr, entry.work.Wr, 'Wr', flow);
  near(o.rotor.Lz, entry.Lz, 'Lz');
  near(Number(o.rotor.Lz2), entry.Lz2, 'Lz2');
}

describe('independent values with a potential, to 1e-9', () => {
  test.each(potential)('V = $parameters.V', async (entry) => {
    const input = { ...entry.parameters, model: entry.model } as DeviceInput;
    await compare(input, entry, { space: 'band', dmax: 20, method: 'gmres' });
  });
});

describe('independent values without potential, to 1e-9', () => {
  /**
   * The whole space differs from the sector by its other sectors, whatever the numbers are: there the software
   * adapter, slow as it is, takes every third device.
   */
  const inWholeSpace = plain.filter(
    (_, i) => i % 3 === 2 || process.env.QMILL_TEST_ADAPTER === 'system',
  );
  describe.each([
    { space: 'sector', entries: plain },
    { space: 'full', entries: inWholeSpace },
  ] as const)('$space', ({ space, entries }) => {
    test.each(entries)('$model $parameters', async (entry) => {
      const Omega = 'cutoff' in entry ? entry.cutoff : null;
      const { B1, B2 } = entry.parameters;
      const cutoff = Omega === 2 * Math.max(B1, B2) ? 'max-qubit' : 'max-bohr';
      const { model, parameters } = entry;
      const input = { ...parameters, model, ...(model === 'global' ? { cutoff } : {}) };
      await compare(input as DeviceInput, entry, { space, method: 'gmres' });
    });
  });
});

describe('memory on the device', () => {
  // One for all cases, so that each kernel is compiled once.
  const own = openDevice();
  afterAll(async () => (await own).close());
  afterEach(() => vi.restoreAllMocks());

  /** The most bytes in buffers that are in use at once. */
  function watchPool({ pool }: Device): () => number {
    let [used, peak] = [0, 0];
    const taken = <T extends GPUBuffer | undefined>(buffer: T): T => {
      used += buffer?.size ?? 0;
      peak = Math.max(peak, used);
      return buffer;
    };
    const [create, reuse] = [pool.create.bind(pool), pool.reuse.bind(pool)];
    const release = pool.release.bind(pool);
    vi.spyOn(pool, 'create').mockImplementation((...wanted) => taken(create(...wanted)));
    vi.spyOn(pool, 'reuse').mockImplementation((...wanted) => taken(reuse(...wanted)));
    vi.spyOn(pool, 'release').mockImplementation((buffer) => {
      used -= buffer.size;
      release(buffer);
    });
    return () => peak;
  }

  test.each([
    ['full', 'gmres', 7],
    ['full', 'bicgstab', 7],
    ['band', 'gmres', 12],
    ['band', 'bicgstab', 12],
  ] as const)('is what was planned for it: %s, %s', async (space, method, reach) => {
    const device = await own;
    const peak = watchPool(device);
    const watched = await webgpuBackend(device, 'f32');
    const [parameters, window] = [deviceParameters({ V: 1 }), rotorWindow(-reach, reach)];
    const choice = { space, method, ...(space === 'band' ? { dmax: 8 } : {}) };
    await solveSteadyOn(parameters, window, choice, watched);
    const coupled = coupledSectors(
      symmetryOf(deviceOf(parameters, window).system),
      window,
      watched.adapter,
    );
    const plan = { space, method, dmax: 8, coupled, onDevice: true };
    const planned = plannedDeviceBytes(window, plan);
    expect(peak()).toBeLessThanOrEqual(planned);
    // Of 40 steps of GMRES, whose vectors are planned for, a few are taken.
    expect(peak()).toBeGreaterThan(planned / 3);
  });

  test('that an adapter cannot bind is refused, with what the solution takes', async () => {
    const device = await openDevice({ mostBytesPerBinding: 16_384 });
    const small = await webgpuBackend(device, 'f32');
    const refused = solveSteadyOn(
      deviceParameters({ V: 1 }),
      rotorWindow(-7, 7),
      { space: 'full', method: 'gmres' },
      small,
      { precision: 'f32' },
    );
    await expect(refused).rejects.toThrow(OutOfDeviceMemoryError);
    await expect(refused).rejects.toThrow(
      /couplings: \d+ bytes are more than this adapter binds at once \(16384\); a solution takes up to/,
    );
    device.close();
  });
});

describe('solution and residual', () => {
  const window = rotorWindow(-6, 8);
  const parameters = deviceParameters({ V: 1 });
  const whole: SolverChoice = { space: 'full', method: 'gmres' };

  test('stay on the device in double-float, but for the last digits', async () => {
    const b = await backend;
    const wider = await b.wider?.();
    if (wider === null || wider === undefined) throw new Error('double-float is right here');
    const spies = [vi.spyOn(b, 'download'), vi.spyOn(wider.backend, 'download')];
    const { solver, state } = await solveSteadyOn(parameters, window, whole, b);
    const { size } = state.rho.space;
    const [narrow, wide] = spies.map(
      ({ mock }) => mock.calls.filter(([x, count = x.length]) => count === size).length,
    );
    vi.restoreAllMocks();
    expect(solver.refinement).toBe(
      `${wider.name} on ${b.adapter}, the last digits in float64 on the CPU`,
    );
    expect(wider.name).toContain('double-float');
    // The corrections of the passes in float64, and the solution once.
    expect(solver.passes).toBeGreaterThanOrEqual(3);
    expect(narrow).toBeLessThanOrEqual(solver.passes - 2);
    expect(wide).toBe(1);
    expect(state.residual).toBeLessThan(1e-15);
  });

  test('go to the CPU where no double-float is right, with the same answer', async () => {
    const { device } = await backend;
    const without = await webgpuBackend(device, 'f32', { variant: null, candidates: [] });
    expect(await without.wider?.()).toBeNull();
    const { solver, state } = await solveSteadyOn(parameters, window, whole, without);
    expect(solver.refinement).toBe('float64 on the CPU');
    expect(solver.converged).toBe(true);
    const other = await solveSteadyOn(parameters, window, whole, await backend);
    const difference = state.rho.elements.map((x, i) => x - other.state.rho.elements[i]);
    expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-13);
  });

  test('one pass in float32 is said to be unrefined by what kept it', async () => {
    const { solver } = await solveSteadyOn(parameters, window, whole, await backend, {
      precision: 'f32',
    });
    expect(solver).toMatchObject({ passes: 1, refinement: 'float64 on the CPU' });
  });

  test('go through several buffers, and what the host then computes is told', async () => {
    const device = await openDevice({ mostBytesPerBinding: 2 ** 17 });
    const small = await webgpuBackend(device, 'f32');
    const larger = rotorWindow(-14, 18);
    const { solver, state } = await solveSteadyOn(parameters, larger, whole, small);
    expect(16 * larger.size ** 2).toBeGreaterThan(2 ** 17 / 8);
    expect(solver).toMatchObject({ converged: true, preconditionedOnHost: true });
    expect(solver.refinement).toContain('double-float');
    expect(state.residual).toBeLessThan(1e-15);
    device.close();
    const other = await solveSteadyOn(parameters, larger, whole, await backend);
    expect(other.solver.preconditionedOnHost).toBe(false);
    const difference = state.rho.elements.map((x, i) => x - other.state.rho.elements[i]);
    expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-13);
  });
});

test('what float32 does not converge on converges by the host, and says so', async () => {
  // Found among random devices: float32 factors of its band do not hold its slowest modes.
  const parameters = deviceParameters({
    ...{ beta1: 0.7676, beta2: 1, betaR: 1, B1: 0.5, B2: 2.5412, g: 1.8246, chi: 0 },
    ...{ lambda: 0.05, gamma: 2.24e-6, I: 1.712, V: 2.392 },
  });
  const window = rotorWindow(-8, 8);
  const choice: SolverChoice = { space: 'full', method: 'gmres' };
  const { solver, state } = await solveSteadyOn(parameters, window, choice, await backend);
  expect(solver.converged).toBe(true);
  expect(solver.preconditionedOnHost).toBe(true);
  const exact = await solveSteadyOn(parameters, window, choice, cpuBackend());
  // The CPU leaves out what populations do not reach.
  const { elements } = embedded(exact.state.rho, state.rho.space);
  expect(norm(elements)).toBeCloseTo(norm(exact.state.rho.elements), 12);
  expect(distance(state.rho.elements, elements)).toBeLessThan(1e-9 * norm(elements));
});

describe('terms that reach to the next level but one', () => {
  const window = rotorWindow(-9, 9);
  const solved = async (input: DeviceInput, entries: QubitOperator, factor: number) => {
    const { system } = deviceOf(deviceParameters(input), window);
    const twice = scale(operator(window, entries, { shift: 2 }), factor);
    const hamiltonian = sum(window, system.hamiltonian, twice, adjoint(twice));
    const choice: SolverChoice = { space: 'band', dmax: 12, method: 'gmres' };
    const [found, wanted] = [
      await steadyStateOf(withHamiltonian(system, hamiltonian), choice, await backend),
      await steadyStateOf(withHamiltonian(system, hamiltonian), choice, cpuBackend()),
    ];
    expect(found.solver.converged).toBe(true);
    expect(largestDifference(found.rho.elements, wanted.rho.elements)).toBeLessThan(1e-12);
    return found.solver;
  };

  test('and break the symmetry: all of it is solved on the device', async () => {
    const solver = await solved({ V: 0.3 }, identity, 0.2);
    expect(solver.preconditionedOnHost).toBe(false);
  });

  test('and keep it: the host solves the chains, and the report says so', async () => {
    const solver = await solved({ lambda: 0, V: 0.05 }, exchange, 0.2);
    expect(solver.preconditionedOnHost).toBe(true);
  });
});
