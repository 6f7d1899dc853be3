/** |L| |x|: what a residual L x is a small remainder of. */
import { euclideanNorm } from '../norm.js';
import { zeros } from '../zeros.js';
import { Coefficients, coefficientsIn, type Generator } from './generator.js';
import { type HermitianGenerator, hermitianNorm } from './hermitian.js';

/** ‖|L| |x|‖ of a generator, between ‖L x‖ and ‖L‖ ‖x‖. */
export function magnitude({ space, couplings }: Generator, x: Float64Array): number {
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
  return euclideanNorm(sums);
}

/** The same of the sum of generators between Hermitian matrices, from the unknowns of x. */
export function hermitianMagnitude(
  generators: readonly HermitianGenerator[],
  x: Float64Array,
): number {
  const sums = zeros(x.length);
  const { layout } = generators[0];
  const { size } = layout.space.window;
  for (const { bands } of generators) {
    for (const { row, target, column, source, count, factor, table, at } of bands) {
      const to = row * size + target;
      const from = column * size + source;
      for (let p = 0; p < count; p++) {
        const entry = table === null ? factor : factor * table[at + p];
        sums[to + p] += Math.abs(entry * x[from + p]);
      }
    }
  }
  return hermitianNorm(layout, sums);
}
