import { describe, expect, test } from 'vitest';
import { bandKernels, COUPLING, ROW } from '../../../src/backend/cpu/bandKernels.js';
import { paddedOrder } from '../../../src/backend/cpu/bandMemory.js';
import { randomElements } from '../../support/vectors.js';

/** Kernels on a memory, and what it holds. */
function kernelsOn(bytes: number) {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 2 ** 16) });
  const floats = new Float64Array(memory.buffer);
  return { ...bandKernels(memory), floats, words: new Int32Array(memory.buffer) };
}

/** Inverts a block that lies behind as many guards as it has rows, which no kernel may touch. */
function inverted(a: Float64Array, n: number) {
  const at = 8 * n;
  const packed = at + 8 * n * n + 8 * n;
  const { invert, floats } = kernelsOn(packed + 8 * 4 * n + 4 * n);
  floats.fill(7, 0, packed / 8);
  floats.set(a, n);
  const singular = invert(at, n, packed, packed + 8 * 4 * n);
  for (let i = 0; i < n; i++) expect([floats[i], floats[n + n * n + i]]).toEqual([7, 7]);
  return { singular, inverse: floats.slice(n, n + n * n) };
}

/** The largest |A A⁻¹ − 1| relative to what rounding allows. */
function error(a: Float64Array, inverse: Float64Array, n: number): number {
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = i === j ? -1 : 0;
      let size = 1;
      for (let k = 0; k < n; k++) {
        sum += a[i * n + k] * inverse[k * n + j];
        size += Math.abs(a[i * n + k] * inverse[k * n + j]);
      }
      worst = Math.max(worst, Math.abs(sum) / size);
    }
  }
  return worst;
}

describe('the inverse of a dense matrix', () => {
  test.each([4, 8, 12, 16, 20, 60, 260])('order %i', (n) => {
    // The diagonal is 0: nothing works without pivots.
    const a = Float64Array.from({ length: n * n }, (_, i) =>
      i % (n + 1) === 0 ? 0 : Math.sin(i * i),
    );
    const { singular, inverse } = inverted(a, n);
    expect(singular).toBe(0);
    expect(error(a, inverse, n)).toBeLessThan(1e-11);
  });

  test('of a permutation is its transpose', () => {
    const n = 40;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) a[i * n + ((7 * i + 3) % n)] = 1;
    const { inverse } = inverted(a, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) expect(inverse[i * n + j]).toBe(a[j * n + i]);
    }
  });

  test('does not exist for a singular one, nor for one that is no matrix of numbers', () => {
    expect(inverted(new Float64Array(64).fill(1), 8).singular).toBe(1);
    expect(inverted(new Float64Array(16), 4).singular).toBe(1);
    // One row is a multiple of another, but for rounding.
    const a = randomElements(32, 5);
    for (let j = 0; j < 8; j++) a[48 + j] = a[8 + j] / 3;
    expect(inverted(a, 8).singular).toBe(1);
    expect(inverted(new Float64Array(16).fill(Number.NaN), 4).singular).toBe(1);
  });

  test('orders are padded to whole panels', () => {
    expect([1, 4, 5].map(paddedOrder)).toEqual([4, 4, 8]);
  });
});

test('y += A x', () => {
  for (const n of [4, 8, 20, 36]) {
    const { multiply, floats } = kernelsOn(8 * (n * n + 2 * n + 2));
    const numbers = randomElements(n * n, 3);
    floats.set(numbers.subarray(0, n * n + 2 * n));
    floats[n * n + 2 * n] = 7;
    multiply(0, n, 8 * n * n, 8 * (n * n + n));
    for (let i = 0; i < n; i++) {
      let sum = numbers[n * n + n + i];
      for (let j = 0; j < n; j++) sum += numbers[i * n + j] * numbers[n * n + j];
      expect(floats[n * n + n + i]).toBeCloseTo(sum, 12);
    }
    expect(floats[n * n + 2 * n]).toBe(7);
  }
});

describe('couplings of a level of 8 unknowns, at 4 in a vector, and one of 12, at 20', () => {
  const [n, begin, m, otherBegin] = [8, 4, 12, 20];
  /** Dense; most elements are 0, and some rows hold no other. */
  const sparse = (rows: number, columns: number, seed: number) =>
    Float64Array.from(randomElements(rows * columns, seed).subarray(0, rows * columns), (x, k) =>
      Math.floor(k / columns) % 3 === 1 || x < 0.3 ? 0 : x,
    );
  const lower = sparse(n, m, 1);
  const upper = sparse(m, n, 2);

  /** A memory that holds both: the address of their rows' addresses, and of what is free. */
  function loaded() {
    const kernels = kernelsOn(2 ** 16);
    const { floats, words } = kernels;
    let next = 1024;
    const load = (rows: number, at: number, matrix: Float64Array, firstColumn: number) => {
      const columns = matrix.length / rows;
      for (let i = 0; i < rows; i++) {
        words[(at + ROW * i) / 4] = next;
        for (let j = 0; j < columns; j++) {
          if (matrix[i * columns + j] === 0) continue;
          // Twice half of it: the values of a column that occurs twice add.
          for (let half = 0; half < 2; half++, next += COUPLING) {
            floats[next / 8] = matrix[i * columns + j] / 2;
            words[next / 4 + 2] = 8 * (firstColumn + j);
          }
        }
        words[(at + ROW * i) / 4 + 1] = next;
      }
    };
    load(n, 0, lower, otherBegin);
    load(m, 512, upper, begin);
    return { ...kernels, rows: 0, others: 512, free: 16 * Math.ceil(next / 16) };
  }

  test('are subtracted from a vector', () => {
    const { couple, floats, rows, free } = loaded();
    const [z, right] = [free, free + 512];
    const vector = randomElements(32, 4).subarray(0, 32);
    floats.set(vector, z / 8);
    floats.fill(1, right / 8, right / 8 + n);
    couple(rows, n, z, right);
    for (let i = 0; i < n; i++) {
      let sum = 1;
      for (let j = 0; j < m; j++) sum -= lower[i * m + j] * vector[otherBegin + j];
      expect(floats[right / 8 + i]).toBeCloseTo(sum, 13);
    }
  });

  test('take L S⁻¹ U off a block', () => {
    const { subtract, floats, rows, others, free } = loaded();
    const [block, inverse, work] = [free, free + 1024, free + 4096];
    const own = randomElements(n * n, 5).subarray(0, n * n);
    const between = randomElements(m * m, 6).subarray(0, m * m);
    floats.set(own, block / 8);
    floats.set(between, inverse / 8);
    subtract(block, n, 8 * begin, rows, inverse, m, 8 * otherBegin, others, work);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let value = own[i * n + j];
        for (let k = 0; k < m; k++) {
          for (let l = 0; l < m; l++) {
            value -= lower[i * m + k] * between[k * m + l] * upper[l * n + j];
          }
        }
        expect(floats[block / 8 + i * n + j]).toBeCloseTo(value, 12);
      }
    }
  });
});
