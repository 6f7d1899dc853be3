/** Vectors in WebAssembly against plain loops, in memory that held something else before. */
import { expect, test } from 'vitest';
import { giveBack, lentMemory, PAGE } from '../../../src/backend/cpu/lentMemory.js';
import { type VectorContents, VectorMemory } from '../../../src/backend/cpu/vectorMemory.js';
import { randomElements } from '../../support/vectors.js';

/** Vectors at an address, in memory full of NaN, before and behind which nothing may be touched. */
async function vectorsOf(contents: Partial<VectorContents> & Pick<VectorContents, 'length'>) {
  const whole: VectorContents = {
    count: 4,
    stretches: [],
    values: new Float64Array(0),
    elements: new Int32Array(0),
    places: new Int32Array(0),
    ...contents,
  };
  const begin = 48;
  const end = begin + VectorMemory.bytes(whole);
  const memory = new WebAssembly.Memory({ initial: Math.ceil((end + 1024) / PAGE) });
  const floats = new Float64Array(memory.buffer).fill(Number.NaN);
  const vectors = await VectorMemory.of(memory, begin, whole);
  const fill = (k: number) => {
    const elements = randomElements(whole.length, 3 + k);
    vectors.of(k).set(elements.subarray(0, whole.length));
    return elements.slice(0, whole.length);
  };
  const expectGuards = () => {
    for (let i = 0; i < begin / 8; i++) expect(floats[i]).toBeNaN();
    for (let i = end / 8; i < end / 8 + 64; i++) expect(floats[i]).toBeNaN();
  };
  return { vectors, floats, end, fill, expectGuards };
}

test.each([1, 2, 7, 8, 9, 40, 61])(
  'sums and multiples of vectors of %i elements',
  async (length) => {
    const { vectors, fill, expectGuards } = await vectorsOf({ length });
    const [x, y] = [fill(0), fill(3)];
    let sum = 0;
    for (let i = 0; i < length; i++) sum += x[i] * y[i];
    expect(vectors.dot(0, 3)).toBeCloseTo(sum, 12);
    vectors.addMultiple(-0.7, 0, 3);
    expect([...vectors.of(3)]).toEqual(Array.from(y, (value, i) => value + -0.7 * x[i]));
    // Into a vector that was never written.
    vectors.setMultiple(1.3, 0, 1);
    expect([...vectors.of(1)]).toEqual(Array.from(x, (value) => 1.3 * value));
    expect(vectors.dot(1, 1)).toBeGreaterThan(0);
    expectGuards();
  },
);

test('the product of stretches, even and odd, from any to any other', async () => {
  const length = 23;
  const stretches = [
    { row: 0, column: 5, count: 8, at: 1, sign: 1 },
    { row: 3, column: 0, count: 7, at: 9, sign: -1 },
    { row: 22, column: 22, count: 1, at: 4, sign: 1 },
    { row: 1, column: 2, count: 2, at: 0, sign: -1 },
  ].map((one) => ({ ...one, target: 0, source: 0 }));
  const values = randomElements(16, 8);
  const { vectors, fill, expectGuards } = await vectorsOf({ length, stretches, values });
  const [x, y] = [fill(0), fill(1)];
  const wanted = y.slice();
  for (const { row, column, count, at, sign } of stretches.slice(1)) {
    for (let k = 0; k < count; k++) wanted[row + k] -= sign * values[at + k] * x[column + k];
  }
  vectors.addProduct({ from: 1, to: stretches.length }, 0, 1, -1);
  wanted.forEach((value, i) => {
    expect(vectors.of(1)[i]).toBeCloseTo(value, 14);
  });
  expectGuards();
});

test('elements to their places, and back', async () => {
  const elements = Int32Array.of(4, 0, 6, 2);
  const places = Int32Array.of(0, 1, 5, 6);
  const { vectors, floats, end, fill } = await vectorsOf({ length: 7, elements, places });
  const x = fill(0);
  vectors.of(1).fill(-1);
  vectors.gather({ from: 1, to: 4 }, 0, end);
  const there = Array.from({ length: 7 }, (_, i) => floats[end / 8 + i]);
  expect(there).toEqual([NaN, x[0], NaN, NaN, NaN, x[6], x[2]]);
  vectors.scatter({ from: 1, to: 3 }, end, 1);
  expect([...vectors.of(1)]).toEqual([x[0], -1, -1, -1, -1, -1, x[6]]);
});

test('memory is lent again once it is given back, and to one at a time', () => {
  const first = lentMemory(3);
  const second = lentMemory(2);
  expect(second).not.toBe(first);
  giveBack(first);
  const third = lentMemory(7);
  expect(third).toBe(first);
  expect(third.buffer.byteLength).toBeGreaterThanOrEqual(7 * PAGE);
  expect(lentMemory(1)).not.toBe(third);
});
