/** What goes from some unknowns to others with about 30 digits: of numbers of 𝓛 that have them, and a state of float64. */
import { productError } from '../numbers/doubleDouble.js';
import type { ExactTable } from '../numbers/exactTable.js';
import type { Run } from './run.js';

/** Below the range of float64's full precision digits are lost absolutely. */
const UNDERFLOW = 2 ** -1064;

/** Weights of what arrives, and of where it comes from; null for none there. */
export interface FluxWeights {
  readonly arriving: Float64Array;
  readonly leaving: Float64Array | null;
}

/** Σ of weighted fluxes in two parts, of their magnitudes, and what is lost below float64's range. */
export class ExactFlux {
  high = 0;
  low = 0;
  magnitude = 0;
  lost = 0;

  /** Adds 𝓛_ij x_j (w_i − w_j) for all elements of a run. @param width unknowns of a site */
  add(
    { source, target, from, to, first, stride, count, sign }: Run,
    numbers: ExactTable,
    x: Float64Array,
    { arriving, leaving }: FluxWeights,
    width: number,
  ): void {
    let at = source * width + from;
    let out = target * width + to;
    let p = first;
    for (let i = 0; i < count; i++, p += stride, at += width, out += width) {
      const number = numbers.high[p];
      if (number === 0) continue;
      const a = arriving[out];
      const b = leaving === null ? 0 : leaving[at];
      const apart = a - b;
      const part = apart - a;
      const rest = a - (apart - part) - (b + part);
      // x (apart + rest), and that times the number.
      const weighted = x[at] * apart;
      const lost = productError(x[at], apart, weighted) + x[at] * rest;
      const flux = number * weighted;
      const more = productError(number, weighted, flux) + number * lost + numbers.low[p] * weighted;
      this.#sum(sign * flux, sign * more);
      this.magnitude += Math.abs(flux);
      this.lost += UNDERFLOW * (1 + Math.abs(number));
    }
  }

  #sum(x: number, more: number): void {
    const sum = this.high + x;
    const part = sum - this.high;
    this.low += this.high - (sum - part) + (x - part) + more;
    this.high = sum;
  }
}
