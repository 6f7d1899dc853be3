/** What rounding may have taken from the tables of one device, level by level. */
import { zeros } from '../zeros.js';
import type { Numbers, Tape } from './tape.js';
import { type TapeExponentials, TapeExponents } from './tapeExponentials.js';
import { type TapeCancellations, TapeMagnitudes } from './tapeMagnitudes.js';

/**
 * What rounding takes from a number, relative to itself or to what it is a difference of, and from one with
 * exponentials by each exponent in units of that.
 */
export const IN_NUMBERS = 8 * Number.EPSILON;
const BY_EXPONENT = 0.5;

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

  /** By level: how far a table's number may be off, in units of IN_NUMBERS; of either sign. */
  table(at: number): Float64Array {
    const known = this.#known[at];
    if (known !== undefined) return known;
    // The next device's are in the same arrays, so that these are not kept.
    const sizes = this.cancellations.isIn(at) ? this.#magnitudes.table(at) : this.numbers.table(at);
    const exponents = this.#exponents.table(at);
    if (exponents === null) return sizes;
    const lost = zeros(sizes.length);
    for (let i = 0; i < lost.length; i++) lost[i] = sizes[i] * (1 + BY_EXPONENT * exponents[i]);
    this.#known[at] = lost;
    return lost;
  }
}
