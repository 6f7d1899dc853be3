/** The CPU backend: float64 typed arrays, the oracle of every other. */
import { chainsOf } from '../../generator/chains.js';
import type { Complex } from '../../operators/operator.js';
import type { Backend } from '../backend.js';
import { ProductRoom } from './applyProduct.js';
import { factoriseBand } from './bandFactors.js';
import { factoriseChains } from './chains.js';
import { productOf } from './product.js';
import { addMultiples, blocksOf, partialDots, sumOfParts } from './vectors.js';

function dots(xs: readonly Float64Array[], y: Float64Array): Complex[] {
  const blocks = blocksOf(y);
  const sums = new Float64Array(2 * blocks * xs.length);
  partialDots(xs, y, sums, 0, blocks);
  return sumOfParts(sums, xs.length);
}

export function cpuBackend(): Backend<Float64Array> {
  const room = new ProductRoom();
  return {
    name: 'cpu',
    adapter: null,
    precision: 'f64',
    allocate: async (length) => new Float64Array(2 * length),
    upload: async (elements) => elements.slice(),
    write: async (elements, vector) => vector.set(elements),
    download: async (vector, count) => vector.slice(0, count === undefined ? undefined : 2 * count),
    release: () => {},
    prepare: async (generator, of) => {
      const product = await productOf(generator, of);
      return {
        apply: async (x, y) => room.apply(product, x, y, 0, product.batches.length),
        release: () => {},
      };
    },
    factorise: async (generator, sectors) => {
      const factors = factoriseChains(chainsOf(generator, sectors));
      return { apply: async (x, y) => factors.solve(x, y), release: () => {} };
    },
    factoriseBand: async (band, onProgress) => {
      const factors = await factoriseBand(band, onProgress);
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
    axpy: async (a, x, y) => addMultiples([a], [x], y, 0, blocksOf(y)),
    addMultiples: async (coefficients, xs, y) => addMultiples(coefficients, xs, y, 0, blocksOf(y)),
    dot: async (x, y) => dots([x], y)[0],
    dots: async (xs, y) => dots(xs, y),
    close: () => {},
  };
}
