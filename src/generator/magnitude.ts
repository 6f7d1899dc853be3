/** |L| |x|: what a residual L x is a small remainder of. */
import { euclideanNorm } from '../norm.js';
import { zeros } from '../zeros.js';
import { Coefficients, coefficientsIn, type Generator } from './generator.js';

/** ‖|L| |x|‖ of a generator, between ‖L x‖ and ‖L‖ ‖x‖. */
export const magnitude = (generator: Generator, x: Float64Array): number =>
  euclideanNorm(magnitudes(generator, x));

/** Of each element of L x the sum of the magnitudes of its terms. */
export function magnitudes({ space, couplings }: Generator, x: Float64Array): Float64Array {
  const room = new Coefficients(space.window.size);
  const sums = zeros(x.length / 2);
  for (const coupling of couplings) {
    const { kind, re, im } = coefficientsIn(room, coupling);
    for (let p = 0; p < coupling.count; p++) {
      const a = kind === 'imaginary' ? 0 : re[p];
      const b = kind === 'real' ? 0 : im[p];
      const at = 2 * (coupling.source + p);
      sums[coupling.target + p] +=
        (Math.abs(a) + Math.abs(b)) * (Math.abs(x[at]) + Math.abs(x[at + 1]));
    }
  }
  return sums;
}
