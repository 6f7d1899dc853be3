import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ascending } from '../../src/thermo/sorted.js';

const values = fc.oneof(
  // (x + 0: the built-in sort puts −0 before 0, which are one eigenvalue.)
  fc.array(
    fc.double({ noNaN: true }).map((x) => x + 0),
    { maxLength: 60 },
  ),
  // Few different values, in runs that rise, fall and repeat.
  fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 60 }),
);

test('ascending sorts as the built-in sort does, and leaves its argument alone', () => {
  fc.assert(
    fc.property(values, (list) => {
      const given = Float64Array.from(list);
      const sorted = ascending(given);
      expect([...sorted]).toEqual([...Float64Array.from(list).sort()]);
      expect([...given]).toEqual(list.map(Number));
    }),
    { numRuns: 500 },
  );
});
