/** Error bars of trajectories against the master equation, above all where something rare did not happen. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/generator/apply.js';
import type { Generator } from '../../src/generator/generator.js';
import type { KetSystem } from '../../src/generator/kets.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { angularMomentum, angularMomentumSquared } from '../../src/model/hamiltonian.js';
import { type InitialInput, initialState } from '../../src/model/initial.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { ERROR_BARS, type Estimate, estimate } from '../../src/simulate/moments.js';
import { deviceKets, Trajectories } from '../../src/simulate/trajectories.js';
import { expectation, qubitPopulations, rotorPopulations } from '../../src/state/densityMatrix.js';
import { initialDensityMatrix } from '../../src/state/initialState.js';
import { globalHeat, localHeat } from '../../src/thermo/heat.js';
import { channelRates } from '../../src/thermo/rates.js';
import { between, decades } from '../support/arbitrary.js';
import { Dense } from '../support/dense.js';
import { spaceVector } from '../support/generators.js';

interface Case {
  readonly input: DeviceInput;
  readonly initial: InitialInput;
  readonly lmin: number;
  readonly lmax: number;
  readonly t: number;
  readonly count: number;
  readonly seed: number;
}

/** Steps of a rule of Simpson, and in each of them a Taylor's series, up to terms that no longer count. */
const STEPS = 10;
const TERMS = 24;
const NO_MORE = 1e-13;

/** Σ_j A_j†A_j of a bath. */
function decayOf({ jumps, dimension }: KetSystem, bath: number): Dense {
  const sources = new Map<number, { c: number; re: number; im: number }[]>();
  for (let c = 0; c < dimension; c++) {
    for (let e = jumps.starts[c]; e < jumps.starts[c + 1]; e++) {
      const slot = jumps.slots[e];
      if (jumps.baths[slot] !== bath) continue;
      sources.set(slot, [...(sources.get(slot) ?? []), { c, re: jumps.re[e], im: jumps.im[e] }]);
    }
  }
  const sum = new Map<number, [number, number]>();
  for (const entries of sources.values()) {
    for (const a of entries) {
      for (const b of entries) {
        const [re, im] = sum.get(a.c * dimension + b.c) ?? [0, 0];
        sum.set(a.c * dimension + b.c, [
          re + a.re * b.re + a.im * b.im,
          im + a.re * b.im - a.im * b.re,
        ]);
      }
    }
  }
  return Dense.from(dimension, (i, j) => sum.get(i * dimension + j) ?? [0, 0]);
}

function step(generator: Generator, x: Float64Array, t: number): Float64Array {
  const sum = x.slice();
  let term = x;
  for (let k = 1; k <= TERMS; k++) {
    term = apply(generator, term).map((value) => (value * t) / k);
    let largest = 0;
    for (let i = 0; i < sum.length; i++) {
      sum[i] += term[i];
      largest = Math.max(largest, Math.abs(term[i]));
    }
    if (largest < NO_MORE) break;
  }
  return sum;
}

type Named = readonly [quantity: string, found: Estimate, wanted: number];

/** Every mean of a run beside what the master equation says. */
function compared({ input, initial, lmin, lmax, t, count, seed }: Case): Named[] {
  const parameters = deviceParameters(input);
  const window = rotorWindow(lmin, lmax);
  const start = initialState(parameters, initial);
  const request = { parameters, lmin, lmax, initial: start, times: [t], seed };
  const trajectories = new Trajectories(request);
  const [found] = trajectories.snapshots(trajectories.moments(0, count));
  const { device } = trajectories;
  const whole = lindbladian(device.system, 'full');
  const { space } = whole;
  const heatOf = (elements: Float64Array) => {
    const rates = channelRates(whole, { space, elements });
    return parameters.model === 'local' ? localHeat(device, rates) : globalHeat(device, rates);
  };
  const system = deviceKets(device);
  const decays = [0, 1, 2].map((bath) => spaceVector(space, decayOf(system, bath)));
  const jumpsOf = (elements: Float64Array) =>
    decays.map((decay) => decay.reduce((sum, x, i) => sum + x * elements[i], 0));
  let state = initialDensityMatrix(start, space).elements;
  const energy = { Q1: 0, Q2: 0, Qr: 0 };
  const jumps = [0, 0, 0];
  for (let n = 0; n <= STEPS; n++) {
    if (n > 0) state = step(whole.total, state, t / STEPS);
    const weight = ((n === 0 || n === STEPS ? 1 : n % 2 === 1 ? 4 : 2) * t) / STEPS / 3;
    const heat = heatOf(state);
    for (const name of ['Q1', 'Q2', 'Qr'] as const) energy[name] += weight * heat[name];
    jumpsOf(state).forEach((rate, b) => {
      jumps[b] += weight * rate;
    });
  }
  const rho = { space, elements: state };
  const heat = heatOf(state);
  const levels = Array.from(rotorPopulations(rho));
  return [
    ...(['Q1', 'Q2', 'Qr'] as const).flatMap((name): Named[] => [
      [`heat.${name}`, found.heat[name], heat[name]],
      [`exchanged.${name}`, found.exchanged[name], energy[name]],
    ]),
    ...(['bath1', 'bath2', 'load'] as const).map(
      (name, b): Named => [`jumps.${name}`, found.jumps[name], jumps[b]],
    ),
    ['Lz', found.rotor.Lz, expectation(rho, angularMomentum(window)).re],
    ['Lz2', found.rotor.Lz2, expectation(rho, angularMomentumSquared(window)).re],
    ...qubitPopulations(rho).map((p, s): Named => [`qubits ${s}`, found.qubits.populations[s], p]),
    ...levels.map((p, l): Named => [`level ${l}`, found.rotor.populations[l], p]),
  ];
}

/** Rounding of the numbers that are compared, and Simpson's rule. */
const ROUNDING = 1e-6;
const off = (bar: number | null, { mean }: Estimate, wanted: number): boolean =>
  Math.abs(mean - wanted) > ERROR_BARS.bars * (bar ?? 0) + ROUNDING * (1e-3 + Math.abs(wanted));

describe('jumps of the load that did not happen', () => {
  const rare: Case = {
    input: { V: 2 },
    initial: { qubit1: 'down', qubit2: 'up' },
    lmin: -4,
    lmax: 4,
    t: 0.5,
    count: 1000,
    seed: 3,
  };

  test('are within the bars, which the sample alone is far from', () => {
    const all = compared(rare);
    for (const [name, found, wanted] of all) {
      expect(off(found.error, found, wanted), `${name}: ${found.mean}, not ${wanted}`).toBe(false);
    }
    const of = (name: string) => all.find(([other]) => other === name) as Named;
    const [, load, jumps] = of('jumps.load');
    expect(load).toMatchObject({ mean: 0, standardError: 0 });
    expect(jumps).toBeGreaterThan(5e-4);
    const [, { mean, standardError }, wanted] = of('Lz2');
    expect(Math.abs(mean - wanted)).toBeGreaterThan(100 * (standardError as number));
  });
});

describe('the stated share of false alarms', () => {
  /** log of k! */
  const factorials = [0];
  for (let k = 1; k <= 1000; k++) factorials.push(factorials[k - 1] + Math.log(k));

  test.each([2, 3, 4, 6, 10, 30, 100, 1000])('is the worst case of %i samples of 0 or 1', (n) => {
    const bars = Array.from({ length: n + 1 }, (_, k) => {
      const mean = k / n;
      const squares = Float64Array.of(k * (1 - mean) ** 2 + (n - k) * mean ** 2);
      const moments = { count: n, means: Float64Array.of(mean), squares };
      return estimate(moments, 0, [0, 1]).error as number;
    });
    for (let expected = 0.05; expected < Math.min(n, 60); expected += 0.05) {
      const p = expected / n;
      let alarms = 0;
      for (let k = 0; k <= n; k++) {
        if (Math.abs(k / n - p) <= ERROR_BARS.bars * bars[k]) continue;
        const ways = factorials[n] - factorials[k] - factorials[n - k];
        alarms += Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
      }
      expect(alarms, `p·n = ${expected}`).toBeLessThan(ERROR_BARS.falseAlarms);
    }
  });

  const DEVICES = 200;
  /** Cold, slow, weakly loaded: what happens in few trajectories, if at all, decides their means. */
  const cases: fc.Arbitrary<Case> = fc
    .record({
      input: fc.record({
        model: fc.constantFrom('local' as const, 'global' as const),
        beta1: decades(0.2, 4),
        beta2: decades(0.2, 4),
        betaR: decades(0.1, 1),
        B1: between(0.5, 2),
        B2: between(0.5, 2),
        g: decades(0.02, 1),
        chi: between(-0.9, 0.9),
        lambda: decades(0.01, 1),
        gamma: decades(1e-5, 1e-1),
        I: decades(0.5, 2),
        V: between(-2, 2),
      }),
      initial: fc.record({
        qubit1: fc.constantFrom('thermal' as const, 'up' as const, 'down' as const),
        qubit2: fc.constantFrom('thermal' as const, 'up' as const, 'down' as const),
        rotor: fc.constantFrom(0, 1, { superposition: { '0': 1, '1': 0.1 } }),
      }),
      t: decades(0.1, 2),
      count: fc.constantFrom(5, 20, 60),
      seed: fc.nat(),
    })
    .map(({ input, ...rest }) => ({
      ...rest,
      input: { ...input, V: input.model === 'local' ? input.V : 0 },
      lmin: -1,
      lmax: 2,
    }));

  test(`is kept for every quantity by ${DEVICES} random devices`, () => {
    const alarms = new Map<string, number>();
    let blind = 0;
    let numbers = 0;
    fc.assert(
      fc.property(cases, (one) => {
        for (const [name, found, wanted] of compared(one)) {
          const misses = Number(off(found.error, found, wanted));
          alarms.set(name, (alarms.get(name) ?? 0) + misses);
          blind += Number(off(found.standardError, found, wanted));
          numbers++;
        }
      }),
      { numRuns: DEVICES },
    );
    for (const [name, misses] of alarms) {
      expect(misses / DEVICES, name).toBeLessThan(ERROR_BARS.falseAlarms);
    }
    // Without what did not happen, a bar would miss more often: these devices are a test of it.
    expect(blind / numbers).toBeGreaterThan(3 * ERROR_BARS.falseAlarms);
  });
});
