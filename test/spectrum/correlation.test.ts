/** Correlations and spectra against dense matrices, sum rules, and evolutions of Hermitian operators. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { describedMachine } from '../../src/machine/description/described.js';
import { deviceParameters } from '../../src/model/parameters.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import {
  adjoint,
  adjointProduct,
  type Operator,
  scale,
  sum,
} from '../../src/operators/operator.js';
import { readOperator } from '../../src/simulate/formulas.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import {
  machineSubject,
  millSubject,
  type SpectralSubject,
} from '../../src/simulate/spectralSubject.js';
import { NonUniqueSteadyStateError } from '../../src/solve/conservingElimination.js';
import { DirectEvolution } from '../../src/solve/directEvolution.js';
import { appliedTo } from '../../src/spectrum/charged.js';
import {
  Correlator,
  evolvedState,
  requireUniqueSteadyState,
} from '../../src/spectrum/correlation.js';
import { Spectrum } from '../../src/spectrum/modes.js';
import { expectation, rotorPopulations } from '../../src/state/densityMatrix.js';
import { Dense } from '../support/dense.js';
import { denseExponential } from '../support/denseNumbers.js';
import { denseSolver } from '../support/denseThermodynamics.js';
import { denseOperator } from '../support/generators.js';
import { galleryMachine } from '../support/machines.js';
import { denseLindbladian, kinds, openSystem } from '../support/openSystems.js';

const OMEGAS = [-1.3, 0, 1e-9, 0.7];
const TIMES = [0, 0.4, 1.1];

interface Complex {
  readonly re: number;
  readonly im: number;
}

const close = (found: Complex, [re, im]: readonly [number, number], within: number) =>
  expect(Math.hypot(found.re - re, found.im - im)).toBeLessThanOrEqual(within);

/** Everything from the whole superoperator. */
class DenseCorrelation {
  readonly l: Dense;
  readonly rho: Dense;

  constructor(system: OpenSystem) {
    this.l = denseLindbladian(system);
    this.rho = denseSolver(this.l)(new Float64Array(2 * this.l.n), 1);
  }

  /** δB ρ */
  #excited(b: Dense): Dense {
    const y = b.dot(this.rho);
    const [re, im] = y.trace();
    return y.plus(this.rho, -re, -im);
  }

  covariance(a: Dense, b: Dense, t: number): [number, number] {
    return a.dot(denseExponential(this.l, this.#excited(b), t)).trace();
  }

  spectrum(a: Dense, b: Dense, omega: number): [number, number] {
    const solve = denseSolver(this.l.plus(Dense.identity(this.l.n), 0, -omega));
    const half = (x: Dense, y: Dense) =>
      x.dot(solve(this.#excited(y).times(-1).vector(), 0)).trace();
    const [re, im] = half(a, b);
    const [re2, im2] = half(b.dagger(), a.dagger());
    return [re + re2, im - im2];
  }
}

test('any operators of random systems that conserve something or nothing', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      kinds(6).filter(({ mixing, resolved }) => mixing && !resolved),
      fc.boolean(),
      (kind, isOwn) => {
        const system = openSystem(kind);
        const operatorOf = (seed: number) => {
          const { hamiltonian, jumps } = openSystem({ ...kind, seed });
          return seed % 2 === 0 ? hamiltonian : jumps.hot.operators[0];
        };
        const a = operatorOf(kind.seed + 1);
        const b = isOwn ? adjoint(a) : operatorOf(kind.seed + 2);
        const correlator = new Correlator(new Spectrum(system), a, b);
        const dense = new DenseCorrelation(system);
        const [x, y] = [a, b].map((one) => denseOperator(one, kind.states));
        const scale = x.max() * y.max();
        const at = correlator.correlations(TIMES);
        TIMES.forEach((t, k) => {
          const { covariance, correlation } = at[k];
          close(covariance, dense.covariance(x, y, t), 1e-11 * scale);
          expect(correlation.error).toBeLessThan(1e-10 * scale);
        });
        for (const omega of OMEGAS) {
          const wanted = dense.spectrum(x, y, omega);
          const found = correlator.spectrumAt(omega);
          close(found, wanted, 1e-9 * Math.max(scale, Math.hypot(...wanted)));
          expect(found.error).toBeLessThan(1e-9 * Math.max(scale, Math.hypot(...wanted)));
          if (isOwn) expect(Math.abs(found.im)).toBeLessThanOrEqual(found.error);
          compared++;
        }
      },
    ),
    { numRuns: 10 },
  );
  expect(compared).toBe(40);
});

function exchange(values: Readonly<Record<string, number>>) {
  const described = galleryMachine('exchange-qubits');
  const all = { ...defaultValues(described), ...values };
  return machineSubject(described, all, machineWindow(described), 1e-8);
}

const reading =
  ({ system, operators, formulas }: SpectralSubject) =>
  (text: string): Operator =>
    readOperator('A', text, system.window, operators, formulas);

describe('two exchange-coupled qubits', () => {
  test('where modes coalesce, numbers are as good as elsewhere', () => {
    const subject = exchange({ g: 0.5, k: 1, nh: 1, nc: 0 });
    const [a, b] = ['sm(h)', 'sp(c)'].map(reading(subject));
    const correlator = new Correlator(new Spectrum(subject.system), a, b);
    const dense = new DenseCorrelation(subject.system);
    const [x, y] = [a, b].map((one) => denseOperator(one, 4));
    for (const omega of OMEGAS) {
      const found = correlator.spectrumAt(omega);
      close(found, dense.spectrum(x, y, omega), 1e-12);
      expect(found.error).toBeLessThan(1e-12);
    }
  });

  test('the spectrum over 2π sums to the covariance at one time', () => {
    const subject = exchange({ g: 0.45, k: 1, nh: 1, nc: 0 });
    const read = reading(subject);
    const spectrum = new Spectrum(subject.system);
    for (const [a, b] of [
      [read('sz(h) + 2*sz(c)'), read('sz(c) - i*sm(h)*sp(c)')],
      [read('sm(h)'), read('sp(c) + sp(h)')],
    ]) {
      const correlator = new Correlator(spectrum, a, b);
      const points = 200;
      // ω = 2 tan θ takes the whole axis to an interval, on which the integrand is periodic.
      let [re, im] = [0, 0];
      for (let k = 0; k < points; k++) {
        const theta = (Math.PI * (k + 0.5)) / points - Math.PI / 2;
        const weight = (2 / Math.cos(theta) ** 2) * (1 / (2 * points));
        const s = correlator.spectrumAt(2 * Math.tan(theta));
        re += weight * s.re;
        im += weight * s.im;
      }
      const [{ covariance }] = correlator.correlations([0]);
      expect(Math.hypot(covariance.re, covariance.im)).toBeGreaterThan(0.01);
      close({ re, im }, [covariance.re, covariance.im], 1e-9);
    }
  });

  test('cut apart, or without baths, the state is not unique', () => {
    const check = (values: Readonly<Record<string, number>>) => () =>
      requireUniqueSteadyState(new Spectrum(exchange(values).system));
    expect(check({})).not.toThrow();
    expect(check({ g: 0, k: 0 })).toThrow(NonUniqueSteadyStateError);
    expect(check({ k: 0 })).toThrow(NonUniqueSteadyStateError);
  });
});

describe('the mill', () => {
  const truncation = { lmin: -12, lmax: 14, edgeTolerance: 1e-3 };
  const subject = millSubject(deviceParameters({ gamma: 1e-3 }), truncation);
  const { system } = subject;
  const read = reading(subject);
  const spectrum = new Spectrum(system);

  test('an operator that changes charge, and its sum rule at the shortest time', () => {
    const correlator = new Correlator(spectrum, read('exp(-i*phi)'), read('exp(i*phi)'));
    const [{ correlation, covariance }] = correlator.correlations([0]);
    // What is on the highest level has none to go to.
    const levels = rotorPopulations(spectrum.steady);
    expect(correlation.re).toBeCloseTo(1 - levels[levels.length - 1], 12);
    expect(covariance).toEqual({ re: correlation.re, im: correlation.im });
    const cosine = new Correlator(spectrum, read('cos(phi)'), read('cos(phi)'));
    for (const omega of [0, 3.1]) {
      const halves = [read('exp(i*phi)'), read('exp(-i*phi)')].map(
        (x) => new Correlator(spectrum, x, adjoint(x)).spectrumAt(omega).re / 4,
      );
      const { re, error } = cosine.spectrumAt(omega);
      expect(Math.abs(re - halves[0] - halves[1])).toBeLessThanOrEqual(1e-12 * re + error);
      expect(error).toBeLessThan(1e-9 * re);
    }
  });

  test('levels that are hardly ever visited are no second state, and take no digits at frequency 0', () => {
    const wide = millSubject(deviceParameters({ gamma: 1e-3 }), {
      lmin: -20,
      lmax: 40,
      edgeTolerance: 1e-3,
    });
    const whole = new Spectrum(wide.system);
    expect(() => requireUniqueSteadyState(whole)).not.toThrow();
    const l = reading(wide)('L');
    const correlator = new Correlator(whole, l, l);
    const [still, slow] = [0, 1e-9].map((omega) => correlator.spectrumAt(omega));
    expect(Math.abs(still.re / slow.re - 1)).toBeLessThan(1e-9);
    expect(still.error).toBeLessThan(1e-9 * still.re);
  });

  test('far above all rates the spectrum is known as well, and is what jumps change by their rates', () => {
    const l = read('L');
    const correlator = new Correlator(spectrum, l, l);
    const { window } = system;
    // Σ ⟨[A, L]†[A, L]⟩ over all jumps A, to which ω²S(ω) comes down.
    const diffusion = Object.values(system.jumps)
      .flatMap(({ operators }) => operators)
      .map((a) => sum(window, adjointProduct(l, a), scale(adjointProduct(adjoint(a), l), -1)))
      .reduce((total, c) => total + expectation(spectrum.steady, adjointProduct(c, c)).re, 0);
    for (const omega of [2e3, 1e5]) {
      const { re, error } = correlator.spectrumAt(omega);
      expect(error).toBeLessThan(1e-9 * re);
      expect(Math.abs((re * omega ** 2) / diffusion - 1)).toBeLessThan(1e-9 + (10 / omega) ** 2);
    }
  });

  test('the regression theorem, by an evolution of Bρ + ρB†', async () => {
    const a = read('L^2');
    const b = read('sp(q1)*sm(q2)*exp(i*phi)');
    const { space } = spectrum.steady;
    const excited = appliedTo(b, spectrum.steady, space);
    const generator = lindbladian(system, 'sector').total;
    const start = new Float64Array(2 * generator.space.size);
    for (const { ket, bra, delta, offset, length } of space.classes) {
      const at = generator.space.find(ket, bra, delta);
      const other = generator.space.find(bra, ket, -delta);
      if (at < 0 || other < 0) continue;
      for (let p = 0; p < length; p++) {
        const [re, im] = [excited[2 * (offset + p)], excited[2 * (offset + p) + 1]];
        start[2 * (generator.space.classes[at].offset + p)] += re;
        start[2 * (generator.space.classes[at].offset + p) + 1] += im;
        start[2 * (generator.space.classes[other].offset + p)] += re;
        start[2 * (generator.space.classes[other].offset + p) + 1] -= im;
      }
    }
    const evolution = new DirectEvolution(generator, start, { rtol: 1e-12, atol: 0 });
    const times = [0.5, 30, 400];
    const found = new Correlator(spectrum, a, b).correlations(times);
    for (const [k, t] of times.entries()) {
      await evolution.advanceTo(t, async () => {});
      const { re } = expectation(
        { space: generator.space, elements: await evolution.elements() },
        a,
      );
      expect(Math.abs(re - 2 * found[k].correlation.re)).toBeLessThan(1e-10);
      expect(found[k].correlation.error).toBeLessThan(1e-9);
    }
  });
});

test('what a state is off by counts in correlations that are made of it', () => {
  const machine = describedMachine(
    'm.yaml',
    `
name: m
model: global
subsystems: {q: 2, r: 2}
parameters:
  wq: 0.002817198572374405
  wr: 2.4438697849444453
  g0: 0.020885069835475327
  V: 1.255651168964134
  Tq: 0.2646520944900918
  Tr: 0.26182001936895805
  kr: 2.459472812061886
hamiltonian:
  eq: wq*P(q,1)
  er: wr*sz(r)/2
  x1: g0*(raise(q)*lower(r) + hc)
  pot: V*sy(q)
baths:
  bq: {temperature: Tq, coupling: sx(q), spectrum: omega*exp(-omega/3)}
  br: {temperature: Tr, coupling: sx(r), spectrum: kr*omega^3}
`,
  );
  const { system, operators, formulas } = machineSubject(
    machine,
    defaultValues(machine),
    machineWindow(machine),
    1e-8,
  );
  const raised = readOperator('A', 'num(r)', system.window, operators, formulas);
  const [{ correlation }] = new Correlator(new Spectrum(system), raised, raised).correlations([
    0.11947631,
  ]);
  // By ball arithmetic with 96 digits.
  const off = Math.abs(correlation.re - 4.559367545997471e-6);
  expect(off).toBeLessThan(correlation.error);
  expect(correlation.error).toBeLessThan(1e-8 * correlation.re);
});

test('what the evolution to a time is off by counts in correlations after it', () => {
  const machine = describedMachine(
    'decays.yaml',
    'name: decays\nsubsystems: {q: 2}\nhamiltonian: {e: "P(q, 1)"}\n' +
      'baths: {b: {temperature: none, jumps: [sm(q)]}}\n',
  );
  const subject = machineSubject(machine, defaultValues(machine), machineWindow(machine), 1e-8);
  const { system, operators, formulas } = subject;
  const excited = readOperator('A', 'P(q, 1)', system.window, operators, formulas);
  const spectrum = new Spectrum(system);
  const { space } = spectrum.steady;
  const elements = new Float64Array(2 * space.size);
  const { offset } = space.classes[space.find(1, 1, 0)];
  elements[2 * offset] = 1;
  for (const t of [3, 12, 20]) {
    const evolved = evolvedState(spectrum, { space, elements }, t);
    const found = new Correlator(spectrum, excited, excited, evolved).correlations([0, 0.5]);
    for (const { tau, correlation } of found) {
      const off = Math.abs(correlation.re - Math.exp(-t - tau));
      expect(off).toBeLessThanOrEqual(correlation.error);
      expect(correlation.error).toBeLessThan(1e-9);
    }
  }
});
