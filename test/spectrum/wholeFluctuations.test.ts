/** Fluctuations by operators on a small window: against the sector, dense superoperators and laws. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { DynamicRequest } from '../../src/fluctuations/dynamics.js';
import { type Fluctuations, fluctuations } from '../../src/fluctuations/fluctuations.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';
import type { Values } from '../../src/machine/tape.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import { type Operator, sum } from '../../src/operators/operator.js';
import type { Window } from '../../src/operators/window.js';
import { machineFluctuationsOf } from '../../src/simulate/machineFluctuations.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { fluctuatingDevice } from '../../src/simulate/millFluctuations.js';
import { millFluctuationsOf } from '../../src/simulate/steadyFluctuations.js';
import { wholeFluctuations } from '../../src/simulate/wholeFluctuations.js';
import { Dense } from '../support/dense.js';
import { DenseCounting, denseGrowth, denseTilted, denseWaiting } from '../support/denseCounting.js';
import { denseSolver, hermitianFunction } from '../support/denseThermodynamics.js';
import { denseGenerator, denseOperator } from '../support/generators.js';
import { galleryMachine } from '../support/machines.js';
import { denseLindbladian } from '../support/openSystems.js';

const windowOf = (lmin: number, lmax: number): Window => ({ lmin, lmax, size: lmax - lmin + 1 });

/** Every number of a result with where it is, but for errors. */
function numbersOf(found: unknown, path = ''): [string, number][] {
  if (typeof found === 'number') return [[path, found]];
  if (found === null || typeof found !== 'object') return [];
  const entries = found instanceof Map ? [...found.entries()] : Object.entries(found);
  return entries
    .filter(([key]) => !['error', 'residual', 'scale', 'window'].includes(key))
    .flatMap(([key, value]) => numbersOf(value, `${path}/${key}`));
}

const PARAMETERS = {
  ...{ gamma: 0.05, betaR: 2, B1: 0.8, B2: 0.5, beta2: 0.4, g: 0.8, I: 1.3, lambda: 0.4 },
};

test('without a potential it is what the sector has, number by number', () => {
  const parameters = deviceParameters({ ...PARAMETERS, kappa1: 0.02 });
  const window = windowOf(-2, 2);
  const asked: DynamicRequest = {
    frequencies: [0, 0.3, -1],
    fields: [-0.7, 0, 0.4],
    counted: [
      [{ kind: 'quanta', bath: 'bath2' }],
      [{ kind: 'heat', bath: 'load' }],
      [
        { kind: 'quanta', bath: 'load' },
        { kind: 'heat', bath: 'bath1' },
      ],
      [
        { kind: 'quanta', bath: 'bath1' },
        { kind: 'heat', bath: 'bath1' },
      ],
    ],
    waiting: {
      jumps: [
        { bath: 'bath1', direction: 'in' },
        { bath: 'load', direction: null },
      ],
      times: [0, 0.7, 5],
    },
  };
  const order = 10;
  const of = fluctuatingDevice(parameters, window);
  const wanted = numbersOf(fluctuations({ ...of, order, asked }));
  const { system, energies } = device(parameters, window);
  const heat = sum(window, energies.qubit1, energies.qubit2, energies.kinetic);
  const found = new Map(
    numbersOf(wholeFluctuations({ system, heat, betas: of.betas, order, asked })),
  );
  expect([...found.keys()].sort()).toEqual(wanted.map(([path]) => path).sort());
  expect(found.size).toBeGreaterThan(250);
  for (const [path, value] of wanted) {
    const size = Math.max(Math.abs(value), 1e-3);
    expect(Math.abs((found.get(path) ?? Number.NaN) - value), path).toBeLessThan(1e-9 * size);
  }
});

/** Everything of one system against dense superoperators. */
class Comparison {
  readonly dense: DenseCounting;
  readonly rho: Dense;
  readonly generator: Dense;

  constructor(readonly system: OpenSystem) {
    this.generator = denseLindbladian(system);
    this.dense = new DenseCounting(this.generator);
    this.rho = Dense.ofVector(this.dense.rho);
  }

  bath(name: string, quantity: Operator) {
    const { states, jumps } = this.system;
    return {
      jumps: jumps[name].operators.map((a) => denseOperator(a, states)),
      quantity: denseOperator(quantity, states),
    };
  }

  /** −Tr[𝓛_b(ρ)(ln ρ − ln π)] */
  entropyProduction(bath: string, logarithm: Dense): number {
    const own = denseGenerator(lindbladian(this.system, 'full').channels[bath]);
    const change = Dense.ofVector(own.apply(this.dense.rho));
    const distance = hermitianFunction(this.rho, Math.log).plus(logarithm, -1);
    return -change.dot(distance).trace()[0];
  }
}

function near(found: number | null | undefined, wanted: number, within: number, label: string) {
  expect(Math.abs((found ?? Number.NaN) - wanted), label).toBeLessThan(within);
}

/** A diagonal operator by its values at states and levels. */
const diagonal = (
  { states, window }: OpenSystem,
  value: (state: number, l: number) => number,
): Operator => ({
  window,
  transitions: Array.from({ length: states }, (_, s) => ({
    ...{ to: s, from: s, shift: 0, coefficient: { re: 1, im: 0 } },
    table: {
      re: Float64Array.from({ length: window.size }, (_, i) => value(s, window.lmin + i)),
      im: null,
    },
  })),
});

describe('in a potential', () => {
  const parameters = deviceParameters({ ...PARAMETERS, V: 0.7, V2: 0.2 });
  const [lmin, lmax] = [-1, 1];
  const window = windowOf(lmin, lmax);
  const asked: DynamicRequest = {
    frequencies: [0.4],
    fields: [-0.3, 0.5],
    counted: [
      [{ kind: 'quanta', bath: 'load' }],
      [{ kind: 'heat', bath: 'load' }],
      [
        { kind: 'quanta', bath: 'bath2' },
        { kind: 'heat', bath: 'load' },
      ],
    ],
    waiting: { jumps: [{ bath: 'load', direction: 'in' }], times: [0, 0.7, 4] },
  };
  let found: Fluctuations;
  beforeAll(async () => {
    found = await millFluctuationsOf(parameters, { lmin, lmax, edgeTolerance: 1 }, 10, asked);
  });
  const { system, energies } = device(parameters, window);
  const compared = new Comparison(system);
  const quantities: Record<string, Operator> = {
    bath1: diagonal(system, (s) => (s === 2 || s === 3 ? 1 : 0)),
    bath2: diagonal(system, (s) => s % 2),
    load: diagonal(system, (_, l) => l),
  };
  const heat = sum(window, energies.qubit1, energies.qubit2, energies.kinetic);

  test.each(['bath1', 'bath2', 'load'])('what %s brings, to the tenth cumulant', (name) => {
    const bath = found.baths.find((one) => one.name === name)!;
    const [counted, warm] = [compared.bath(name, quantities[name]), compared.bath(name, heat)];
    // Which of the two states of a qubit is the upper one is a convention of the numbering.
    const sign = Math.sign(compared.dense.cumulants(counted, 1)[0] * bath.quanta!.mean.value);
    compared.dense.cumulants(counted, 10).forEach((c, k) => {
      const value = sign ** (k + 1) * c;
      near(bath.quanta!.cumulants[k], value, 1e-9 * Math.max(1, Math.abs(c)), `cumulant ${k + 1}`);
    });
    compared.dense.cumulants(warm, 10).forEach((c, k) => {
      near(bath.heat!.cumulants[k], c, 1e-9 * Math.max(1, Math.abs(c)), `of heat ${k + 1}`);
    });
    near(bath.quanta!.noise.value, bath.quanta!.cumulants[1], 1e-14, 'noise');
  });

  test('covariances, large deviations and waiting times', () => {
    const { generator, dense, rho } = compared;
    const of = (name: string) => compared.bath(name, quantities[name]);
    const load = of('load');
    const covariance = found.covariances.find(({ baths: [a] }) => a === 'bath2')!.covariance;
    const own = found.baths.find(({ name }) => name === 'bath2')!.quanta!;
    const sign = Math.sign(dense.cumulants(of('bath2'), 1)[0] * own.mean.value);
    near(covariance.value, sign * dense.covariance(of('bath2'), load), 1e-11, 'covariance');
    const dynamics = found.dynamics!;
    const warm = compared.bath('load', heat);
    const growth = (...tilts: Parameters<typeof denseTilted>[1]) =>
      denseGrowth(denseTilted(generator, tilts), rho);
    dynamics.largeDeviations!.get('load')!.forEach(({ chi, scgf }) => {
      near(scgf, growth({ bath: load, chi }), 1e-10, `quanta at ${chi}`);
    });
    dynamics.heatDeviations.get('load')!.forEach(({ chi, scgf, current, rate }) => {
      near(scgf, growth({ bath: warm, chi }), 1e-10, `heat at ${chi}`);
      const further = growth({ bath: warm, chi: chi + 1e-5 });
      near(current, (further - scgf) / 1e-5, 1e-4 * Math.abs(current), `its current at ${chi}`);
      near(rate, chi * current - scgf, 1e-13, 'rate');
    });
    const [joint] = dynamics.jointDeviations;
    expect(joint.found).toHaveLength(4);
    joint.found.slice(1, 3).forEach(({ chi: [a, b], scgf }) => {
      const wanted = growth({ bath: of('bath2'), chi: sign * a }, { bath: warm, chi: b });
      near(scgf, wanted, 1e-10, `together at ${a}, ${b}`);
    });
    const up = load.jumps.filter((a) => {
      const gain = load.quantity.dot(a).plus(a.dot(load.quantity), -1);
      return a.dagger().dot(gain).trace()[0] > 0;
    });
    expect(up).toHaveLength(1);
    const { waiting } = dynamics;
    waiting!.distribution.forEach(({ tau, density }) => {
      near(density, denseWaiting(generator, up, rho, tau), 1e-11, `waiting ${tau}`);
    });
    near(waiting!.mean! * waiting!.rate, 1, 1e-10, 'mean waiting time');
  });

  test('the spectrum of what the load brings, at a frequency', () => {
    const { generator, rho } = compared;
    const load = compared.bath('load', quantities.load);
    const [{ quanta }] = found.dynamics!.noise!;
    const jumped = load.jumps.map((a) => ({
      a,
      w: Math.sign(
        a
          .dagger()
          .dot(load.quantity.dot(a).plus(a.dot(load.quantity), -1))
          .trace()[0],
      ),
    }));
    const counted = (state: Dense) =>
      jumped.reduce(
        (total, { a, w }) => total.plus(a.dot(state).dot(a.dagger()), w),
        new Dense(state.n),
      );
    const mean = counted(rho).trace()[0];
    const shot = jumped.reduce((total, { a }) => total + a.dot(rho).dot(a.dagger()).trace()[0], 0);
    // (iω − 𝓛) x = J'ρ − ⟨I⟩ρ
    const solve = denseSolver(generator.plus(Dense.identity(generator.n), 0, -0.4));
    const x = solve(counted(rho).plus(rho, -mean).times(-1).vector(), 0);
    near(quanta.get('load')!.value, shot + 2 * counted(x).trace()[0], 1e-11, 'spectrum');
  });

  test('entropy produced by each bath, with its own fixed point', () => {
    const beta = { bath1: parameters.beta1, bath2: parameters.beta2 };
    for (const { name, entropyProduction } of found.baths) {
      const { value, error } = entropyProduction;
      expect(value).toBeGreaterThan(0);
      if (name === 'load') continue;
      const qubit = denseOperator(name === 'bath1' ? energies.qubit1 : energies.qubit2);
      const logarithm = qubit.times(-beta[name as 'bath1' | 'bath2']);
      const wanted = compared.entropyProduction(name, logarithm);
      near(value, wanted, 1e-11 + error!, name);
      expect(error).toBeLessThan(1e-10);
    }
    expect(found.entropyProduction!.value).toBeGreaterThan(0);
  });

  test("on a wide window quanta have fields; of heat that weighs the window's edge most it is told", async () => {
    const wide = (fields: readonly number[], kind: 'quanta' | 'heat') =>
      millFluctuationsOf(parameters, { edgeTolerance: 1e-8 }, 2, {
        ...{ frequencies: null, waiting: null, fields },
        counted: [[{ kind, bath: 'load' }]],
      });
    const { dynamics, window: own } = await wide([-0.1, 0.1], 'quanta');
    expect(own.size).toBeGreaterThan(20);
    const found = dynamics?.largeDeviations?.get('load') ?? [];
    expect(found.map(({ chi }) => chi)).toEqual([-0.1, 0.1]);
    for (const { rate, error } of found) expect(rate).toBeGreaterThan(-error);
    await expect(wide([0.5], 'heat')).rejects.toThrow(/^no leading eigenvalue was found at /);
  });
});

/** A machine of the gallery on a window, and dense superoperators of it. */
async function machineOn(name: string, window: Window, changes: Values, asked?: DynamicRequest) {
  const described: DescribedMachine = galleryMachine(name);
  const values = { ...defaultValues(described), ...changes };
  const { system, betas } = new MachineSystem(described).on(window, values);
  const request = { order: 4, asked };
  const found = await machineFluctuationsOf(described, values, window, betas, request);
  const bath = (which: string) => found.baths.find((one) => one.name === which)!;
  return { found, bath, system, betas };
}

test('between eigenstates of the whole: Clausius, and the symmetry of fluctuating heat', async () => {
  const asked: DynamicRequest = {
    ...{ frequencies: null, fields: [-1.5, -1, -0.6, -0.3, 0, 0.4], waiting: null },
    counted: [[{ kind: 'heat', bath: 'hot' }]],
  };
  const { found, bath, betas } = await machineOn('two-qubit-rectifier', windowOf(0, 0), {}, asked);
  const { value, error } = found.entropyProduction!;
  // Both baths leave their own Gibbs state alone, and what all baths do to ln ρ is nothing.
  near(value, found.clausius!, 1e-12 + error, 'Clausius');
  expect(value).toBeGreaterThan(100 * error);
  const [hot, cold] = [betas.hot!, betas.cold!];
  const deviations = found.dynamics!.heatDeviations.get('hot')!;
  // θ(χ) = θ(β_hot − β_cold − χ)
  const asymmetry = hot - cold;
  const again = await machineOn(
    'two-qubit-rectifier',
    windowOf(0, 0),
    {},
    {
      ...asked,
      fields: deviations.map(({ chi }) => asymmetry - chi).sort((a, b) => a - b),
    },
  );
  const mirrored = again.found.dynamics!.heatDeviations.get('hot')!;
  const scale = Math.max(...deviations.map(({ scgf }) => Math.abs(scgf)));
  deviations.forEach(({ scgf }, k) => {
    const other = mirrored[mirrored.length - 1 - k];
    expect(Math.abs(other.scgf - scgf)).toBeLessThan(1e-10 * scale + other.error);
  });
  const { cumulants } = bath('hot').heat!;
  expect(cumulants).toHaveLength(4);
  bath('cold').heat!.cumulants.forEach((c, k) => {
    near(c, (-1) ** (k + 1) * cumulants[k], 1e-9 * Math.abs(cumulants[k]), `cumulant ${k + 1}`);
  });
});

test('the piston counts excitations of its qubit, and says which bath is at temperature 0', async () => {
  const window = windowOf(-2, 2);
  const asked: DynamicRequest = {
    ...{ frequencies: null, fields: [-0.6], counted: [[{ kind: 'quanta', bath: 'hot' }]] },
    waiting: { jumps: [{ bath: 'hot', direction: 'out' }], times: [0.5] },
  };
  const { found, bath, system } = await machineOn('piston', window, {}, asked);
  const compared = new Comparison(system);
  const excitations = diagonal(system, (s) => s);
  for (const name of ['hot', 'cold']) {
    const wanted = compared.dense.cumulants(compared.bath(name, excitations), 4);
    wanted.forEach((c, k) => {
      near(bath(name).quanta!.cumulants[k], c, 1e-10, `${name} ${k + 1}`);
    });
  }
  // Its jumps have imaginary parts, and make populations of coherences.
  const hot = compared.bath('hot', excitations);
  const { generator, rho } = compared;
  const [{ scgf }] = found.dynamics!.largeDeviations!.get('hot')!;
  near(scgf, denseGrowth(denseTilted(generator, [{ bath: hot, chi: -0.6 }]), rho), 1e-10, 'θ');
  const [{ density }] = found.dynamics!.waiting!.distribution;
  near(density, denseWaiting(generator, hot.jumps.slice(0, 1), rho, 0.5), 1e-10, 'waiting');
  near(bath('hot').quanta!.mean.value, -bath('cold').quanta!.mean.value, 1e-12, 'balance');
  expect(bath('load').quanta).toBeNull();
  expect(bath('cold').entropyProduction.reason).toMatch(/no reverse/);
  const warm = await machineOn('piston', window, { n2: 0.3 });
  const other = new Comparison(warm.system);
  const occupied = { hot: 1, cold: 0.3 };
  for (const [name, n] of Object.entries(occupied)) {
    const logarithm = denseOperator(excitations, 2).times(Math.log(n / (n + 1)));
    const { value, error } = warm.bath(name).entropyProduction;
    near(value, other.entropyProduction(name, logarithm), 1e-11 + error!, name);
  }
  const { mean, noise, uncertainty } = warm.bath('hot').quanta!;
  const cost = warm.found.entropyProduction!.value;
  near(uncertainty, (noise.value * cost) / mean.value ** 2, 1e-9, 'TUR');
});
