import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sorting } from '../../src/thermo/sorted.js';

// (x + 0: the built-in sort puts −0 before 0, which are one eigenvalue.)
const number = fc.double({ noNaN: true }).map((x) => x + 0);
const few = fc.integer({ min: -3, max: 3 });

/** Lists of one length or another, some of them the one before with a few numbers changed. */
const lists = (value: fc.Arbitrary<number>) =>
  fc
    .array(
      fc.record({
        fresh: fc.option(fc.array(value, { maxLength: 60 })),
        changes: fc.array(fc.tuple(fc.nat(), value), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((steps) => {
      let last: number[] = [];
      return steps.map(({ fresh, changes }) => {
        last = [...(fresh ?? last)];
        for (const [at, x] of changes) if (last.length > 0) last[at % last.length] = x;
        return last;
      });
    });

test('one list after another is sorted as the built-in sort does it, and left alone', () => {
  const sorting = new Sorting();
  fc.assert(
    // Few different values are in runs that rise, fall and repeat.
    fc.property(fc.oneof(lists(number), lists(few)), (all) => {
      for (const list of all) {
        const given = Float64Array.from(list);
        expect([...sorting.ascending(given)]).toEqual([...Float64Array.from(list).sort()]);
        expect([...given]).toEqual(list.map(Number));
      }
    }),
    { numRuns: 500 },
  );
});

test('an order that has become another one altogether, and one that nearly stays', () => {
  const sorting = new Sorting();
  const n = 200;
  const wave = (k: number) => Float64Array.from({ length: n }, (_, i) => Math.sin(k + i * i));
  for (const k of [0, 1e-4, 2e-4, 1, 3, 3.0001]) {
    const values = wave(k);
    expect(sorting.ascending(values)).toEqual(wave(k).sort());
  }
});
