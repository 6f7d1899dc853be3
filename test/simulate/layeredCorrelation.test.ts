/** Correlations in time in layers: against all elements at once, the sector, and the spectra that they are pairs of. */
import { describe, expect, test } from 'vitest';
import { initialState } from '../../src/model/initial.js';
import { deviceParameters } from '../../src/model/parameters.js';
import type { Complex } from '../../src/operators/operator.js';
import { correlateAnywhere, correlateInLayers } from '../../src/simulate/anyCorrelation.js';
import { type CorrelationRequest, correlate, operatorsOf } from '../../src/simulate/correlate.js';
import { CORRELATED, IN_BOTH, IN_PAIRS, NEAR_REST, subjectOn } from '../support/layers.js';

const apart = (a: Complex, b: Complex): number => Math.hypot(a.re - b.re, a.im - b.im);
const sizeOf = ({ re, im }: Complex): number => Math.hypot(re, im);

/** So that correlations do not last long. */
const DAMPED = { gamma: 0.5, g: 0.9 };
const TIMES = [0, 0.4, 1.7, 6];

/** That layers find what all elements at once have, to what either says that it may be off by. */
async function expectAsAWhole(
  subject: ReturnType<typeof subjectOn>,
  request: CorrelationRequest,
): Promise<void> {
  const wanted = correlate(subject, request);
  const [a, b] = operatorsOf(subject, request);
  const found = await correlateInLayers(subject.system, a, b, request);
  const largest = Math.max(...wanted.times.map(({ correlation }) => sizeOf(correlation)));
  expect(largest).toBeGreaterThan(1e-3);
  expect(found?.times.map(({ tau }) => tau)).toEqual(TIMES);
  for (const [k, { correlation, covariance }] of (found?.times ?? []).entries()) {
    const other = wanted.times[k];
    const most = correlation.error + other.correlation.error;
    expect(apart(correlation, other.correlation)).toBeLessThanOrEqual(most);
    expect(apart(covariance, other.covariance)).toBeLessThanOrEqual(most);
    expect(correlation.error).toBeLessThan(1e-9 * largest);
  }
}

test.each(CORRELATED)(
  '%s with %s in %j: as all elements at once have it',
  async (a, b, potential) => {
    const subject = subjectOn({ ...NEAR_REST, ...potential }, -2, 2);
    await expectAsAWhole(subject, { a, b, tau: TIMES, frequency: [], start: null });
  },
);

test.each([
  ['Lz', 'cos(phi)'],
  ['sp(q1)', undefined],
])('%s with %s after an initial state: as all elements at once have it', async (a, b) => {
  const input = { ...NEAR_REST, ...IN_BOTH };
  const rotor = { superposition: { 0: 1, 1: '0.5i' } };
  const initial = initialState(deviceParameters(input), { rotor });
  const start = { initial, t: 0.8 };
  await expectAsAWhole(subjectOn(input, -2, 2), { a, b, tau: TIMES, frequency: [], start });
});

describe('on a wide window', () => {
  test('next to no potential it is what sectors have', async () => {
    for (const [a, b] of [
      ['cos(phi)', 'L*cos(phi)'],
      ['sp(q1)', undefined],
    ] as const) {
      const request = { a, b, tau: TIMES, frequency: [], start: null };
      const wanted = correlate(subjectOn(NEAR_REST, -16, 16), request);
      const found = await correlateAnywhere(
        subjectOn({ ...NEAR_REST, V: 1e-11 }, -16, 16),
        request,
      );
      expect(found.problems).toEqual(wanted.problems);
      const largest = Math.max(...wanted.times.map(({ correlation }) => sizeOf(correlation)));
      for (const [k, { correlation, tau }] of found.times.entries()) {
        const label = `${a} at ${tau}`;
        expect(apart(correlation, wanted.times[k].correlation), label).toBeLessThan(1e-9 * largest);
      }
    }
  });

  test.each([
    ['cos(phi)', IN_PAIRS],
    ['sp(q1)', IN_BOTH],
  ])('%s in %j has the spectrum that its Fourier pair is', async (a, potential) => {
    const subject = subjectOn({ ...NEAR_REST, ...DAMPED, ...potential }, -8, 8);
    // Gauss and Legendre's three points of each of many intervals.
    const [count, most] = [140, 40];
    const h = most / count;
    const points = [-Math.sqrt(0.15), 0, Math.sqrt(0.15)];
    const tau = Array.from({ length: count }, (_, k) =>
      points.map((x) => h * (k + 0.5 + x)),
    ).flat();
    const frequency = [-0.9, 0, 0.5];
    const { times, frequencies } = await correlateAnywhere(subject, {
      a,
      tau,
      frequency,
      start: null,
    });
    expect(sizeOf(times[times.length - 1].covariance)).toBeLessThan(1e-6);
    for (const { omega, spectrum } of frequencies) {
      // Of B = A† twice the real part of ∫₀ e^{−iωτ} C(τ) dτ.
      const integral = times.reduce(
        (sum, { tau: t, covariance: { re, im } }, k) =>
          sum + h * ([5, 8, 5][k % 3] / 9) * (re * Math.cos(omega * t) + im * Math.sin(omega * t)),
        0,
      );
      expect(Math.abs(integral / spectrum.re - 1), `at ${omega}`).toBeLessThan(1e-5);
    }
  });

  test.each(['Lz', 'sp(q1)', 'exp(i*phi)'])(
    '%s on a band is what a wider window has',
    async (a) => {
      // Whose rotor has no populations far out.
      const request = { a, tau: [0, 0.6], frequency: [], start: null };
      const found = await correlateAnywhere(subjectOn({ V: 1 }, -32, 32), request);
      const wider = await correlateAnywhere(subjectOn({ V: 1 }, -36, 38), request);
      for (const [k, { correlation }] of found.times.entries()) {
        const other = wider.times[k].correlation;
        expect(apart(correlation, other)).toBeLessThanOrEqual(correlation.error + other.error);
        expect(correlation.error).toBeLessThan(1e-8 * sizeOf(correlation));
      }
    },
  );

  test('after an initial state it comes to what the steady state has', async () => {
    const input = { ...NEAR_REST, ...DAMPED, ...IN_BOTH };
    const subject = subjectOn(input, -8, 8);
    const initial = initialState(deviceParameters(input), undefined);
    const request = { a: 'sp(q1)', tau: [0, 0.7], frequency: [] };
    const steady = await correlateAnywhere(subject, { ...request, start: null });
    const found = await correlateAnywhere(subject, { ...request, start: { initial, t: 60 } });
    for (const [k, { correlation }] of found.times.entries()) {
      expect(apart(correlation, steady.times[k].correlation)).toBeLessThan(1e-8);
    }
  });
});
