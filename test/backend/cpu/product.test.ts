import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProductRoom } from '../../../src/backend/cpu/applyProduct.js';
import { cuts, productOf } from '../../../src/backend/cpu/product.js';
import { applyAdd } from '../../../src/generator/apply.js';
import { fullSpace, type Space, spaceOf } from '../../../src/generator/classes.js';
import { type Generator, generatorOf } from '../../../src/generator/generator.js';
import {
  lindbladian,
  lindbladianOn,
  lindbladRules,
  type SpaceChoice,
} from '../../../src/generator/lindbladian.js';
import { device } from '../../../src/model/device.js';
import { deviceParameters } from '../../../src/model/parameters.js';
import {
  type Complex,
  QUBIT_STATES,
  type Table,
  type Transition,
} from '../../../src/operators/operator.js';
import { rotorWindow } from '../../../src/operators/window.js';
import { adjointGenerator } from '../../support/adjointGenerator.js';
import { device as anyDevice, numbersWithPotential } from '../../support/arbitrary.js';
import { distance, norm, operatorNorm, randomElements } from '../../support/vectors.js';

const anyInput = fc.oneof(numbersWithPotential, anyDevice('local'), anyDevice('global'));
const anyChoice: fc.Arbitrary<SpaceChoice> = fc.oneof(
  fc.constant('sector' as const),
  fc.integer({ min: 0, max: 6 }).map((maxDelta) => ({ maxDelta })),
  fc.constant('full' as const),
);

/** A generator's product is what its couplings do one after the other, in `parts` as at once. */
async function expectProduct(generator: Generator, parts: number): Promise<void> {
  const length = generator.space.size + 3;
  const x = randomElements(length, length);
  const exact = new Float64Array(2 * length);
  applyAdd(generator, x, exact);

  const product = await productOf(generator);
  const found = randomElements(length, 1);
  const room = new ProductRoom();
  room.apply(product, x, found, 0, product.batches.length);
  const bound = 1e-15 * operatorNorm(generator) * norm(x);
  expect(distance(found, exact)).toBeLessThanOrEqual(bound);
  expect(found.subarray(-6)).toEqual(new Float64Array(6));

  const pieces = randomElements(length, 2);
  const at = cuts(product, parts);
  expect(at).toHaveLength(parts + 1);
  for (let k = 0; k < parts; k++) room.apply(product, x, pieces, at[k], at[k + 1]);
  // A comparison of whole arrays by the test library takes seconds.
  expect(pieces.findIndex((value, i) => value !== found[i])).toBe(-1);
}

/** A Hermitian matrix, and three numbers beyond it. */
function hermitianElements({ space }: Generator, seed: number): Float64Array {
  const x = randomElements(space.size + 3, seed);
  for (const { ket, bra, delta, offset, length } of space.classes) {
    const other = space.classes[space.find(bra, ket, -delta)].offset;
    for (let p = 0; p < length; p++) {
      x[2 * (other + p)] = x[2 * (offset + p)];
      x[2 * (other + p) + 1] = other === offset ? 0 : -x[2 * (offset + p) + 1];
    }
  }
  return x;
}

/** To the last bit. */
function expectHermitian(space: Space, x: Float64Array): void {
  for (const { ket, bra, delta, offset, length } of space.classes) {
    const other = space.classes[space.find(bra, ket, -delta)].offset;
    for (let p = 0; p < length; p++) {
      if (x[2 * (offset + p)] !== x[2 * (other + p)]) expect.fail('real parts are apart');
      if (x[2 * (offset + p) + 1] !== -x[2 * (other + p) + 1]) {
        expect.fail('imaginary parts are apart');
      }
    }
  }
}

/** Of Hermitian matrices the product makes half of the elements, and the others are their conjugates. */
async function expectHermitianProduct(generator: Generator, parts: number): Promise<void> {
  const { space } = generator;
  const x = hermitianElements(generator, space.size);
  const exact = new Float64Array(x.length);
  applyAdd(generator, x, exact);

  const product = await productOf(generator, 'hermitian');
  const made = product.batches.reduce((sum, { size }) => sum + size, 0);
  const diagonals = space.classes.filter(({ ket, bra, delta }) => ket === bra && delta === 0);
  const alone = diagonals.reduce((sum, { length }) => sum + length, 0);
  expect(2 * made).toBe(space.size + alone);
  const found = randomElements(x.length / 2, 1);
  const at = cuts(product, parts);
  for (let k = 0; k < parts; k++) new ProductRoom().apply(product, x, found, at[k], at[k + 1]);
  const bound = 1e-15 * operatorNorm(generator) * norm(x);
  expect(distance(found, exact)).toBeLessThanOrEqual(bound);
  expectHermitian(space, found);
  // Nor does what is not Hermitian of a matrix lead to more of it.
  x[1] = 1;
  new ProductRoom().apply(product, x, found, 0, product.batches.length);
  expectHermitian(space, found);
}

test('a prepared product is L·ρ, piece by piece as at once, and 0 beyond the space', () =>
  fc.assert(
    fc.asyncProperty(
      anyInput,
      fc.integer({ min: 2, max: 20 }),
      anyChoice,
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (input, size, choice, parts, reversed) => {
        const lmin = -Math.floor(size / 2);
        const window = rotorWindow(lmin, lmin + size - 1);
        const { total } = lindbladian(device(deviceParameters(input), window).system, choice);
        const generator = reversed ? adjointGenerator(total) : total;
        await expectProduct(generator, parts);
        await expectHermitianProduct(generator, parts);
      },
    ),
    { numRuns: 60 },
  ));

test('elements of hundreds of terms, of jumps between eigenstates that are numbers', async () => {
  const parameters = deviceParameters({ model: 'global', V: 1, lambda: 0.3 });
  const { total } = lindbladian(device(parameters, rotorWindow(-1, 1)).system, 'full');
  expect(total.couplings.length).toBeGreaterThan(400 * total.space.classes.length);
  await expectProduct(total, 3);
  await expectHermitianProduct(total, 3);
});

test('where conjugates are not in the space, all elements are made', async () => {
  const window = rotorWindow(-2, 2);
  const basis = { states: QUBIT_STATES, window };
  const upper = fullSpace(basis).classes.filter(({ delta }) => delta >= 0);
  const rules = lindbladRules(device(deviceParameters({ V: 1 }), window).system);
  const { total } = lindbladianOn(spaceOf(basis, upper), rules);
  const [of, any] = [await productOf(total, 'hermitian'), await productOf(total)];
  expect(of.batches).toEqual(any.batches);
});

describe('vectors of more than one batch', () => {
  const window = rotorWindow(-20, 20);
  const basis = { states: QUBIT_STATES, window };
  const rules = lindbladRules(device(deviceParameters({ V: 1 }), window).system);
  const { classes } = fullSpace(basis);
  // Neighbours that lie apart, as in a solver's order of classes.
  const scattered = [...classes.keys()].sort((a, b) => ((a * 7919) % 1009) - ((b * 7919) % 1009));

  test.each([
    ['in order', classes],
    ['scattered', scattered.map((c) => classes[c])],
  ])('classes %s', async (_, names) => {
    const { total } = lindbladianOn(spaceOf(basis, names), rules);
    expect((await productOf(total)).batches.length).toBeGreaterThan(1);
    await expectProduct(total, 3);
    await expectHermitianProduct(total, 3);
  });
});

describe('every form of coefficient', () => {
  const window = rotorWindow(-2, 2);
  const basis = { states: QUBIT_STATES, window };
  const space = fullSpace(basis);
  const numbers = (seed: number) => randomElements(window.size, seed).subarray(0, window.size);
  const zero = new Float64Array(window.size);
  const TABLES: Readonly<Record<string, Table | null>> = {
    none: null,
    real: { re: numbers(3), im: null },
    imaginary: { re: zero, im: numbers(4) },
    complex: { re: numbers(5), im: numbers(6) },
  };
  const COEFFICIENTS: readonly Complex[] = [
    { re: 0.7, im: 0 },
    { re: 0, im: -1.3 },
    { re: 0.4, im: 0.9 },
  ];
  const transition = (table: Table | null, coefficient: Complex, shift: number): Transition => ({
    to: 1,
    from: 1,
    shift,
    coefficient,
    table,
  });
  const pairs = Object.keys(TABLES).flatMap((ket) => Object.keys(TABLES).map((bra) => [ket, bra]));

  test.each(pairs)('ket %s, bra %s', async (ketTable, braTable) => {
    for (const coefficient of COEFFICIENTS) {
      for (const shift of [0, 1]) {
        const ket = transition(TABLES[ketTable], coefficient, shift);
        const bra = transition(TABLES[braTable], { re: -0.2, im: 0 }, shift);
        const product = [{ ket, bra, delta: null }];
        const sum = [
          { ket, bra: null, delta: null },
          { ket: null, bra, delta: null },
        ];
        for (const rules of [product, sum]) await expectProduct(generatorOf(space, rules), 1);
      }
    }
  });
});
