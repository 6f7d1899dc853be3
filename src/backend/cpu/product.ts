/** y = L x on the CPU, in float64, for a generator that is used many times. */
import type { Generator } from '../../generator/generator.js';
import { gatherLayout, PRODUCT, SUM } from '../gather.js';

/** Which parts of a table's numbers are not 0, and whether they are all the same. */
const REAL = 0;
const IMAGINARY = 1;
const COMPLEX = 2;

/** Words of a coupling in a Product: begin, end, source, coefficient, first table, second table. */
const WORDS = 6;

/** How a coupling's coefficient is found. */
const COMPLEX_SUM = 0;
const REAL_PRODUCT = 1;
const REAL_CONSTANT = 2;
const IMAGINARY_CONSTANT = 3;
const REAL_TABLE = 4;
const IMAGINARY_TABLE = 5;
const COMPLEX_TABLE = 6;
const COMPLEX_PRODUCT = 7;

/** A generator's gather form; plain arrays, which threads can be given as they are. */
export interface Product {
  /** Complex numbers of a vector. */
  readonly size: number;
  /** Three words a class: end, first coupling, number of couplings. */
  readonly classes: Uint32Array;
  readonly couplings: Int32Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export function productOf(generator: Generator): Product {
  const { window, size } = generator.space;
  const { classes, couplings, tables } = gatherLayout(generator, size);
  const count = tables.length / 2;
  const re = new Float64Array(count);
  const im = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    re[i] = tables[2 * i];
    im[i] = tables[2 * i + 1];
  }
  const kinds = new Uint8Array(count / window.size);
  const constant = new Uint8Array(kinds.length);
  for (let t = 0; t < kinds.length; t++) {
    const [u, v] = [re, im].map((part) => part.subarray(t * window.size, (t + 1) * window.size));
    kinds[t] = v.every((x) => x === 0) ? REAL : u.every((x) => x === 0) ? IMAGINARY : COMPLEX;
    constant[t] = u.every((x) => x === u[0]) && v.every((x) => x === v[0]) ? 1 : 0;
  }
  for (let c = 0; c < couplings.length; c += WORDS) {
    const begin = couplings[c];
    const first = Math.floor((couplings[c + 4] + begin) / window.size);
    const kind = kinds[first];
    if (couplings[c + 3] === SUM) {
      couplings[c + 3] = COMPLEX_SUM;
    } else if (couplings[c + 3] === PRODUCT) {
      const second = Math.floor((couplings[c + 5] + begin) / window.size);
      couplings[c + 3] = kind === REAL && kinds[second] === REAL ? REAL_PRODUCT : COMPLEX_PRODUCT;
    } else if (kind === COMPLEX) {
      couplings[c + 3] = COMPLEX_TABLE;
    } else if (constant[first] === 1) {
      couplings[c + 3] = kind === REAL ? REAL_CONSTANT : IMAGINARY_CONSTANT;
    } else {
      couplings[c + 3] = kind === REAL ? REAL_TABLE : IMAGINARY_TABLE;
    }
  }
  return { size, classes, couplings, re, im };
}

/**
 * Writes the elements begin ≤ i < end of L x (interleaved complex numbers); those beyond L's space are 0.
 * @param begin where a class begins
 */
export function applyProduct(
  { size, classes, couplings, re, im }: Product,
  x: Float64Array,
  y: Float64Array,
  begin: number,
  end: number,
): void {
  if (end > size) y.fill(0, 2 * size, 2 * end);
  let at = 0;
  while (at < classes.length && classes[at] <= begin) at += 3;
  for (let start = begin; at < classes.length && start < end; at += 3) {
    y.fill(0, 2 * start, 2 * classes[at]);
    start = classes[at];
    const last = WORDS * (classes[at + 1] + classes[at + 2]);
    for (let c = WORDS * classes[at + 1]; c < last; c += WORDS) {
      const first = couplings[c];
      const to = couplings[c + 1];
      const from = couplings[c + 2];
      const u = couplings[c + 4];
      const v = couplings[c + 5];
      const kind = couplings[c + 3];
      if (kind === REAL_PRODUCT) realProduct(first, to, from, u, v, re, x, y);
      else if (kind === REAL_CONSTANT) realConstant(first, to, from, re[u + first], x, y);
      else if (kind === IMAGINARY_CONSTANT) imaginaryConstant(first, to, from, im[u + first], x, y);
      else if (kind === COMPLEX_SUM) complexSum(first, to, from, u, v, re, im, x, y);
      else if (kind === IMAGINARY_TABLE) imaginaryTable(first, to, from, u, im, x, y);
      else if (kind === REAL_TABLE) realTable(first, to, from, u, re, x, y);
      else if (kind === COMPLEX_TABLE) complexTable(first, to, from, u, re, im, x, y);
      else complexProduct(first, to, from, u, v, re, im, x, y);
    }
  }
}

// One loop for each kind: the coefficient of element p is made of the numbers at u + p and v + p.

function complexSum(
  begin: number,
  end: number,
  from: number,
  u: number,
  v: number,
  re: Float64Array,
  im: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let p = begin, i = 2 * begin, j = 2 * (begin + from); p < end; p++, i += 2, j += 2) {
    const a = re[u + p] + re[v + p];
    const b = im[u + p] + im[v + p];
    y[i] += a * x[j] - b * x[j + 1];
    y[i + 1] += a * x[j + 1] + b * x[j];
  }
}

function realProduct(
  begin: number,
  end: number,
  from: number,
  u: number,
  v: number,
  re: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let p = begin, i = 2 * begin, j = 2 * (begin + from); p < end; p++, i += 2, j += 2) {
    const a = re[u + p] * re[v + p];
    y[i] += a * x[j];
    y[i + 1] += a * x[j + 1];
  }
}

function realConstant(
  begin: number,
  end: number,
  from: number,
  a: number,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let i = 2 * begin, j = 2 * (begin + from); i < 2 * end; i += 2, j += 2) {
    y[i] += a * x[j];
    y[i + 1] += a * x[j + 1];
  }
}

function imaginaryConstant(
  begin: number,
  end: number,
  from: number,
  b: number,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let i = 2 * begin, j = 2 * (begin + from); i < 2 * end; i += 2, j += 2) {
    y[i] -= b * x[j + 1];
    y[i + 1] += b * x[j];
  }
}

function realTable(
  begin: number,
  end: number,
  from: number,
  u: number,
  re: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let p = begin, i = 2 * begin, j = 2 * (begin + from); p < end; p++, i += 2, j += 2) {
    const a = re[u + p];
    y[i] += a * x[j];
    y[i + 1] += a * x[j + 1];
  }
}

function imaginaryTable(
  begin: number,
  end: number,
  from: number,
  u: number,
  im: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let p = begin, i = 2 * begin, j = 2 * (begin + from); p < end; p++, i += 2, j += 2) {
    const b = im[u + p];
    y[i] -= b * x[j + 1];
    y[i + 1] += b * x[j];
  }
}

function complexTable(
  begin: number,
  end: number,
  from: number,
  u: number,
  re: Float64Array,
  im: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let p = begin, i = 2 * begin, j = 2 * (begin + from); p < end; p++, i += 2, j += 2) {
    const a = re[u + p];
    const b = im[u + p];
    y[i] += a * x[j] - b * x[j + 1];
    y[i + 1] += a * x[j + 1] + b * x[j];
  }
}

function complexProduct(
  begin: number,
  end: number,
  from: number,
  u: number,
  v: number,
  re: Float64Array,
  im: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let p = begin, i = 2 * begin, j = 2 * (begin + from); p < end; p++, i += 2, j += 2) {
    const a = re[u + p] * re[v + p] - im[u + p] * im[v + p];
    const b = re[u + p] * im[v + p] + im[u + p] * re[v + p];
    y[i] += a * x[j] - b * x[j + 1];
    y[i + 1] += a * x[j + 1] + b * x[j];
  }
}

/** Where a vector is cut into `parts` of about the same size, no class divided: parts + 1 numbers. */
export function cuts({ size, classes }: Product, parts: number): number[] {
  const result = [0];
  for (let at = 0; result.length < parts && at < classes.length; at += 3) {
    if (classes[at] >= (result.length * size) / parts) result.push(classes[at]);
  }
  while (result.length <= parts) result.push(size);
  return result;
}
