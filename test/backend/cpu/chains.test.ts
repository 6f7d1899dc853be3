import { describe, expect, test } from 'vitest';
import { factoriseChains } from '../../../src/backend/cpu/chains.js';
import { apply } from '../../../src/generator/apply.js';
import { chainsOf } from '../../../src/generator/chains.js';
import { partnerOf } from '../../../src/generator/siteMatrix.js';
import { randomSectors } from '../../support/chains.js';
import { randomElements } from '../../support/vectors.js';

describe('chains', () => {
  test.each([1, 2, 3])('with couplings that reach %i levels are solved to rounding', (reach) => {
    const { generator, sectors } = randomSectors(11, false, reach);
    const { space } = generator;
    const right = randomElements(space.size, 7);
    const solution = new Float64Array(right.length);
    factoriseChains(chainsOf(generator, sectors)).solve(right, solution);
    const product = apply(generator, solution);
    for (const { classes } of sectors) {
      // Of two conjugate sectors one is solved.
      if (classes.some((c) => partnerOf(space, c) < c)) continue;
      for (const c of classes) {
        const { offset, length } = space.classes[c];
        for (let i = 2 * offset; i < 2 * (offset + length); i++) {
          expect(Math.abs(product[i] - right[i])).toBeLessThan(1e-13);
        }
      }
    }
  });
});
