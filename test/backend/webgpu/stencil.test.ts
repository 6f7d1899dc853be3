/** Kernels that are written out for a generator: the stencil on the host, and its WGSL on the adapter. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { webgpuBackend } from '../../../src/backend/webgpu/backend.js';
import { type Device, openDevice } from '../../../src/backend/webgpu/device.js';
import { NO_DF64 } from '../../../src/backend/webgpu/probe.js';
import { type Stencil, stencilOf } from '../../../src/backend/webgpu/stencil.js';
import { prepareStencil, THREAD_SHAPES } from '../../../src/backend/webgpu/stencilProduct.js';
import { DeviceVectors } from '../../../src/backend/webgpu/vectors.js';
import { apply } from '../../../src/generator/apply.js';
import type { Space } from '../../../src/generator/classes.js';
import type { Generator } from '../../../src/generator/generator.js';
import { lindbladian, type SpaceChoice } from '../../../src/generator/lindbladian.js';
import { device as quantumDevice } from '../../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/operators/window.js';
import { adjointGenerator } from '../../support/adjointGenerator.js';
import { device as anyDevice, numbersWithPotential } from '../../support/arbitrary.js';
import { distance, norm, operatorNorm, randomElements } from '../../support/vectors.js';

const generatorOf = (input: DeviceInput, size: number, choice: SpaceChoice): Generator => {
  const lmin = -Math.floor(size / 2);
  const window = rotorWindow(lmin, lmin + size - 1);
  return lindbladian(quantumDevice(deviceParameters(input), window).system, choice).total;
};

/** The terms, one after the other, in float64. */
function applyStencil({ levels, pairs, terms, tables }: Stencil, space: Space, x: Float64Array) {
  const y = new Float64Array(x.length);
  for (const { ket, bra, delta, first, length, offset } of space.classes) {
    for (const term of terms) {
      const pair = pairs[term.target];
      if (pair.ket !== ket || pair.bra !== bra) continue;
      if (term.ranges?.every(({ low, high }) => delta < low || delta > high)) continue;
      const source = pairs[term.source];
      const found = space.find(source.ket, source.bra, delta + term.deltaShift);
      if (found < 0) continue;
      const from = space.classes[found];
      for (let p = 0; p < length; p++) {
        const level = first + p;
        const at = level + term.levelShift - from.first;
        if (at < 0 || at >= from.length) continue;
        const uses = [
          term.ket && term.ket.table * levels + level + term.ket.shift,
          term.bra && term.bra.table * levels + level - delta + term.bra.shift,
        ].filter((use) => use !== null);
        let [re, im] = [tables[2 * uses[0]], tables[2 * uses[0] + 1]];
        if (uses.length === 2) {
          const [c, d] = [tables[2 * uses[1]], tables[2 * uses[1] + 1]];
          [re, im] = term.isProduct ? [re * c - im * d, re * d + im * c] : [re + c, im + d];
        }
        const [u, v] = [x[2 * (from.offset + at)], x[2 * (from.offset + at) + 1]];
        y[2 * (offset + p)] += re * u - im * v;
        y[2 * (offset + p) + 1] += re * v + im * u;
      }
    }
  }
  return y;
}

const anyChoice: fc.Arbitrary<SpaceChoice> = fc.oneof(
  fc.constant('sector' as const),
  fc.integer({ min: 0, max: 6 }).map((maxDelta) => ({ maxDelta })),
  fc.constant('full' as const),
);

test('the stencil of a random device is its generator', () => {
  fc.assert(
    fc.property(
      fc.oneof(numbersWithPotential, anyDevice('local'), anyDevice('global')),
      fc.integer({ min: 2, max: 12 }),
      anyChoice,
      fc.boolean(),
      (input, size, choice, reversed) => {
        const total = generatorOf(input, size, choice);
        const generator = reversed ? adjointGenerator(total) : total;
        const stencil = stencilOf(generator);
        if (stencil === null) throw new Error('this generator is a stencil');
        const x = randomElements(generator.space.size, size);
        const bound = 1e-14 * operatorNorm(generator) * norm(x);
        const found = applyStencil(stencil, generator.space, x);
        expect(distance(found, apply(generator, x))).toBeLessThanOrEqual(bound);
      },
    ),
    { numRuns: 60 },
  );
});

let device: Device;
let vectors: DeviceVectors;
beforeAll(async () => {
  device = await openDevice();
  const conditions = { df64: false, ...NO_DF64 };
  vectors = await DeviceVectors.on(device, 'f32', { conditions });
});
afterAll(() => device.close());

test.each([
  { name: 'sector of zero charge', input: {}, choice: 'sector' as const },
  { name: 'sector that V makes', input: { V: 1.5 }, choice: 'sector' as const },
  { name: 'band of it, by the same kernel', input: { V: 1.5 }, choice: { maxDelta: 4 } },
  { name: 'whole space', input: {}, choice: 'full' as const },
  { name: 'global, deltas apart', input: { model: 'global' as const }, choice: 'full' as const },
])('its kernel: $name', async ({ input, choice }) => {
  const generator = generatorOf(input, 20, choice);
  const { size } = generator.space;
  const stencil = stencilOf(generator);
  if (stencil === null) throw new Error('this generator is a stencil');
  const elements = randomElements(size + 5, 1);
  const [x, y] = [await vectors.allocate(size + 5), await vectors.allocate(size + 5)];
  vectors.write(elements, x);
  const own = elements.slice(0, 2 * size);
  const bound = 1e-6 * operatorNorm(generator) * norm(own);
  for (const shape of THREAD_SHAPES) {
    vectors.write(randomElements(size + 5, 2), y);
    const product = await prepareStencil(vectors, generator.space, stencil, shape);
    await product.apply(x, y);
    const found = await vectors.read(y, size + 5);
    product.release();
    expect(distance(found.slice(0, 2 * size), apply(generator, own))).toBeLessThanOrEqual(bound);
    expect(found.subarray(2 * size)).toEqual(new Float64Array(10));
  }
});

test('what a backend measures to be the fastest for a large space is right', async () => {
  const generator = generatorOf({ V: 1 }, 91, 'full');
  const { size } = generator.space;
  const backend = await webgpuBackend(device, 'f32');
  const elements = randomElements(size, 3);
  const [x, y] = [await backend.upload(elements), await backend.allocate(size)];
  const bound = 1e-6 * operatorNorm(generator) * norm(elements);
  const wanted = apply(generator, elements);
  // Measured, and then remembered.
  for (let time = 0; time < 2; time++) {
    const product = await backend.prepare(generator);
    await product.apply(x, y);
    expect(distance(await backend.download(y), wanted)).toBeLessThanOrEqual(bound);
    product.release();
  }
});
