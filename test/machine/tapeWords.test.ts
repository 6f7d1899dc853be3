/** How a tape is computed on a GPU: what several tables share, at which levels, and in how many passes. */
import { expect, test } from 'vitest';
import {
  call,
  constant,
  type Expression,
  level,
  parameter,
  productOf,
  shifted,
  squareRoot,
  sumOf,
} from '../../src/machine/expression.js';
import { EVERYWHERE, leaving, type Range } from '../../src/machine/range.js';
import { Tape } from '../../src/machine/tape.js';
import { Operations } from '../../src/machine/tapeOperations.js';
import { neededFor, TapePlan } from '../../src/machine/tapePlan.js';

const rate = call('exponential', productOf(parameter('V'), level));
const other = call('mixingSine', level, parameter('lambda'));

function planOf(wanted: readonly (readonly [Expression, Range])[]) {
  const tape = new Tape();
  const places = wanted.map(([expression, range]) => ({ at: tape.table(expression), range }));
  const operations = new Operations(tape);
  const read = places.map(({ at, range }) => ({ ...operations.readings[at], range }));
  operations.share(neededFor(operations.all, read));
  const plan = new TapePlan(operations.all, read);
  const computed = plan.passes.map(({ stages }) =>
    stages.flatMap((stage) => Object.values(stage).flat()).map((at) => operations.all[at]),
  );
  return { plan, read, computed };
}

test('a function is computed once, and read at other levels', () => {
  const { plan, read, computed } = planOf([
    [rate, EVERYWHERE],
    [shifted(rate, 2), EVERYWHERE],
    [productOf(shifted(rate, -1), other), EVERYWHERE],
  ]);
  expect(computed.flat().filter(({ kind }) => kind === 'call')).toHaveLength(2);
  expect(read[1]).toMatchObject({ at: read[0].at, by: 2 });
  expect(plan.margin).toBe(2);
  // What reads it at other levels comes in the next pass.
  expect(computed.map((pass) => pass.length)).toEqual([2, 1]);
});

test('so are a polynomial and a sum that are the same some levels on', () => {
  const rising = sumOf(constant(1), productOf(parameter('V'), level));
  const sum = sumOf(productOf(rate, other), productOf(rising, rate), productOf(constant(3), rate));
  const { plan, read, computed } = planOf([
    [rising, EVERYWHERE],
    [shifted(rising, 1), EVERYWHERE],
    [sum, EVERYWHERE],
    [shifted(sum, -2), EVERYWHERE],
  ]);
  expect(read[1]).toMatchObject({ at: read[0].at, by: 1 });
  expect(read[3]).toMatchObject({ at: read[2].at, by: -2 });
  expect(plan.margin).toBe(2);
  expect(computed.flat().filter(({ kind }) => kind === 'products')).toHaveLength(1);
  // Another slope is another function.
  const steeper = sumOf(constant(1), productOf(parameter('g'), level));
  const apart = planOf([
    [rising, EVERYWHERE],
    [shifted(steeper, 1), EVERYWHERE],
  ]);
  expect(apart.read[1].at).not.toBe(apart.read[0].at);
});

test('what is another table after all is read there', () => {
  const root = call('square', squareRoot(shifted(rate, 1)));
  const { read, computed } = planOf([
    [rate, EVERYWHERE],
    [root, EVERYWHERE],
  ]);
  expect(read[1]).toMatchObject({ at: read[0].at, by: 1 });
  expect(computed.flat()).toHaveLength(1);
});

test('a root that is squared again is not taken, at whatever level', () => {
  const product = productOf(squareRoot(rate), other);
  const { computed } = planOf([
    [call('square', product), EVERYWHERE],
    [call('square', shifted(product, 1)), EVERYWHERE],
  ]);
  expect(computed.flat().map(({ kind }) => kind)).not.toContain('power');
});

test('products are of two factors, and what they share is computed once', () => {
  const pair = productOf(rate, other);
  const terms = [3, 4, 5].map((n) => productOf(pair, sumOf(level, constant(n))));
  const { computed } = planOf([
    ...terms.map((term) => [term, EVERYWHERE] as const),
    [productOf(shifted(pair, 1), sumOf(level, constant(7))), EVERYWHERE],
  ]);
  const products = computed.flat().flatMap((one) => (one.kind === 'products' ? one.terms : []));
  for (const { factors } of products) {
    expect(factors.reduce((sum, { exponent }) => sum + exponent, 0)).toBe(2);
  }
  expect(products).toHaveLength(5);
});

test('what is needed near an edge alone is computed there alone', () => {
  const { plan } = planOf([
    [rate, EVERYWHERE],
    [productOf(rate, other), leaving(1)],
    [productOf(other, level), leaving(-1)],
  ]);
  expect(plan.passes.map(({ isAtEdges }) => isAtEdges)).toEqual([false, true]);
  expect(plan.edge).toBe(1);
});
