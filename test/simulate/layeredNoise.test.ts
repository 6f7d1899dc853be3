/** Noise at a frequency in layers: against all elements at once, its limits, the sector, and a wider window. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NoiseAt } from '../../src/fluctuations/dynamics.js';
import type { Fluctuations } from '../../src/fluctuations/fluctuations.js';
import { fluctuations } from '../../src/fluctuations/fluctuations.js';
import type { SpectralEstimate } from '../../src/fluctuations/noiseSpectrum.js';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { layeredFluctuations } from '../../src/simulate/layeredFluctuations.js';
import { fluctuatingDevice } from '../../src/simulate/millFluctuations.js';
import { millFluctuationsOf } from '../../src/simulate/steadyFluctuations.js';
import { type WholeRequest, wholeFluctuations } from '../../src/simulate/wholeFluctuations.js';
import { deviceOn, inLayers, NEAR_REST, pistonOn } from '../support/layers.js';
import { kinds, openSystem } from '../support/openSystems.js';

const asking = (
  of: Omit<WholeRequest, 'order'>,
  frequencies: readonly number[],
  onFrequency?: (done: number) => void,
): WholeRequest => ({
  ...of,
  order: 2,
  asked: { frequencies, onFrequency, fields: null, waiting: null },
});

const noiseIn = ({ dynamics }: Fluctuations): readonly NoiseAt[] => dynamics?.noise ?? [];

/** Every number of it, by what it is of. */
const numbersIn = ({ quanta, heat, covariances }: NoiseAt): [string, SpectralEstimate][] => [
  ...Object.entries({ quanta, heat }).flatMap(([kind, own]) =>
    [...own].map(([name, { value, error }]): [string, SpectralEstimate] => [
      `${kind} of ${name}`,
      { re: value, im: 0, error },
    ]),
  ),
  ...covariances.map(({ baths, covariance }): [string, SpectralEstimate] => [
    baths.join(),
    covariance,
  ]),
];

const apart = (a: SpectralEstimate, b: SpectralEstimate): number =>
  Math.hypot(a.re - b.re, a.im - b.im);
const sizeOf = ({ re, im }: SpectralEstimate): number => Math.hypot(re, im);

/** That two are one another's to what either says it may be off by, which is little. */
function expectSame(found: readonly NoiseAt[], wanted: readonly NoiseAt[], most: number): void {
  expect(found.length).toBe(wanted.length);
  for (const [k, one] of found.entries()) {
    expect(one.omega).toBe(wanted[k].omega);
    const [own, others] = [numbersIn(one), numbersIn(wanted[k])];
    expect(own.map(([name]) => name)).toEqual(others.map(([name]) => name));
    const largest = Math.max(...others.map(([, x]) => sizeOf(x)));
    for (const [i, [name, x]] of own.entries()) {
      const other = others[i][1];
      const label = `${name} at ${one.omega}`;
      expect(apart(x, other), label).toBeLessThanOrEqual(x.error + other.error);
      expect(apart(x, other), label).toBeLessThan(1e-9 * largest);
      expect(x.error, label).toBeLessThan(most * Math.max(sizeOf(x), 1e-3 * largest));
    }
  }
}

const FREQUENCIES = [-0.2, 0, 1e-7, 1e-3, 1, 1e4];

test.each<[string, WholeRequest]>([
  ['the local mill in a potential', deviceOn({ ...NEAR_REST, V: 0.7, V2: 0.2 }, [-2, 3])],
  ['at its own parameters', deviceOn({ V: 1 }, [-4, 3])],
  ['the piston', pistonOn({ n2: 0.3 }, [-9, 8])],
  ['the piston with a bath at temperature 0', pistonOn({}, [-6, 6])],
])('%s: as all elements at once have it', async (_, of) => {
  const request = asking(of, FREQUENCIES);
  const found = noiseIn(await inLayers(request));
  expectSame(found, noiseIn(wholeFluctuations(request)), 1e-6);
});

test('of random systems, at random frequencies', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      kinds(6).filter((kind) => !kind.resolved && kind.mixing && kind.conserved !== 'all'),
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.boolean(),
      async (kind, exponent, isNegative) => {
        const system = openSystem(kind);
        const betas = Object.fromEntries(Object.keys(system.jumps).map((name) => [name, null]));
        const omega = (isNegative ? -1 : 1) * 10 ** exponent;
        const request = asking({ system, heat: system.hamiltonian, betas }, [omega]);
        const found = await layeredFluctuations(request);
        if (found === null) return;
        expectSame(noiseIn(found), noiseIn(wholeFluctuations(request)), 1e-5);
        compared++;
      },
    ),
    { numRuns: 15 },
  );
  expect(compared).toBeGreaterThan(5);
});

const WIDE = [-30, 30] as const;

test('next to no potential it is what the sector has, on a wide window', async () => {
  const asked = { frequencies: [-0.3, 1e-3, 2], fields: null, waiting: null };
  const found = await inLayers(
    asking(deviceOn({ ...NEAR_REST, V: 1e-10 }, WIDE), asked.frequencies),
  );
  const parameters = deviceParameters(NEAR_REST);
  const of = fluctuatingDevice(parameters, rotorWindow(...WIDE), null);
  const wanted = noiseIn(fluctuations({ ...of, order: 2, asked }));
  for (const [k, one] of noiseIn(found).entries()) {
    const others = new Map(numbersIn(wanted[k]));
    for (const [name, x] of numbersIn(one)) {
      const other = others.get(name) as SpectralEstimate;
      expect(apart(x, other), name).toBeLessThan(1e-9 * Math.max(sizeOf(other), 1e-3));
    }
    expect(others.size).toBe(9);
  }
});

describe('a potential on a wide window', () => {
  const [low, middle, high] = [1e-11, 0.05, 1e6];
  const told: number[] = [];
  const request = asking(deviceOn({ V: 1 }, WIDE), [0, low, middle, -middle, high], (done) =>
    told.push(done),
  );
  const solved = inLayers(request);

  test('it is between that at no frequency and shot noise', async () => {
    const found = await solved;
    expect(found.space).toBe('band');
    expect(told).toEqual([1, 2, 3, 4, 5]);
    const [none, slow, , , fast] = noiseIn(found);
    const slowly = new Map(numbersIn(slow));
    for (const [name, x] of numbersIn(none)) {
      const other = slowly.get(name) as SpectralEstimate;
      // The imaginary part goes out as ω does, and what the real part changes by as its square.
      expect(Math.abs(other.re - x.re), name).toBeLessThanOrEqual(x.error + other.error);
      expect(other.error, name).toBeLessThan(2e-7 * Math.abs(x.re));
      expect(Math.abs(other.im), name).toBeLessThan(1e-6 * Math.abs(x.re));
    }
    for (const { name, activity } of found.baths) {
      // Every jump brings one quantum, or takes one.
      expect((fast.quanta.get(name)?.value ?? 0) / activity).toBeCloseTo(1, 8);
    }
    for (const { covariance } of fast.covariances) expect(sizeOf(covariance)).toBeLessThan(1e-8);
  });

  test('backwards it is the conjugate, and no sum of currents has a negative spectrum', async () => {
    const [, , one, other] = noiseIn(await solved);
    const backwards = new Map(numbersIn(other));
    for (const [name, x] of numbersIn(one)) {
      const y = backwards.get(name) as SpectralEstimate;
      expect(apart(x, { ...y, im: -y.im })).toBeLessThanOrEqual(x.error + y.error);
    }
    for (const { baths, covariance } of one.covariances) {
      const [a, b] = baths.map((name) => one.quanta.get(name) as Estimate);
      expect(sizeOf(covariance) ** 2).toBeLessThan(a.value * b.value);
      expect(Math.abs(covariance.im)).toBeGreaterThan(100 * covariance.error);
    }
  });

  test('a wider one has the same, and a device is asked for it by name', async () => {
    const truncation = { lmin: -34, lmax: 36, edgeTolerance: 1 };
    const asked = { frequencies: [middle], fields: null, waiting: null };
    const wider = await millFluctuationsOf(deviceParameters({ V: 1 }), truncation, 2, asked);
    expectSame(noiseIn(wider), [noiseIn(await solved)[2]], 1e-6);
  });
});
