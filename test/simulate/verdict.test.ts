import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { euclideanNorm } from '../../src/norm.js';
import { rotorWindow } from '../../src/operators/window.js';
import { bothDirections } from '../../src/simulate/rectify.js';
import { steadyState, steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { verdictOf } from '../../src/simulate/verdict.js';
import { OutOfRangeError, relativeResidual } from '../../src/solve/verdict.js';
import { BATCH_PARAMETERS } from '../../src/sweep/batchParameters.js';
import { solveOnHost } from '../../src/sweep/hostBatch.js';
import { highPrecisionHeat, highPrecisionPopulations } from '../solve/highPrecision.js';
import { models, numbers } from '../support/arbitrary.js';

const verdict = (input: DeviceInput) =>
  verdictOf(new SteadyReading(steadyState(deviceParameters(input), truncation())), 'f64');

test('what is solved to rounding passes, in any units of energy', () => {
  fc.assert(
    fc.property(numbers, models, fc.integer({ min: -30, max: 30 }), (values, model, exponent) => {
      const unit = 10 ** exponent;
      const { beta1, beta2, betaR, B1, B2, g, lambda, gamma, I } = values;
      const scaled = {
        ...{ beta1: beta1 / unit, beta2: beta2 / unit, betaR: betaR / unit, I: I / unit },
        ...{ B1: B1 * unit, B2: B2 * unit, lambda: lambda * unit, gamma: gamma * unit },
        // In the global model the rates are g²ω.
        g: model === 'local' ? g * Math.sqrt(unit) : g,
      };
      const window = rotorWindow(-6, 7);
      const parameters = deviceParameters({ ...values, ...scaled, model });
      const found = verdictOf(new SteadyReading(steadyStateOn(parameters, window)), 'f64');
      expect(found).toMatchObject({ converged: true, isFinite: true, isFaint: false });
      expect(found.relativeResidual).toBeLessThan(1e-14);
    }),
  );
});

test('the magnitude is between the norm of Lρ and what float64 holds of it', () => {
  const state = steadyStateOn(deviceParameters(), rotorWindow(-20, 40));
  // Rates of about 3, spread over a dozen levels of the rotor.
  expect(state.magnitude).toBeGreaterThan(0.1);
  expect(state.magnitude).toBeLessThan(10);
  expect(relativeResidual(0, 0)).toBe(0);
  expect(relativeResidual(Number.NaN, 1)).toBeNaN();
  expect(relativeResidual(1, Number.POSITIVE_INFINITY)).toBeNaN();
});

test('a state that is not the steady one is refused, by how far it is off', () => {
  const state = steadyStateOn(deviceParameters(), rotorWindow(-20, 40));
  const residual = 1e-3 * state.magnitude;
  const { device, rho, rates, magnitude, flow, mean } = state;
  if (flow === undefined || mean === undefined) throw new Error('a state without estimates');
  const off = (by: number) =>
    new SteadyReading({ device, rho, rates, magnitude, flow, mean, residual: by });
  const found = verdictOf(off(residual), 'f64');
  expect(found.converged).toBe(false);
  expect(found.relativeResidual).toBeCloseTo(1e-3, 15);
  expect(found.problems[0]).toContain('1.0e-3 of ‖|L||ρ|‖');
  expect(verdictOf(off(Number.NaN), 'f64').problems[0]).toContain('residual is NaN');
});

describe('numbers beyond float64 are said, with what causes them', () => {
  test.each([
    [{ gamma: 1e300 }, 'Q1, Q2, Qr underflow'],
    [{ betaR: 1e-300 }, 'Q1, Q2, Qr underflow'],
    [{ beta2: 1e-300 }, 'to g2² (n2 + 1) = 5.0e+298'],
    [{ B1: 1e300 }, 'g1² n1 underflows float64 to 0'],
    [{ betaR: 1e300 }, 'overflows float64'],
    [{ I: 1e300 }, 'Q1, Q2, Qr underflow'],
    [{ I: 1e-300 }, 'overflows float64'],
  ])('%o', (input, problem) => {
    const { converged, problems } = verdict(input);
    expect(converged).toBe(false);
    expect(problems.join('; ')).toContain(problem);
  });

  test.each([
    [{ beta2: 1e-310 }, 'g2² (n2 + 1) overflows float64'],
    [{ g: 1e160 }, 'overflows float64'],
    [{ lambda: 1e200 }, 'to |lambda| = 1.0e+200'],
  ])('%o, not as a state that is not unique', (input, cause) => {
    expect(() => verdict(input)).toThrow(OutOfRangeError);
    expect(() => verdict(input)).toThrow(cause);
  });

  const strong = [1e3, 1e5, 1e7, 1e8, 1e9, 1e10, 1e12].flatMap((lambda) =>
    [2, 3, 4].map((edge) => ({ lambda, edge })),
  );
  test.each(strong)('an interaction far above the rates leaves them their digits: %o', (device) => {
    const { lambda, edge } = device;
    const parameters = deviceParameters({ lambda });
    const reading = new SteadyReading(steadyStateOn(parameters, rotorWindow(-edge, edge)));
    expect(verdictOf(reading, 'f64')).toMatchObject({ converged: true, isFaint: false });
    const populations = highPrecisionPopulations(parameters, -edge, edge);
    const exact = highPrecisionHeat(parameters, -edge, populations);
    for (const bath of ['Q1', 'Q2', 'Qr'] as const) {
      const wanted = exact[bath].toNumber();
      expect(Math.abs(reading.heat[bath] - wanted), bath).toBeLessThan(1e-11 * Math.abs(wanted));
    }
  });

  test('where a symmetry makes the flows 0, nothing is said', () => {
    const symmetric = { B1: 5, B2: 5, beta1: 0.1, beta2: 0.1 };
    expect(verdict(symmetric)).toMatchObject({ converged: true, isFaint: false });
    expect(verdict({ lambda: 0 })).toMatchObject({ converged: true, isFaint: false });
    const closed = steadyStateOn(deviceParameters({ gamma: 0 }), rotorWindow(-5, 5));
    expect(verdictOf(new SteadyReading(closed), 'f64')).toMatchObject({ converged: true });
  });

  test('in points of a sweep', () => {
    const devices = [{}, { gamma: 1e300 }, { g: 1e160 }, { betaR: 1e300 }].map((input) =>
      deviceParameters(input),
    );
    const parameters = Float64Array.from(
      devices.flatMap((device) =>
        BATCH_PARAMETERS.map((name) => (name === 'cutoff' ? Number.NaN : Number(device[name]))),
      ),
    );
    const { failures, faint, relativeResidual } = solveOnHost(
      {
        ...{ model: 'local', cutoff: 'max-qubit', count: 4, parameters, size: 41 },
        lmin: Int32Array.of(-20, -20, -20, -20),
      },
      ['heat.Q1'],
    );
    expect(Array.from(faint)).toEqual([0, 1, 0, 1]);
    expect([...failures].map(([p, { reason }]) => [p, reason])).toEqual([[2, 'not_finite']]);
    // A point that fails by its residual: rates that overflow leave a state that is not steady.
    expect(relativeResidual[3]).toBeGreaterThan(1e-3);
    expect(relativeResidual[0]).toBeLessThan(1e-14);
  });

  test('in both directions of a rectifier', () => {
    const { forward } = bothDirections(deviceParameters({ gamma: 1e300 }), truncation());
    expect(forward.converged).toBe(false);
    expect(forward.problems[0]).toContain('underflow');
  });
});

test('a norm of numbers whose squares leave the range', () => {
  expect(euclideanNorm(Float64Array.of(3e200, 4e200))).toBeCloseTo(5e200, -190);
  expect(euclideanNorm(Float64Array.of(3e-200, -4e-200)) / 5e-200).toBeCloseTo(1, 14);
  expect(euclideanNorm(Float64Array.of(1, 3, 4), 1)).toBe(5);
  expect(euclideanNorm(Float64Array.of(1, Number.NaN))).toBeNaN();
  expect(euclideanNorm(Float64Array.of(1, Number.POSITIVE_INFINITY))).toBe(Infinity);
  expect(euclideanNorm(new Float64Array(3))).toBe(0);
});
