/** Bands whose sites are singular by themselves: how they are widened, and when that is given up. */
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { SingularMatrixError } from '../../src/generator/chains.js';
import type { CoupledBand } from '../../src/generator/coupledBand.js';
import { factorisedBand } from '../../src/solve/bandFactorisation.js';
import { bandResidual, randomBand } from '../support/bands.js';
import { norm, randomElements } from '../support/vectors.js';

const cpu = cpuBackend();

/** One population to a site: each row is what `rows` says, by column. */
function bandOf(rows: readonly (readonly [number, number][])[]): CoupledBand {
  const rowStart = [0];
  for (const row of rows) rowStart.push(rowStart[rowStart.length - 1] + row.length);
  return {
    start: Int32Array.from({ length: rows.length + 1 }, (_, s) => s),
    places: Int32Array.from(rows, (_, i) => i),
    parts: new Uint8Array(rows.length),
    mirrors: new Int32Array(rows.length).fill(-1),
    pinned: 0,
    rowStart: Int32Array.from(rowStart),
    columns: Int32Array.from(rows.flat(), ([column]) => column),
    values: Float64Array.from(rows.flat(), ([, value]) => value),
  };
}

/** The CPU, with the sites of every band that it is asked to factorise. */
function watched(refuse: (band: CoupledBand) => Error | null = () => null) {
  const asked: number[][] = [];
  const backend: typeof cpu = {
    ...cpu,
    factoriseBand: async (band, onProgress) => {
      asked.push([...band.start]);
      const error = refuse(band);
      if (error !== null) throw error;
      return await cpu.factoriseBand(band, onProgress);
    },
  };
  return { backend, asked };
}

async function solved(backend: typeof cpu, band: CoupledBand) {
  const b = new Float64Array(2 * band.places.length);
  const numbers = randomElements(band.places.length, 3);
  for (let i = 0; i < band.places.length; i++) b[2 * i] = numbers[i];
  const x = new Float64Array(b.length);
  const inverse = await factorisedBand(backend, band);
  await inverse.apply(b, x);
  inverse.release();
  return norm(bandResidual(band, x, b));
}

/** Singular at each site, regular in pairs of neighbours: each exchanges what the two have. */
const exchanged = (sites: number) =>
  bandOf(Array.from({ length: sites }, (_, i) => [[i % 2 === 0 ? i + 1 : i - 1, 2 + i]]));

describe('sites are taken two by two', () => {
  test('where each is singular by itself, and no further than is needed', async () => {
    const { backend, asked } = watched();
    expect(await solved(backend, exchanged(6))).toBeLessThan(1e-14);
    expect(asked).toEqual([
      [0, 1, 2, 3, 4, 5, 6],
      [0, 2, 4, 6],
    ]);
  });

  test('and again, with an odd one left over at the end', async () => {
    const { backend, asked } = watched((band) =>
      band.start.length > 3 ? new SingularMatrixError('by itself') : null,
    );
    await factorisedBand(backend, exchanged(6));
    expect(asked).toEqual([
      [0, 1, 2, 3, 4, 5, 6],
      [0, 2, 4, 6],
      [0, 4, 6],
    ]);
  });

  test('but not where they are regular', async () => {
    const { backend, asked } = watched();
    const band = bandOf([
      [[0, 2]],
      [
        [0, 1],
        [1, 3],
      ],
    ]);
    expect(await solved(backend, band)).toBeLessThan(1e-14);
    expect(asked).toEqual([[0, 1, 2]]);
  });
});

describe('the error stays what it was', () => {
  test('where one site is left', async () => {
    const { backend, asked } = watched(() => new SingularMatrixError('always'));
    await expect(factorisedBand(backend, exchanged(4))).rejects.toThrow('always');
    expect(asked).toEqual([
      [0, 1, 2, 3, 4],
      [0, 2, 4],
      [0, 4],
    ]);
  });

  test('where it is another one', async () => {
    const { backend, asked } = watched(() => new RangeError('out of memory'));
    await expect(factorisedBand(backend, exchanged(4))).rejects.toThrow(RangeError);
    expect(asked).toHaveLength(1);
  });

  test.each([
    // 2 sites of 2 n: 2 (2 n)³ = 1e9 at n = 396.85.
    [396, 2],
    [397, 1],
  ])('where wider sites are too much work: four of %d', async (order, tries) => {
    const start = Int32Array.from({ length: 5 }, (_, s) => s * order);
    const { backend, asked } = watched((band) =>
      band.start.length > 3 ? new SingularMatrixError('wide') : new RangeError('tried'),
    );
    await expect(factorisedBand(backend, { ...exchanged(4), start })).rejects.toThrow();
    expect(asked).toHaveLength(tries);
  });
});

test('progress is passed on, of wider sites too', async () => {
  const shares: number[] = [];
  const onProgress = async (share: number) => {
    shares.push(share);
    return true;
  };
  await factorisedBand(cpu, randomBand([3, 4, 3], 1), onProgress);
  expect(shares.length).toBeGreaterThan(0);
});
