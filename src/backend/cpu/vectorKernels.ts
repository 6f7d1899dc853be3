/**
 * Loops over real vectors of float64, two numbers at a time, as WebAssembly. Vectors are padded with zeros to whole
 * steps of the loops; addresses and lengths are in bytes.
 */
import {
  type Dependency,
  f64,
  f64x2,
  func,
  i32,
  if_,
  importMemory,
  local,
  Module,
  v128,
} from 'wasmati';
import { nothing, whileLess } from '../../whileLess.js';
import { kernelsOn } from './kernelsOn.js';
import { PLACE, STEP, STRETCH } from './vectorLayout.js';

const QUARTERS = [0, 16, 32, 48] as const;

/** product(stretch, end, x, y, sign): y += sign · M x of the entries of stretches. */
const product = func(
  {
    in: [i32, i32, i32, i32, f64],
    locals: [i32, i32, i32, i32, i32, v128, f64],
    out: [],
  },
  ([stretch, end, x, y, sign], [row, column, value, pairs, bytes, factors, factor]) => {
    whileLess(stretch, end, STRETCH, () => {
      local.set(row, i32.add(y, i32.load({}, stretch)));
      local.set(column, i32.add(x, i32.load({ offset: 4 }, stretch)));
      local.set(bytes, i32.load({ offset: 8 }, stretch));
      local.set(value, i32.load({ offset: 12 }, stretch));
      local.set(factor, f64.mul(sign, f64.load({ offset: 16 }, stretch)));
      local.set(factors, f64x2.splat(factor));
      local.set(pairs, i32.add(row, i32.and(bytes, -16)));
      whileLess(row, pairs, 16, () => {
        const entries = f64x2.mul(factors, v128.load({}, value));
        const products = f64x2.mul(entries, v128.load({}, column));
        v128.store({}, row, f64x2.add(products, v128.load({}, row)));
        local.set(column, i32.add(column, 16));
        local.set(value, i32.add(value, 16));
      });
      i32.and(bytes, 8);
      if_(nothing, () => {
        const entry = f64.mul(factor, f64.load({}, value));
        f64.store({}, row, f64.add(f64.mul(entry, f64.load({}, column)), f64.load({}, row)));
      });
    });
  },
);

/** dot(x, end, y): four sums side by side, as each would wait for its own last addition. */
const dot = func(
  { in: [i32, i32, i32], locals: [v128, v128, v128, v128], out: [f64] },
  ([x, end, y], sums) => {
    whileLess(x, end, STEP, () => {
      sums.forEach((sum, k) => {
        const offset = QUARTERS[k];
        const products = f64x2.mul(v128.load({ offset }, x), v128.load({ offset }, y));
        local.set(sum, f64x2.add(sum, products));
      });
      local.set(y, i32.add(y, STEP));
    });
    const [a, b, c, d] = sums;
    local.set(a, f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
    f64.add(f64x2.extract_lane(0, a), f64x2.extract_lane(1, a));
  },
);

/** addMultiple(factor, x, end, y): y += factor · x. */
const addMultiple = func(
  { in: [f64, i32, i32, i32], locals: [v128], out: [] },
  ([factor, x, end, y], [factors]) => {
    local.set(factors, f64x2.splat(factor));
    whileLess(x, end, STEP, () => {
      for (const offset of QUARTERS) {
        const product = f64x2.mul(factors, v128.load({ offset }, x));
        v128.store({ offset }, y, f64x2.add(product, v128.load({ offset }, y)));
      }
      local.set(y, i32.add(y, STEP));
    });
  },
);

/** setMultiple(factor, x, end, y): y = factor · x. */
const setMultiple = func(
  { in: [f64, i32, i32, i32], locals: [v128], out: [] },
  ([factor, x, end, y], [factors]) => {
    local.set(factors, f64x2.splat(factor));
    whileLess(x, end, STEP, () => {
      for (const offset of QUARTERS) {
        v128.store({ offset }, y, f64x2.mul(factors, v128.load({ offset }, x)));
      }
      local.set(y, i32.add(y, STEP));
    });
  },
);

/** move(place, end, x, y, from, to): copies numbers of x to y, by words `from` and `to` of each place. */
const mover = (from: 0 | 4, to: 0 | 4) =>
  func({ in: [i32, i32, i32, i32], locals: [], out: [] }, ([place, end, x, y]) => {
    whileLess(place, end, PLACE, () => {
      const target = i32.add(y, i32.load({ offset: to }, place));
      f64.store({}, target, f64.load({}, i32.add(x, i32.load({ offset: from }, place))));
    });
  });

export interface VectorKernels {
  product(stretch: number, end: number, x: number, y: number, sign: number): void;
  dot(x: number, end: number, y: number): number;
  addMultiple(factor: number, x: number, end: number, y: number): void;
  setMultiple(factor: number, x: number, end: number, y: number): void;
  /** From the vector of a place's first word into that of its second. */
  gather(place: number, end: number, x: number, y: number): void;
  /** The other way. */
  scatter(place: number, end: number, x: number, y: number): void;
}

const kernels: Record<keyof VectorKernels, Dependency.Export> = {
  product,
  dot,
  addMultiple,
  setMultiple,
  gather: mover(0, 4),
  scatter: mover(4, 0),
};

/** The kernels on a memory. */
export const vectorKernels = kernelsOn<VectorKernels>(() =>
  Module({ exports: kernels, memory: importMemory({ min: 1 }) }),
);
