/** What rounding may have taken from the tables of one device, level by level. */
import { zeros } from '../zeros.js';
import type { Numbers, Tape } from './tape.js';
import { type TapeExponentials, TapeExponents } from './tapeExponentials.js';
import { type TapeCancellations, TapeMagnitudes } from './tapeMagnitudes.js';

/**
 * What rounding takes from a number, relative to itself or to what it is a difference of, and from one with
 * exponentials by each exponent.
 */
export const IN_NUMBERS = 8 * Number.EPSILON;
const BY_EXPONENT = 4 * Number.EPSILON;

export class TapeRounding {
  readonly #magnitudes: TapeMagnitudes;
  readonly #exponents: TapeExponents;
  readonly #known: (Float64Array | undefined)[] = [];

  constructor(
    private readonly cancellations: TapeCancellations,
    exponentials: TapeExponentials,
    tape: Tape,
    private readonly numbers: Numbers,
  ) {
    this.#magnitudes = new TapeMagnitudes(cancellations, tape, numbers);
    this.#exponents = new TapeExponents(exponentials, tape, numbers);
  }

  /** By level: how far a table's number may be off. */
  table(at: number): Float64Array {
    this.#known[at] ??= this.#of(at);
    return this.#known[at];
  }

  #of(at: number): Float64Array {
    const sizes = this.cancellations.isIn(at) ? this.#magnitudes.table(at) : this.numbers.table(at);
    const exponents = this.#exponents.table(at);
    const lost = zeros(sizes.length);
    for (let i = 0; i < lost.length; i++) {
      const relative = exponents === null ? IN_NUMBERS : IN_NUMBERS + BY_EXPONENT * exponents[i];
      lost[i] = relative * Math.abs(sizes[i]);
    }
    return lost;
  }
}
