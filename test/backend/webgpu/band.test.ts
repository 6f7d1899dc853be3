/** Coupled bands solved on the software adapter, by every scheme, against the host's float64. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type BandFactors,
  bandFactors,
  elementsOf,
  eliminateBand,
  pinnedLevel,
} from '../../../src/backend/cpu/bandFactors.js';
import { bandOnDevice } from '../../../src/backend/webgpu/band.js';
import { BAND_SCHEMES, type BandScheme } from '../../../src/backend/webgpu/bandSweeps.js';
import { type Device, openDevice } from '../../../src/backend/webgpu/device.js';
import { NO_DF64 } from '../../../src/backend/webgpu/probe.js';
import { DeviceVectors } from '../../../src/backend/webgpu/vectors.js';
import type { CoupledBand } from '../../../src/generator/coupledBand.js';
import { bandMagnitude, bandMagnitudes, bandResidual, randomBand } from '../../support/bands.js';
import { distance, norm, randomElements } from '../../support/vectors.js';

const f32 = { conditions: { df64: false, ...NO_DF64 } };
const opened = openDevice();
afterAll(async () => (await opened).close());

/** What a solution may be off by, in units of float32's rounding of every equation. */
const ROUNDINGS = 4;
/** Elements beyond a band's own. */
const MORE = 3;

async function solved(
  device: Device,
  band: CoupledBand,
  right: Float64Array,
  before: Float64Array,
  scheme?: BandScheme,
): Promise<Float64Array> {
  const vectors = await DeviceVectors.on(device, 'f32', f32);
  const inverse = await bandOnDevice(
    vectors,
    band,
    await eliminateBand(band, pinnedLevel(band)),
    scheme,
  );
  if (inverse === null) throw new Error('this band fits the device');
  const length = right.length / 2;
  const [x, y] = [await vectors.allocate(length), await vectors.allocate(length)];
  vectors.write(right, x);
  vectors.write(before, y);
  await inverse.apply(x, y);
  // Once more: nothing of a solution may get into the next.
  await inverse.apply(x, y);
  const result = await vectors.read(y, length);
  inverse.release();
  vectors.release(x);
  vectors.release(y);
  return result;
}

/** Vectors of random signs by which what rounding does to a solution is measured. */
const SAMPLES = 4;

/**
 * How far the solution of a band goes astray where each equation is off by a share of its magnitudes, by random signs,
 * and that relative to it: what a share of float32's rounding is enlarged by.
 */
function enlargement(
  band: CoupledBand,
  factors: BandFactors,
  exact: Float64Array,
  right: Float64Array,
  seed: number,
): number {
  const { places, parts } = band;
  const sizes = bandMagnitudes(band, exact, right);
  let sum = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const signs = randomElements(places.length, seed + 2 + sample);
    const off = new Float64Array(right.length);
    places.forEach((place, i) => {
      off[2 * place + parts[i]] = Math.sign(signs[i]) * sizes[i];
    });
    const astray = new Float64Array(exact.length);
    factors.solve(off, astray);
    sum += norm(astray) ** 2;
  }
  return Math.sqrt(sum / SAMPLES) / norm(exact.subarray(0, 2 * elementsOf(band)));
}

const rounded = (elements: Float64Array) => Float64Array.from(Float32Array.from(elements));

async function compared(
  device: Device,
  band: CoupledBand,
  seed: number,
  right = rounded(randomElements(elementsOf(band) + MORE, seed)),
) {
  const { length } = right;
  const before = rounded(randomElements(length / 2, seed + 1));
  const exact = before.slice();
  const factors = bandFactors(band, await eliminateBand(band, pinnedLevel(band)));
  factors.solve(right, exact);
  const size = norm(exact.subarray(0, 2 * elementsOf(band)));
  const solutions = await Promise.all(
    BAND_SCHEMES.map((scheme) => solved(device, band, right, before, scheme)),
  );
  const rounding = 2 ** -24 * enlargement(band, factors, exact, right, seed);
  return solutions.map((y) => ({
    forward: distance(y, exact) / size,
    inRoundings: distance(y, exact) / size / rounding,
    residual: norm(bandResidual(band, y, right)) / bandMagnitude(band, y, right),
    beyond: distance(y.subarray(2 * elementsOf(band)), before.subarray(2 * elementsOf(band))),
    y,
  }));
}

describe('every scheme', () => {
  test('solves bands of any levels to rounding, and leaves what is beyond them as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 6 }),
        fc.nat(1e6),
        async (orders, seed) => {
          const band = randomBand(orders, seed, { pinned: seed % orders.length });
          const found = await compared(await opened, band, seed);
          for (const { inRoundings, residual, beyond, y } of found) {
            expect(inRoundings).toBeLessThan(ROUNDINGS);
            expect(residual).toBeLessThan(5e-7);
            expect(beyond).toBe(0);
            const { places, mirrors } = band;
            places.forEach((place, i) => {
              const own = [y[2 * place], y[2 * place + 1]];
              if (mirrors[i] < 0) expect(own[1]).toBe(0);
              else expect([y[2 * mirrors[i]], -y[2 * mirrors[i] + 1]]).toEqual(own);
            });
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test('does so where a level has more rows than a workgroup shares at a time', async () => {
    for (const { forward } of await compared(await opened, randomBand([40, 301, 270, 7], 2), 3)) {
      expect(forward).toBeLessThan(2e-6);
    }
  });

  test('keeps its digits where levels pass on little of what they hold', async () => {
    const orders = [3, ...Array.from({ length: 24 }, (_, s) => 7 + (s % 5)), 2];
    const band = randomBand(orders, 8, { hops: 1e-6 });
    // What is to be found is as large as the right-hand side, which float32 rounds: were that to change the
    // sums of the populations by as much, the solution would change by a million times more.
    const { places, parts } = band;
    const right = new Float64Array(2 * elementsOf(band));
    const wanted = randomElements(elementsOf(band), 9);
    bandResidual(band, wanted, right).forEach((value, i) => {
      right[2 * places[i] + parts[i]] = value;
    });
    for (const { forward } of await compared(await opened, band, 10, rounded(right))) {
      expect(forward).toBeLessThan(2e-4);
    }
  });

  test('gives the same numbers where factors need several buffers', async () => {
    const small = await openDevice({ mostBytesPerBinding: 2 ** 17 });
    const orders = [60, 90, 120, 127, 88, 100, 60, 60, 50];
    const bytes = 4 * orders.reduce((sum, order) => sum + order * order, 0);
    expect(bytes).toBeGreaterThan(2 * small.bindingLimit);
    const band = randomBand(orders, 4);
    const whole = await compared(await opened, band, 5);
    const parts = await compared(small, band, 5);
    parts.forEach(({ y }, k) => {
      expect(distance(y, whole[k].y)).toBe(0);
    });
    small.close();
  });
});

test('a level that a binding does not hold is left to the host', async () => {
  const small = await openDevice({ mostBytesPerBinding: 2 ** 17 });
  const vectors = await DeviceVectors.on(small, 'f32', f32);
  const band = randomBand([10, 190, 10], 4);
  expect(
    await bandOnDevice(vectors, band, await eliminateBand(band, pinnedLevel(band))),
  ).toBeNull();
  small.close();
});

test('the scheme that is fastest here is taken, and solves the same', async () => {
  const band = randomBand([12, 30, 31, 30, 5], 6);
  const right = randomElements(elementsOf(band), 7);
  const by = async (scheme?: BandScheme) => solved(await opened, band, right, right, scheme);
  const any = await Promise.all(BAND_SCHEMES.map(by));
  const chosen = await by();
  expect(any.map((solution) => distance(solution, chosen))).toContain(0);
});
