import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StoppedError } from '../../../src/backend/backend.js';
import { elementsOf, factoriseBand } from '../../../src/backend/cpu/bandFactors.js';
import { SingularMatrixError } from '../../../src/generator/chains.js';
import { bandResidual, randomBand } from '../../support/bands.js';
import { norm, randomElements } from '../../support/vectors.js';

describe('a coupled band', () => {
  test('of any levels is solved to rounding, and its solution is Hermitian', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 19 }), { minLength: 1, maxLength: 9 }),
        fc.nat(1e6),
        async (orders, seed) => {
          const band = randomBand(orders, seed, { pinned: seed % orders.length });
          const length = elementsOf(band) + 2;
          const right = randomElements(length, seed + 1);
          const y = randomElements(length, 3);
          const before = y.slice();
          (await factoriseBand(band)).solve(right, y);
          expect(norm(bandResidual(band, y, right))).toBeLessThan(1e-13 * norm(y));
          const { places, mirrors } = band;
          places.forEach((place, i) => {
            if (mirrors[i] < 0) expect(y[2 * place + 1]).toBe(0);
            else {
              const mirrored = [y[2 * mirrors[i]], y[2 * mirrors[i] + 1]];
              expect(mirrored).toEqual([y[2 * place], -y[2 * place + 1]]);
            }
          });
          expect(y.slice(2 * elementsOf(band))).toEqual(before.slice(2 * elementsOf(band)));
        },
      ),
    );
  });

  test('that is singular is told', async () => {
    const band = randomBand([3, 5, 4], 1);
    const values = band.values.fill(0, band.rowStart[4], band.rowStart[5]);
    await expect(factoriseBand({ ...band, values })).rejects.toThrow(SingularMatrixError);
  });

  test('tells how far it is, and stops on request', async () => {
    const shares: number[] = [];
    const stopped = factoriseBand(randomBand([3, 5, 4, 2], 1), async (share) => {
      shares.push(share);
      return share < 0.7;
    });
    await expect(stopped).rejects.toThrow(StoppedError);
    expect(shares).toEqual([0.25, 0.5, 0.75]);
  });
});
