import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyAdd } from '../../../src/backend/cpu/apply.js';
import { applyProduct, cuts, productOf } from '../../../src/backend/cpu/product.js';
import { adjointGenerator } from '../../../src/generator/generator.js';
import { lindbladian, type SpaceChoice } from '../../../src/generator/lindbladian.js';
import { device } from '../../../src/model/device.js';
import { deviceParameters } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/model/window.js';
import { device as anyDevice, numbersWithPotential } from '../../support/arbitrary.js';
import { distance, norm, operatorNorm, randomElements } from '../../support/vectors.js';

const anyInput = fc.oneof(numbersWithPotential, anyDevice('local'), anyDevice('global'));
const anyChoice: fc.Arbitrary<SpaceChoice> = fc.oneof(
  fc.constant('sector' as const),
  fc.integer({ min: 0, max: 6 }).map((maxDelta) => ({ maxDelta })),
  fc.constant('full' as const),
);

test('a prepared product is L·ρ, piece by piece as at once, and 0 beyond the space', () => {
  fc.assert(
    fc.property(
      anyInput,
      fc.integer({ min: 2, max: 20 }),
      anyChoice,
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (input, size, choice, parts, reversed) => {
        const lmin = -Math.floor(size / 2);
        const window = rotorWindow(lmin, lmin + size - 1);
        const { total } = lindbladian(device(deviceParameters(input), window).system, choice);
        const generator = reversed ? adjointGenerator(total) : total;
        const length = generator.space.size + 3;
        const x = randomElements(length, size);
        const exact = new Float64Array(2 * length);
        applyAdd(generator, x, exact);

        const product = productOf(generator);
        const found = randomElements(length, 1);
        applyProduct(product, x, found, 0, length);
        const bound = 1e-15 * operatorNorm(generator) * norm(x);
        expect(distance(found, exact)).toBeLessThanOrEqual(bound);
        expect(found.subarray(-6)).toEqual(new Float64Array(6));

        const pieces = randomElements(length, 2);
        const at = cuts(product, parts);
        expect(at).toHaveLength(parts + 1);
        for (let k = 0; k < parts; k++) {
          const end = k === parts - 1 ? length : at[k + 1];
          applyProduct(product, x, pieces, at[k], end);
        }
        expect(pieces).toEqual(found);
      },
    ),
    { numRuns: 60 },
  );
});
