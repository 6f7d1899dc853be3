/**
 * What the tables of a tape are small differences of: rounding takes from them by that, not by what is left. Numbers
 * without a level and polynomials in l are computed with more digits, so that they lose none; sums of products do.
 */
import { zeros } from '../zeros.js';
import type { Numbers, Tape } from './tape.js';
import type { TableStep } from './tapeSteps.js';

type Sum = TableStep & { readonly kind: 'sum' };
type Call = TableStep & { readonly kind: 'call' };

/** By how much a function at most enlarges what its arguments lose, relative to itself. */
const ENLARGED = 2;
/** Of an argument that is 0 and should not be nothing is known. */
const UNKNOWN = 1 / Number.EPSILON;

/** Which tables of a tape may cancel. */
export class TapeCancellations {
  readonly #known: (boolean | undefined)[] = [];

  constructor(private readonly tape: Tape) {}

  isIn(at: number): boolean {
    this.#known[at] ??= this.#isInStep(this.tape.steps.tables[at]);
    return this.#known[at];
  }

  #isInStep(step: TableStep): boolean {
    if (step.kind === 'call') return step.of.some((of) => of.kind === 'table' && this.isIn(of.at));
    if (step.kind !== 'sum') return false;
    return (
      step.terms.length > 1 ||
      step.terms.some(({ factors }) => factors.some((f) => this.isIn(f.at)))
    );
  }
}

/** The magnitudes of one device's tables. */
export class TapeMagnitudes {
  readonly #known: (Float64Array | undefined)[] = [];

  constructor(
    private readonly cancellations: TapeCancellations,
    private readonly tape: Tape,
    private readonly numbers: Numbers,
  ) {}

  /** By level: the magnitude of a table's number where nothing cancels in it, and of what it is a difference of. */
  table(at: number): Float64Array {
    this.#known[at] ??= this.#of(at);
    return this.#known[at];
  }

  /** The largest magnitude of a table in units of what is left. */
  cancelled(at: number): number {
    if (!this.cancellations.isIn(at)) return 1;
    const values = this.numbers.table(at);
    let most = 1;
    this.table(at).forEach((magnitude, i) => {
      if (magnitude !== 0) most = Math.max(most, magnitude / Math.abs(values[i]));
    });
    return most;
  }

  #of(at: number): Float64Array {
    const values = this.numbers.table(at);
    const step = this.tape.steps.tables[at];
    if (this.cancellations.isIn(at)) {
      if (step.kind === 'sum') return this.#ofSum(step);
      if (step.kind === 'call') return this.#ofCall(step, values);
    }
    return values.map(Math.abs);
  }

  /** Σ of the magnitudes of products; of each |Π| and what its factors lose of it. */
  #ofSum({ terms }: Sum): Float64Array {
    const all = zeros(this.numbers.size);
    for (const { factors } of terms) {
      const product = zeros(all.length).fill(1);
      const lost = zeros(all.length);
      for (const { at, exponent } of factors) {
        const values = this.numbers.table(at);
        const magnitudes = this.table(at);
        for (let i = 0; i < all.length; i++) {
          const size = Math.abs(values[i]);
          const power = size ** exponent;
          const more = magnitudes[i] - size;
          const slope = more === 0 ? 0 : Math.abs(exponent) * size ** (exponent - 1) * more;
          lost[i] = lost[i] * power + product[i] * slope;
          product[i] *= power;
        }
      }
      for (let i = 0; i < all.length; i++) all[i] += product[i] + lost[i];
    }
    return all;
  }

  #ofCall({ of }: Call, values: Float64Array): Float64Array {
    return values.map((value, i) => {
      let more = 0;
      for (const { kind, at } of of) {
        if (kind === 'scalar' || !this.cancellations.isIn(at)) continue;
        const size = Math.abs(this.numbers.table(at)[i]);
        const magnitude = this.table(at)[i];
        if (magnitude > size) more += size === 0 ? UNKNOWN : magnitude / size - 1;
      }
      return Math.abs(value) * (1 + ENLARGED * more);
    });
  }
}
