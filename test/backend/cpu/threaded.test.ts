/** Threads of Node run compiled modules: the ones that the tests' own set-up makes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/backend/backend.js';
import { cpuBackend } from '../../../src/backend/cpu/backend.js';
import { SingularMatrixError } from '../../../src/generator/chains.js';
import { lindbladian } from '../../../src/generator/lindbladian.js';
import { device } from '../../../src/model/device.js';
import { deviceParameters } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/operators/window.js';
import { randomSectors } from '../../support/chains.js';
import { randomElements } from '../../support/vectors.js';

const compiled = new URL('../../../dist/backend/cpu/threaded.js', import.meta.url).href;
const generator = (half: number) =>
  lindbladian(device(deviceParameters({ V: 1 }), rotorWindow(-half, half)).system, 'full').total;

const compiledBackend = async (threads: number) =>
  (
    (await import(compiled)) as typeof import('../../../src/backend/cpu/threaded.js')
  ).threadedCpuBackend(threads);

describe.each([2, 3])('%i threads', (threads) => {
  let backend: Backend<Float64Array>;
  beforeAll(async () => {
    backend = await compiledBackend(threads);
  });
  afterAll(() => backend.close());

  // Either side of what is worth sharing out.
  test.each([4, 33])('give the numbers of one, bit for bit: levels from −%i', async (half) => {
    const l = generator(half);
    const { size } = l.space;
    const data = [1, 2, 3].map((seed) => randomElements(size + 2, seed));
    const { generator: random, sectors } = randomSectors(2 * half + 1);
    const run = async (b: Backend<Float64Array>) => {
      const [x, y, z] = await Promise.all(data.map((d) => b.upload(d)));
      const map = await b.prepare(l);
      const inverse = await b.factorise(random, sectors);
      const dots = [await b.dots([x, y, z], z), await b.dot(x, y)];
      const vectors: Float64Array[] = [];
      await map.apply(x, y);
      vectors.push(await b.download(y));
      await inverse.apply(y, z);
      vectors.push(await b.download(z));
      await b.axpy({ re: 0.5, im: -2 }, x, z);
      await b.addMultiples(
        [
          { re: 1, im: 2 },
          { re: -3, im: 0.1 },
        ],
        [x, z],
        y,
      );
      vectors.push(await b.download(y));
      // Asked for at once, done in order.
      await Promise.all([map.apply(x, y), map.apply(y, z), inverse.apply(z, x)]);
      vectors.push(await b.download(x), await b.download(z));
      map.release();
      inverse.release();
      return { dots, vectors };
    };
    const [found, expected] = [await run(backend), await run(cpuBackend())];
    expect(found.dots).toEqual(expected.dots);
    found.vectors.forEach((vector, i) => {
      const other = expected.vectors[i];
      expect(vector.length).toBe(other.length);
      // A comparison of whole arrays by the test library takes seconds.
      expect([i, vector.findIndex((value, at) => value !== other[at])]).toEqual([i, -1]);
    });
  });

  test('a singular chain is the same error wherever it is met', async () => {
    const { generator: random, sectors } = randomSectors(100, true);
    const found = backend.factorise(random, sectors);
    await expect(found).rejects.toMatchObject({ name: 'SingularMatrixError' });
    await expect(cpuBackend().factorise(random, sectors)).rejects.toThrow(SingularMatrixError);
  });
});

test('threads start with the first operation that is worth sharing', async () => {
  const backend = await compiledBackend(3);
  let started = 0;
  const count = () => {
    started++;
  };
  process.on('worker', count);
  try {
    const at: number[] = [];
    for (const half of [4, 33]) {
      const l = generator(half);
      const [x, y] = [await backend.allocate(l.space.size), await backend.allocate(l.space.size)];
      const map = await backend.prepare(l);
      await map.apply(x, y);
      map.release();
      // Node tells of a new thread in a later turn.
      await new Promise((resolve) => setTimeout(resolve));
      at.push(started);
    }
    expect(at).toEqual([0, 2]);
  } finally {
    process.off('worker', count);
    backend.close();
  }
});
