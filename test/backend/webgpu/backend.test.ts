/** The WebGPU backend against the CPU's, on the software adapter. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, Precision } from '../../../src/backend/backend.js';
import { cpuBackend } from '../../../src/backend/cpu/backend.js';
import { type WebGpuBackend, webgpuBackend } from '../../../src/backend/webgpu/backend.js';
import { openDevice } from '../../../src/backend/webgpu/device.js';
import { apply } from '../../../src/generator/apply.js';
import type { Generator } from '../../../src/generator/generator.js';
import { lindbladian, type SpaceChoice } from '../../../src/generator/lindbladian.js';
import { device } from '../../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/operators/window.js';
import { adjointGenerator } from '../../support/adjointGenerator.js';
import { device as anyDevice, numbersWithPotential } from '../../support/arbitrary.js';
import { randomSectors } from '../../support/chains.js';
import { distance, isSame, norm, operatorNorm, randomElements } from '../../support/vectors.js';

const TOLERANCE: Readonly<Record<Precision, number>> = { f32: 1e-6, f64: 1e-12 };

const generatorOf = (input: DeviceInput, size: number, choice: SpaceChoice): Generator => {
  const lmin = -Math.floor(size / 2);
  const window = rotorWindow(lmin, lmin + size - 1);
  return lindbladian(device(deviceParameters(input), window).system, choice).total;
};

const known = new Map<string, Generator>();

/** A large one, made once for all precisions and devices. */
function largeGenerator(input: DeviceInput, choice: SpaceChoice): Generator {
  const key = JSON.stringify({ input, choice });
  const generator = known.get(key) ?? generatorOf(input, 128, choice);
  known.set(key, generator);
  return generator;
}

/** ‖L_GPU ρ − Lρ‖ / ‖L‖‖ρ‖ for a random ρ. */
async function error(backend: WebGpuBackend, generator: Generator, seed: number): Promise<number> {
  const elements = randomElements(generator.space.size, seed);
  const map = await backend.prepare(generator);
  const x = await backend.upload(elements);
  // What a vector held before must not matter.
  const y = await backend.upload(randomElements(generator.space.size, seed + 1));
  await map.apply(x, y);
  const found = await backend.download(y);
  map.release();
  backend.release(x);
  backend.release(y);
  const exact = apply(generator, elements);
  return distance(found, exact) / (operatorNorm(generator) * norm(elements));
}

const anyInput = fc.oneof(numbersWithPotential, anyDevice('local'), anyDevice('global'));
const anyChoice: fc.Arbitrary<SpaceChoice> = fc.oneof(
  fc.constant('sector' as const),
  fc.integer({ min: 0, max: 6 }).map((maxDelta) => ({ maxDelta })),
  fc.constant('full' as const),
);

describe.each(['f32', 'f64'] as const)('%s', (precision) => {
  let backend: WebGpuBackend;
  const cpu = cpuBackend();
  const tolerance = TOLERANCE[precision];
  beforeAll(async () => {
    backend = await webgpuBackend(await openDevice(), precision);
  });
  afterAll(() => backend.close());

  test('L·ρ and its adjoint, random devices, spaces and windows', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyInput,
        fc.integer({ min: 2, max: 24 }),
        anyChoice,
        fc.nat(1e6),
        async (input, size, choice, seed) => {
          const generator = generatorOf(input, size, choice);
          expect(await error(backend, generator, seed)).toBeLessThanOrEqual(tolerance);
          const adjoint = adjointGenerator(generator);
          expect(await error(backend, adjoint, seed)).toBeLessThanOrEqual(tolerance);
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each([
    { input: { V: 1.5 }, choice: 'sector' as const, name: 'sector that V makes' },
    { input: {}, choice: 'sector' as const, name: 'sector of zero charge' },
    { input: { V: 1.5 }, choice: { maxDelta: 12 }, name: 'band' },
    { input: { V: 1.5 }, choice: 'full' as const, name: 'whole space' },
    { input: { model: 'global' as const }, choice: 'full' as const, name: 'whole space, global' },
  ])('L·ρ at N = 128: $name', async ({ input, choice }) => {
    const generator = largeGenerator(input, choice);
    expect(await error(backend, generator, 7)).toBeLessThanOrEqual(tolerance);
  });

  test('vector operations, on lengths around the sizes of workgroups and blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: 1, max: 600 }), fc.constantFrom(1023, 1024, 1025, 20_000)),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(1e6),
        async (length, count, seed) => {
          const data = Array.from({ length: count + 1 }, (_, k) =>
            randomElements(length, seed + k),
          );
          const numbers = randomElements(count, seed - 1);
          const coefficients = Array.from({ length: count }, (_, k) => ({
            re: numbers[2 * k],
            im: numbers[2 * k + 1],
          }));
          const run = async <V>(b: Backend<V>) => {
            const [y, ...xs] = await Promise.all(data.map((d) => b.upload(d)));
            const dots = [await b.dot(xs[0], y), ...(await b.dots(xs, y))];
            await b.addMultiples(coefficients, xs, y);
            const sum = await b.download(y);
            await b.axpy(coefficients[0], y, xs[0]);
            await b.scale(coefficients[0], y);
            const z = await b.allocate(length + 3);
            await b.copy(xs[0], z);
            await b.write(data[0].subarray(0, 2), y);
            const head = await b.download(z, 1);
            const results = {
              dots,
              sum,
              scaled: await b.download(y),
              axpy: await b.download(z),
              head,
            };
            for (const vector of [...xs, y, z]) b.release(vector);
            return results;
          };
          const [on, expected] = [await run(backend), await run(cpu)];
          const size = norm(data[0]) * Math.max(...data.slice(1).map(norm));
          expect(on.dots).toHaveLength(count + 1);
          on.dots.forEach((dot, k) => {
            const away = Math.hypot(dot.re - expected.dots[k].re, dot.im - expected.dots[k].im);
            expect(away).toBeLessThanOrEqual(tolerance * size);
          });
          const sizes = data.map(norm).reduce((a, b) => a + b);
          expect(distance(on.sum, expected.sum)).toBeLessThanOrEqual(2 * tolerance * sizes);
          expect(distance(on.scaled, expected.scaled)).toBeLessThanOrEqual(3 * tolerance * sizes);
          expect(distance(on.axpy, expected.axpy)).toBeLessThanOrEqual(4 * tolerance * sizes);
          expect(isSame(on.head, on.axpy.slice(0, 2))).toBe(true);
          expect(isSame(on.axpy.slice(2 * length), new Float64Array(6))).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('chains: M⁻¹x, mirrored, and 0 where no chain is', async () => {
    for (const levels of [2, 5, 16, 21]) {
      const { generator, sectors } = randomSectors(levels);
      const { size } = generator.space;
      const run = async <V>(b: Backend<V>) => {
        const x = await b.upload(randomElements(size, 8));
        const y = await b.upload(randomElements(size, 9));
        const inverse = await b.factorise(generator, sectors);
        await inverse.apply(x, y);
        const solved = await b.download(y);
        inverse.release();
        b.release(x);
        b.release(y);
        return solved;
      };
      const [found, exact] = [await run(backend), await run(cpu)];
      const { offset } = generator.space.classes[generator.space.find(1, 1, 0)];
      expect(found.subarray(2 * offset, 2 * offset + 4)).toEqual(new Float64Array(4));
      expect(distance(found, exact)).toBeLessThanOrEqual(tolerance * norm(exact));
    }
  });

  test('released buffers are used again, and a fresh vector is 0 whatever they held', async () => {
    const first = await backend.upload(randomElements(1000, 3));
    const before = backend.device.pool.bytes;
    backend.release(first);
    const second = await backend.allocate(1000);
    expect(second.parts[0].buffer).toBe(first.parts[0].buffer);
    expect(backend.device.pool.bytes).toBe(before);
    expect(norm(await backend.download(second))).toBe(0);
    backend.release(second);
  });

  test('a long row of operations without a read-back gives what the CPU gives', async () => {
    const generator = generatorOf({ V: 1 }, 5, 'full');
    const elements = randomElements(generator.space.size, 5);
    const step = { re: 1e-4, im: 0 };
    const run = async <V>(b: Backend<V>) => {
      const map = await b.prepare(generator);
      const x = await b.upload(elements);
      const y = await b.allocate(generator.space.size);
      // More than one block of parameters holds.
      for (let i = 0; i < 200; i++) {
        await map.apply(x, y);
        await b.axpy(step, y, x);
      }
      return b.download(x);
    };
    const [found, exact] = [await run(backend), await run(cpu)];
    expect(distance(found, exact)).toBeLessThanOrEqual(20 * tolerance * norm(elements));
  });
});

describe('on a device that binds little at once', () => {
  test.each(['f32', 'f64'] as const)(
    'vectors in several buffers give the same numbers, %s',
    async (precision) => {
      const tolerance = TOLERANCE[precision];
      const small = await webgpuBackend(
        await openDevice({ mostBytesPerBinding: 2 ** 20 }),
        precision,
      );
      for (const input of [{ V: 1.5 }, { model: 'global' as const }]) {
        const generator = largeGenerator(input, 'full');
        const x = await small.allocate(generator.space.size);
        expect(x.parts.length).toBeGreaterThan(1);
        small.release(x);
        expect(await error(small, generator, 3)).toBeLessThanOrEqual(tolerance);
      }
      const length = 300_000;
      const [a, b, c] = [1, 2, 3].map((seed) => randomElements(length, seed));
      const half = { re: 0.5, im: -0.25 };
      const run = async <V>(any: Backend<V>) => {
        const [x, y, z] = await Promise.all([a, b, c].map((d) => any.upload(d)));
        await any.addMultiples([half, half], [x, y], z);
        await any.scale(half, z);
        await any.copy(z, x);
        const dots = await any.dots([x, y], z);
        return { dots, z: await any.download(z), head: await any.download(x, length - 100) };
      };
      const [found, exact] = [await run(small), await run(cpuBackend())];
      found.dots.forEach((dot, k) => {
        const away = Math.hypot(dot.re - exact.dots[k].re, dot.im - exact.dots[k].im);
        expect(away).toBeLessThanOrEqual(2 * tolerance * norm(a) * norm(b));
      });
      expect(distance(found.z, exact.z)).toBeLessThanOrEqual(3 * tolerance * norm(a));
      expect(isSame(found.head, found.z.slice(0, found.head.length))).toBe(true);
      small.close();
    },
  );
});

describe.each(['f32', 'f64'] as const)('sums over a workgroup, %s', (precision) => {
  test.each([{ withoutSubgroups: false }, { withoutSubgroups: true }])('%o', async (options) => {
    const device = await openDevice(options);
    expect(device.gpu.features.has('subgroups') && options.withoutSubgroups).toBe(false);
    const backend = await webgpuBackend(device, precision);
    const cpu = cpuBackend();
    // Fewer elements than a workgroup has threads, one more than it has, and many workgroups.
    for (const length of [1, 3, 257, 70_001]) {
      const [a, b, c] = [1, 2, 3].map((seed) => randomElements(length, seed));
      const dots = async <V>(any: Backend<V>) => {
        const [x, y, z] = await Promise.all([a, b, c].map((d) => any.upload(d)));
        return any.dots([x, y, z], z);
      };
      const [found, exact] = [await dots(backend), await dots(cpu)];
      found.forEach((dot, k) => {
        const away = Math.hypot(dot.re - exact[k].re, dot.im - exact[k].im);
        expect(away).toBeLessThanOrEqual(2 * TOLERANCE[precision] * norm([a, b, c][k]) * norm(c));
      });
    }
    backend.close();
  });
});

describe('double-float beside float32', () => {
  test.each([
    { name: 'vectors of one buffer', bytes: Number.POSITIVE_INFINITY, length: 1000 },
    { name: 'vectors of several, that are cut at other places', bytes: 2 ** 17, length: 40_001 },
  ])('rounds and adds: $name', async ({ bytes, length }) => {
    const narrow = await webgpuBackend(await openDevice({ mostBytesPerBinding: bytes }), 'f32');
    const wider = await narrow.wider?.();
    if (wider === null || wider === undefined) throw new Error('double-float is right here');
    const [a, b] = [randomElements(length, 1), randomElements(length, 2)];
    const x = await wider.backend.upload(a);
    const y = await narrow.upload(b);
    const rounded = await narrow.allocate(length);
    if (length > 1000) expect([x, y].map(({ parts }) => parts.length)).toEqual([5, 3]);
    wider.narrow(1e13 / 3, x, rounded);
    wider.accumulate(1e-7 / 3, y, x);
    const exact = a.map((value) => (value * 1e13) / 3);
    expect(distance(await narrow.download(rounded), exact)).toBeLessThan(1e-7 * norm(exact));
    const sum = a.map((value, i) => value + Math.fround(b[i]) * (1e-7 / 3));
    const found = await wider.backend.download(x);
    expect(distance(found, sum)).toBeLessThan(1e-14 * norm(sum));
    // The low parts are there.
    expect(distance(found, sum.map(Math.fround))).toBeGreaterThan(1e-9 * norm(sum));
    narrow.close();
  });
});
