/** The CPU backend: float64 typed arrays, the oracle of every other. */
import type { Complex } from '../../model/operator.js';
import type { Backend } from '../backend.js';
import { factoriseChains } from './chains.js';
import { applyProduct, productOf } from './product.js';

function axpy({ re, im }: Complex, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < x.length; i += 2) {
    y[i] += re * x[i] - im * x[i + 1];
    y[i + 1] += re * x[i + 1] + im * x[i];
  }
}

function dot(x: Float64Array, y: Float64Array): Complex {
  let re = 0;
  let im = 0;
  for (let i = 0; i < x.length; i += 2) {
    re += x[i] * y[i] + x[i + 1] * y[i + 1];
    im += x[i] * y[i + 1] - x[i + 1] * y[i];
  }
  return { re, im };
}

export function cpuBackend(): Backend<Float64Array> {
  return {
    name: 'cpu',
    adapter: null,
    precision: 'f64',
    allocate: async (length) => new Float64Array(2 * length),
    upload: async (elements) => elements.slice(),
    write: async (elements, vector) => vector.set(elements),
    download: async (vector, count) => vector.slice(0, count === undefined ? undefined : 2 * count),
    release: () => {},
    prepare: async (generator) => {
      const product = productOf(generator);
      return {
        apply: async (x, y) => applyProduct(product, x, y, 0, y.length / 2),
        release: () => {},
      };
    },
    factorise: async (chains) => {
      const factors = factoriseChains(chains);
      return { apply: async (x, y) => factors.solve(x, y), release: () => {} };
    },
    copy: async (x, y) => y.set(x),
    scale: async ({ re, im }, x) => {
      for (let i = 0; i < x.length; i += 2) {
        const u = x[i];
        x[i] = re * u - im * x[i + 1];
        x[i + 1] = re * x[i + 1] + im * u;
      }
    },
    axpy: async (a, x, y) => axpy(a, x, y),
    addMultiples: async (coefficients, xs, y) => {
      for (let k = 0; k < xs.length; k++) axpy(coefficients[k], xs[k], y);
    },
    dot: async (x, y) => dot(x, y),
    dots: async (xs, y) => xs.map((x) => dot(x, y)),
    close: () => {},
  };
}
