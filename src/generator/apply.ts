/** y = L x on the CPU, in float64. */
import { Coefficients, coefficientsIn, type Generator } from './generator.js';

/**
 * Adds the generator's action on x to y (interleaved complex vectors of the generator's space).
 */
export function applyAdd(
  { space, couplings }: Pick<Generator, 'space' | 'couplings'>,
  x: Float64Array,
  y: Float64Array,
): void {
  const room = new Coefficients(space.window.size);
  for (const coupling of couplings) {
    let from = 2 * coupling.source;
    let to = 2 * coupling.target;
    const { count } = coupling;
    const { kind, re, im } = coefficientsIn(room, coupling);
    if (kind === 'real') {
      for (let p = 0; p < count; p++, from += 2, to += 2) {
        y[to] += re[p] * x[from];
        y[to + 1] += re[p] * x[from + 1];
      }
    } else if (kind === 'imaginary') {
      for (let p = 0; p < count; p++, from += 2, to += 2) {
        y[to] -= im[p] * x[from + 1];
        y[to + 1] += im[p] * x[from];
      }
    } else {
      for (let p = 0; p < count; p++, from += 2, to += 2) {
        y[to] += re[p] * x[from] - im[p] * x[from + 1];
        y[to + 1] += re[p] * x[from + 1] + im[p] * x[from];
      }
    }
  }
}

/** L x. */
export function apply(generator: Generator, x: Float64Array): Float64Array {
  const y = new Float64Array(x.length);
  applyAdd(generator, x, y);
  return y;
}
