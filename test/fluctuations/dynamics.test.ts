/** Noise spectra, large deviations and waiting times against dense superoperators, sum rules and symmetries. */
import { describe, expect, test } from 'vitest';
import type { DynamicRequest } from '../../src/fluctuations/dynamics.js';
import { fluctuations } from '../../src/fluctuations/fluctuations.js';
import { fluctuations as library } from '../../src/index.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import type { Values } from '../../src/machine/tape.js';
import { machineWindow } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { Dense } from '../support/dense.js';
import { denseEigenvalues } from '../support/denseLinear.js';
import { denseExponential } from '../support/denseNumbers.js';
import { denseSolver } from '../support/denseThermodynamics.js';
import { denseOperator } from '../support/generators.js';
import { galleryMachine } from '../support/machines.js';
import { denseLindbladian } from '../support/openSystems.js';

const NOTHING: DynamicRequest = { frequencies: null, fields: null, waiting: null };

/** A machine, and the superoperators of the jumps that bring quanta into it and take them out. */
function machineOf(name: string, changes: Values, levels?: readonly [number, number]) {
  const described = galleryMachine(name);
  const values = { ...Object.fromEntries(described.parameters.map((p) => [p.name, p.default])) };
  Object.assign(values, changes);
  const window = machineWindow(described, levels && { lmin: levels[0], lmax: levels[1] });
  const { system } = new MachineSystem(described).on(window, values);
  const solved = (asked: Partial<DynamicRequest>, order = 2) =>
    fluctuations({
      machine: described.machine,
      of: localEquation,
      values,
      window,
      betas: {},
      order,
      asked: { ...NOTHING, ...asked },
    });
  /** @param signs of each jump operator of the bath */
  const counted = (bath: string, signs: readonly number[]) => {
    const jumps = system.jumps[bath].operators.map((x) => denseOperator(x, system.states));
    const superoperators = jumps.map((a) => a.kron(a.conjugate()));
    const weighted = (factor: (w: number) => number) =>
      superoperators.reduce(
        (sum, one, k) => sum.plus(one, factor(signs[k])),
        new Dense(superoperators[0].n),
      );
    return { weighted, signs };
  };
  return { solved, counted, system };
}

function denseOf({ system }: ReturnType<typeof machineOf>) {
  const l = denseLindbladian(system);
  return { l, rho: denseSolver(l)(new Float64Array(2 * l.n), 1).vector() };
}

type Counted = ReturnType<ReturnType<typeof machineOf>['counted']>;

const traceOf = (v: Float64Array) => Dense.ofVector(v).trace();

function denseSpectrum(
  { l, rho }: { readonly l: Dense; readonly rho: Float64Array },
  a: Counted,
  b: Counted,
  omega: number,
) {
  const solve = denseSolver(l.plus(Dense.identity(l.n), 0, -omega));
  const half = (x: Counted, y: Counted) => {
    const moved = y.weighted((w) => w).apply(rho);
    const [mean] = traceOf(moved);
    const right = moved.map((value, i) => mean * rho[i] - value);
    return traceOf(x.weighted((w) => w).apply(solve(right, 0).vector()));
  };
  const [re, im] = half(a, b);
  const [re2, im2] = half(b, a);
  const [shot] = a === b ? traceOf(a.weighted((w) => w * w).apply(rho)) : [0];
  return { re: shot + re + re2, im: im - im2 };
}

const exchange = machineOf('exchange-qubits', { g: 0.45, k: 1, nh: 1, nc: 0.5 });
const dense = denseOf(exchange);
const hot = exchange.counted('hot', [-1, 1]);
const cold = exchange.counted('cold', [-1, 1]);

describe('noise at finite frequency', () => {
  test('of two exchange-coupled qubits is that of dense superoperators', () => {
    const frequencies = [-0.8, 1e-8, 0.3, 5];
    const noise = exchange.solved({ frequencies }).dynamics!.noise!;
    frequencies.forEach((omega, k) => {
      const { quanta, covariances } = noise[k];
      for (const [bath, counted] of [
        ['hot', hot],
        ['cold', cold],
      ] as const) {
        const wanted = denseSpectrum(dense, counted, counted, omega);
        const { value, error } = quanta.get(bath)!;
        expect(Math.abs(value - wanted.re)).toBeLessThan(1e-12);
        expect(error).toBeLessThan(1e-12);
      }
      const wanted = denseSpectrum(dense, hot, cold, omega);
      const [{ covariance }] = covariances;
      expect(Math.hypot(covariance.re - wanted.re, covariance.im - wanted.im)).toBeLessThan(1e-12);
    });
  });

  test('of the mill, with a load whose jumps depend on the level', () => {
    const mill = machineOf('quantum-mill', { gamma: 0.01 }, [-1, 1]);
    const frequencies = [0.02, 3];
    const noise = mill.solved({ frequencies }).dynamics!.noise!;
    const whole = denseOf(mill);
    const load = mill.counted('load', [1, -1]);
    const bath2 = mill.counted('bath2', [1, -1]);
    frequencies.forEach((omega, k) => {
      const { value, error } = noise[k].quanta.get('load')!;
      const wanted = denseSpectrum(whole, load, load, omega).re;
      expect(Math.abs(value / wanted - 1)).toBeLessThan(1e-9);
      expect(error).toBeLessThan(1e-10 * value);
      const { covariance } = noise[k].covariances.find(
        ({ baths }) => baths.join() === 'bath2,load',
      )!;
      const both = denseSpectrum(whole, bath2, load, omega);
      expect(Math.hypot(covariance.re - both.re, covariance.im - both.im)).toBeLessThan(1e-12);
      // The heat of a bath of one energy is its quanta.
      const { value: heat } = noise[k].heat.get('bath2')!;
      expect(heat / (400 * noise[k].quanta.get('bath2')!.value)).toBeCloseTo(1, 10);
    });
  });

  test('towards frequency 0 it is the zero-frequency noise', () => {
    const { solved } = machineOf('quantum-mill', {}, [-8, 10]);
    const small = solved({ frequencies: [-1e-11, 0] });
    const [near, at] = small.dynamics!.noise!;
    for (const { name, quanta } of small.baths) {
      const { noise } = quanta!;
      expect(at.quanta.get(name)).toEqual(noise);
      expect(Math.abs(near.quanta.get(name)!.value / noise.value - 1)).toBeLessThan(1e-9);
    }
  });

  test('what it has beyond the shot noise sums to how jumps follow one another', () => {
    const points = 120;
    const scale = 2;
    const thetas = Array.from({ length: points }, (_, k) => (Math.PI * (k + 0.5)) / points);
    const frequencies = thetas.map((theta) => -scale / Math.tan(theta));
    const noise = exchange.solved({ frequencies }).dynamics!.noise!;
    const [shot] = traceOf(hot.weighted((w) => w * w).apply(dense.rho));
    const sum = noise.reduce((total, { quanta }, k) => {
      const weight = scale / Math.sin(thetas[k]) ** 2 / (2 * points);
      return total + weight * (quanta.get('hot')!.value - shot);
    }, 0);
    const once = hot.weighted((w) => w).apply(dense.rho);
    const [mean] = traceOf(once);
    const [twice] = traceOf(hot.weighted((w) => w).apply(once));
    expect(sum).toBeCloseTo(twice - mean ** 2, 9);
  });
});

/** The largest real part of an eigenvalue. */
const leading = (map: Dense) => Math.max(...denseEigenvalues(map).map(({ re }) => re));

describe('large deviations', () => {
  test('are the leading eigenvalue of the tilted generator', () => {
    const fields = [-6, -1, 0, 0.5, 4];
    const { dynamics } = exchange.solved({ fields });
    for (const [bath, counted] of [
      ['hot', hot],
      ['cold', cold],
    ] as const) {
      const found = dynamics!.largeDeviations!.get(bath)!;
      found.forEach(({ chi, scgf, error, current, rate }, k) => {
        expect(chi).toBe(fields[k]);
        const wanted = leading(dense.l.plus(counted.weighted((w) => Math.expm1(chi * w))));
        const size = Math.max(1, Math.abs(wanted));
        expect(Math.abs(scgf - wanted)).toBeLessThan(1e-12 * size);
        expect(error).toBeLessThan(1e-12 * size);
        expect(rate).toBeCloseTo(chi * current - scgf, 12);
        expect(rate).toBeGreaterThanOrEqual(-1e-14);
      });
    }
  });

  test('of a heat, and of two counters together, likewise', () => {
    const mill = machineOf('quantum-mill', { gamma: 0.05, lambda: 0.4, I: 2 }, [-1, 1]);
    const { l } = denseOf(mill);
    const { states, jumps } = mill.system;
    const order = 3 * states;
    const exponential = (x: readonly number[], factor: number) =>
      Dense.from(order, (i, j) => (i === j ? Math.exp(factor * x[i]) : 0));
    /** What e^{χX/2}Ae^{−χX/2} makes of the jumps A of a bath beyond what they are. */
    const tilt = (bath: string, x: readonly number[]) =>
      jumps[bath].operators.reduce((sum, operator) => {
        const a = denseOperator(operator, states);
        const tilted = exponential(x, 0.5).dot(a).dot(exponential(x, -0.5));
        return sum.plus(tilted.kron(tilted.conjugate())).plus(a.kron(a.conjugate()), -1);
      }, new Dense(l.n));
    // States by the qubits', then levels −1, 0, 1; the load's heat is the gain of L²/2I.
    const levels = Array.from({ length: order }, (_, i) => (i % 3) - 1);
    const kinetic = levels.map((level) => level ** 2 / 4);
    const fields = [-1.5, 0, 0.7];
    const { dynamics } = mill.solved({
      fields,
      counted: [
        [{ kind: 'heat', bath: 'load' }],
        [
          { kind: 'quanta', bath: 'load' },
          { kind: 'heat', bath: 'load' },
        ],
      ],
    });
    expect(dynamics!.largeDeviations!.size).toBe(0);
    const heats = dynamics!.heatDeviations.get('load')!;
    const [{ found: joint }] = dynamics!.jointDeviations;
    const near = (found: { scgf: number; error: number }, wanted: number) => {
      expect(Math.abs(found.scgf - wanted)).toBeLessThan(1e-11 * Math.max(1, Math.abs(wanted)));
      expect(found.error).toBeLessThan(1e-11);
    };
    heats.forEach(({ chi, ...found }, k) => {
      expect(chi).toBe(fields[k]);
      near(
        found,
        leading(
          l.plus(
            tilt(
              'load',
              kinetic.map((x) => chi * x),
            ),
          ),
        ),
      );
    });
    joint.forEach(({ chi, ...found }, k) => {
      expect(chi).toEqual([fields[Math.floor(k / 3)], fields[k % 3]]);
      const x = levels.map((level, i) => chi[0] * level + chi[1] * kinetic[i]);
      near(found, leading(l.plus(tilt('load', x))));
    });
    // Where one field is 0 it is the other one's alone.
    for (const k of [0, 1, 2]) {
      expect(joint[3 + k].scgf).toBeCloseTo(heats[k].scgf, 12);
      expect(joint[3 + k].current[1]).toBeCloseTo(heats[k].current, 10);
    }
  });

  test('of two baths together grows with its second derivative by both as their covariance', () => {
    const h = 0.01;
    const { covariances, dynamics } = exchange.solved({
      fields: [-h, h],
      counted: [
        [
          { kind: 'quanta', bath: 'hot' },
          { kind: 'quanta', bath: 'cold' },
        ],
      ],
    });
    const [{ found }] = dynamics!.jointDeviations;
    const [mm, mp, pm, pp] = found.map(({ scgf }) => scgf);
    const mixed = (pp - pm - mp + mm) / (4 * h * h);
    expect(mixed).toBeCloseTo(covariances[0].covariance.value, 4);
  });

  test('cumulants are derivatives at 0', () => {
    const h = 0.05;
    const mill = machineOf('quantum-mill', { gamma: 0.01 }, [-3, 4]);
    const { baths, dynamics } = mill.solved(
      { fields: [-3 * h, -2 * h, -h, 0, h, 2 * h, 3 * h] },
      4,
    );
    for (const { name, quanta } of baths) {
      const slopes = dynamics!.largeDeviations!.get(name)!.map(({ current }) => current);
      const [a, b, c, mean, d, e, f] = slopes;
      const derivatives = [
        mean,
        (45 * (d - c) - 9 * (e - b) + f - a) / (60 * h),
        (270 * (d + c) - 27 * (e + b) + 2 * (f + a) - 490 * mean) / (180 * h * h),
      ];
      derivatives.forEach((value, k) => {
        const scale = quanta!.noise.value;
        expect(Math.abs(value - quanta!.cumulants[k]), `${name} ${k}`).toBeLessThan(1e-7 * scale);
      });
    }
  });

  test('heat that flows backwards is rarer by what it costs, exactly', () => {
    const affinity = Math.log((1 * (0.5 + 1)) / (0.5 * (1 + 1)));
    const fields = [-2, -0.7, -0.1, 0.9];
    const mirrored = fields.map((chi) => -affinity - chi).reverse();
    const [there, back] = [fields, mirrored].map((asked) =>
      exchange
        .solved({ fields: asked })
        .dynamics!.largeDeviations!.get('hot')!
        .map(({ scgf }) => scgf),
    );
    back.reverse().forEach((theta, k) => {
      expect(Math.abs(theta - there[k])).toBeLessThan(1e-13);
    });
  });
});

test('asked of the library, and what is not allowed is told in one line', async () => {
  const truncation = { lmin: -4, lmax: 6, edgeTolerance: 0.9 };
  const run = (options: object) => library({}, { truncation, ...options });
  const { dynamics } = await run({ frequency: [0, 1], counting: '-1,1', waiting: 'load:in,bath1' });
  expect(dynamics!.noise!.map(({ omega }) => omega)).toEqual([0, 1]);
  expect([...dynamics!.largeDeviations!.keys()]).toEqual(['bath1', 'bath2', 'load']);
  const { jumps, mean, rate } = dynamics!.waiting!;
  expect(jumps).toEqual(['load:in', 'bath1']);
  expect(mean! * rate).toBeCloseTo(1, 12);
  expect((await run({})).dynamics).toBeNull();
  await expect(run({ waiting: 'sun' })).rejects.toThrow(
    /^waiting = "sun": must be of baths that have/,
  );
  await expect(run({ tau: [1] })).rejects.toThrow(/^tau = .*: must be given with waiting/);
  await expect(run({ counting: '1,0' })).rejects.toThrow(/^counting = .*does not come after/);
});

describe('waiting times', () => {
  const times = [0, 0.5, 2, 8];
  const jumps = [{ bath: 'cold', direction: 'out' as const }];

  test('are those of the generator without the jumps', () => {
    const { waiting } = exchange.solved({ waiting: { jumps, times } }).dynamics!;
    const out = cold.weighted((w) => (w < 0 ? 1 : 0));
    const after = out.apply(dense.rho);
    const [rate] = traceOf(after);
    const first = after.map((x) => x / rate);
    const silent = dense.l.plus(out, -1);
    expect(waiting!.rate).toBeCloseTo(rate, 13);
    expect(waiting!.mean! * rate).toBeCloseTo(1, 12);
    waiting!.distribution.forEach(({ tau, density, error }, k) => {
      expect(tau).toBe(times[k]);
      const [wanted] = traceOf(
        out.apply(denseExponential(silent, Dense.ofVector(first), tau).vector()),
      );
      expect(Math.abs(density - wanted)).toBeLessThan(1e-12);
      expect(error).toBeLessThan(1e-11);
    });
  });

  test('sum to 1, with the mean and variance that are given', () => {
    const step = 0.02;
    const grid = Array.from({ length: 2401 }, (_, k) => k * step);
    const { waiting } = exchange.solved({ waiting: { jumps, times: grid } }).dynamics!;
    const moment = (n: number) =>
      waiting!.distribution.reduce((sum, { tau, density }, k) => {
        const simpson = k === 0 || k === grid.length - 1 ? 1 : k % 2 === 1 ? 4 : 2;
        return sum + (simpson * step * density * tau ** n) / 3;
      }, 0);
    expect(moment(0)).toBeCloseTo(1, 6);
    expect(moment(1)).toBeCloseTo(waiting!.mean!, 5);
    expect(moment(2) - moment(1) ** 2).toBeCloseTo(waiting!.variance!, 4);
  });

  test('of jumps that never come there are none', () => {
    const still = machineOf('exchange-qubits', { g: 0.45, k: 1, nh: 1, nc: 0 });
    const never = [{ bath: 'cold', direction: 'in' as const }];
    const { waiting } = still.solved({ waiting: { jumps: never, times } }).dynamics!;
    expect(waiting).toMatchObject({ jumps: ['cold:in'], rate: 0, mean: null, distribution: [] });
  });
});
