/** Prepared loops over tables against what computes them without, bit for bit. */
import { expect, test } from 'vitest';
import { raised } from '../../src/machine/powers.js';
import { preparedLoops, TableLoops, TableMemory } from '../../src/machine/tableLoops.js';
import { tableLoopsCode } from '../../src/machine/tableLoopsCode.js';
import { type DoubleDouble, polynomialTable } from '../../src/numbers/doubleDouble.js';
import { randomElements } from '../support/vectors.js';

const randomNumbers = (count: number, seed: number) =>
  randomElements(count, seed).subarray(0, count);

const memory = new TableMemory(new WebAssembly.Module(tableLoopsCode.bytes));
const WINDOWS = [
  [-20, 61],
  [3, 1],
  [-512, 1024],
] as const;

/** Of such a scale; every third cancels at a level but for its lower parts. */
function coefficientsOf(degree: number, seed: number, scale: number): DoubleDouble[] {
  const numbers = randomNumbers(degree + 1, seed);
  const all = Array.from(numbers, (x) => ({ high: scale * x, low: scale * x * 2 ** -55 }));
  if (seed % 3 > 0) return all;
  const [{ low }, ...others] = all;
  const high = -others.reduceRight((sum, c) => 4 * (sum + c.high), 0);
  return [{ high, low }, ...others];
}

test.each(WINDOWS)('polynomials on %i … and %i levels', (lmin, size) => {
  const loops = new TableLoops(memory, lmin, size);
  const other = new TableLoops(memory, lmin + 1, size);
  for (const scale of [1, 1e-300, 1e300, 1e307]) {
    for (let seed = 0; seed < 40; seed++) {
      const coefficients = coefficientsOf(1 + (seed % 4), seed, scale);
      const [found, wanted] = [new Float64Array(size), new Float64Array(size)];
      // Of another window between.
      other.polynomial(coefficients, found);
      expect(loops.polynomial(coefficients, found)).toBe(true);
      polynomialTable(coefficients, lmin, wanted);
      expect(found).toEqual(wanted);
    }
  }
});

test('of a polynomial that cancels at a level but for a rounding of its lower parts nothing is left there', () => {
  const low = 2 ** -55;
  const coefficients = [
    { high: -4, low: -4 * low * (1 + 2 ** -52) },
    { high: 1, low },
  ];
  const [found, wanted] = [new Float64Array(9), new Float64Array(9)];
  expect(new TableLoops(memory, 0, 9).polynomial(coefficients, found)).toBe(true);
  polynomialTable(coefficients, 0, wanted);
  expect(wanted[4]).toBe(0);
  expect(found).toEqual(wanted);
});

test.each(WINDOWS)('sums of products from %i on %i levels', (lmin, size) => {
  const loops = new TableLoops(memory, lmin, size);
  const tables = Array.from({ length: 6 }, (_, k) => randomNumbers(size, k).map(Math.abs));
  const exponents = [1, 2, 3, 4, 0.5, 1.5, 1];
  for (let count = 1; count < 5; count++) {
    const terms = Array.from({ length: count }, (_, k) => ({
      factors: exponents.slice(k, k + 1 + (count % 3)).map((exponent, f) => ({
        at: (k + 2 * f) % tables.length,
        exponent,
      })),
    }));
    const found = new Float64Array(size);
    expect(loops.sum(terms, (at) => tables[at], found)).toBe(true);
    const wanted = found.map((_, i) =>
      terms
        .map(({ factors }) =>
          factors
            .map(({ at, exponent }) => raised(tables[at][i], exponent))
            .reduce((product, factor) => product * factor),
        )
        .reduce((sum, product) => sum + product),
    );
    expect(found).toEqual(wanted);
  }
});

test('what it has no code for is left', () => {
  const loops = new TableLoops(memory, 0, 2);
  const out = Float64Array.of(3, 5);
  const one = { high: 1, low: 0 };
  const of = (exponent: number) => [{ factors: [{ at: 0, exponent }] }];
  expect(loops.polynomial([one], out)).toBe(false);
  expect(loops.polynomial([one, one, one, one, one, one], out)).toBe(false);
  for (const exponent of [-1, 0]) expect(loops.sum(of(exponent), () => out, out)).toBe(false);
  expect(loops.sum([], () => out, out)).toBe(false);
  expect([...out]).toEqual([3, 5]);
});

test('outside a bundle nothing is prepared', () => {
  expect(preparedLoops(-20, 61)).toBeNull();
});
