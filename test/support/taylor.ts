import { apply } from '../../src/generator/apply.js';
import type { Generator } from '../../src/generator/generator.js';

/** e^{tL}x by Taylor's series, t cut into pieces short enough for its terms not to grow. */
export function taylorExponential(generator: Generator, x: Float64Array, t: number): Float64Array {
  // An upper bound of ‖L‖: every coupling's largest coefficient.
  let bound = 0;
  for (const { coefficient, ket, bra } of generator.couplings) {
    const largest = (table: typeof ket) =>
      table === null ? 1 : Math.max(...table.re.map(Math.abs), ...(table.im ?? []).map(Math.abs));
    bound = Math.max(
      bound,
      Math.hypot(coefficient.re, coefficient.im) * largest(ket) * largest(bra),
    );
  }
  const pieces = Math.max(1, Math.ceil(t * bound * 4));
  let y = x;
  for (let piece = 0; piece < pieces; piece++) {
    const sum = y.slice();
    let term = y;
    for (let k = 1; k < 60; k++) {
      term = apply(generator, term).map((v) => (v * t) / pieces / k);
      for (let i = 0; i < sum.length; i++) sum[i] += term[i];
      if (term.every((v) => Math.abs(v) < 1e-18)) break;
    }
    y = sum;
  }
  return y;
}
