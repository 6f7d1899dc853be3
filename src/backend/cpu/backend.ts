/** The CPU backend: float64 typed arrays, the oracle of every other. */
import type { Backend } from '../backend.js';
import { applyAdd } from './apply.js';

export function cpuBackend(): Backend<Float64Array> {
  return {
    name: 'cpu',
    adapter: null,
    precision: 'f64',
    upload: async (elements) => elements.slice(),
    download: async (vector) => vector.slice(),
    release: () => {},
    prepare: async (generator) => ({
      apply: async (x, y) => {
        y.fill(0);
        applyAdd(generator, x, y);
      },
      release: () => {},
    }),
    axpy: async ({ re, im }, x, y) => {
      for (let i = 0; i < x.length; i += 2) {
        y[i] += re * x[i] - im * x[i + 1];
        y[i + 1] += re * x[i + 1] + im * x[i];
      }
    },
    scale: async ({ re, im }, x) => {
      for (let i = 0; i < x.length; i += 2) {
        const u = x[i];
        x[i] = re * u - im * x[i + 1];
        x[i + 1] = re * x[i + 1] + im * u;
      }
    },
    dot: async (x, y) => {
      let re = 0;
      let im = 0;
      for (let i = 0; i < x.length; i += 2) {
        re += x[i] * y[i] + x[i + 1] * y[i + 1];
        im += x[i] * y[i + 1] - x[i + 1] * y[i];
      }
      return { re, im };
    },
    close: () => {},
  };
}
