/** Eigenvalues of blocks whose elements float64 has no squares of. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockEigenvalues } from '../../src/state/hermitianBlocks.js';
import { between } from '../support/arbitrary.js';

/** [[a, x], [x*, b]] beside c, which y joins to a: with y = 0 the eigenvalues are known in closed form. */
const block = (
  [a, b, c]: readonly number[],
  { re, im }: { readonly re: number; readonly im: number },
  y: number,
) => ({
  members: [0, 1, 2],
  re: Float64Array.of(a, re, y, re, b, 0, y, 0, c),
  im: Float64Array.of(0, im, 0, -im, 0, 0, 0, 0, 0),
});

test('are found whatever their size, beside elements that are next to nothing', () => {
  fc.assert(
    fc.property(
      fc.tuple(between(-2, 2), between(-2, 2), between(-2, 2)),
      fc.record({ re: between(-1, 1), im: between(-1, 1) }),
      fc.constantFrom(5e-324, 1e-323, 1e-310, 1e-200, 1e-160, 0),
      fc.constantFrom(-900, -500, -100, 0, 500, 1000),
      ([a, b, c], { re, im }, least, exponent) => {
        const size = 2 ** exponent;
        const found = blockEigenvalues(
          block(
            [a * size, b * size, c * size],
            { re: re * size, im: im * size },
            least * Math.min(1, size),
          ),
        );
        const half = Math.hypot((a - b) / 2, re, im);
        const wanted = [(a + b) / 2 - half, (a + b) / 2 + half, c].sort((x, y) => x - y);
        found.forEach((value, k) => {
          expect(Math.abs(value / size - wanted[k])).toBeLessThan(1e-14);
        });
      },
    ),
  );
});
