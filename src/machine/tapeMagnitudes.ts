/**
 * What the tables of a tape are small differences of: rounding takes from them by that, not by what is left. Numbers
 * without a level and polynomials in l are computed with more digits, so that they lose none; sums of products do.
 */
import { zeros } from '../zeros.js';
import { type Cancellations, ENLARGED, UNKNOWN } from './cancelled.js';
import { raised } from './powers.js';
import type { Numbers, Tape } from './tape.js';
import type { TableStep } from './tapeSteps.js';

type Sum = TableStep & { readonly kind: 'sum' };
type Call = TableStep & { readonly kind: 'call' };

/** Which tables of a tape may cancel. */
export class TapeCancellations implements Cancellations {
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
  /** Room for one term. */
  readonly #product: Float64Array;
  readonly #lost: Float64Array;

  constructor(
    private readonly cancellations: TapeCancellations,
    private readonly tape: Tape,
    private readonly numbers: Numbers,
  ) {
    this.#product = zeros(numbers.size);
    this.#lost = zeros(numbers.size);
  }

  /** By level: the magnitude of a table's number where nothing cancels in it, and of what it is a difference of. */
  table(at: number): Float64Array {
    this.#known[at] ??= this.#of(at);
    return this.#known[at];
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
    const { size } = this.numbers;
    // Before the first product is begun: they may need room for products of their own.
    for (const { factors } of terms) {
      for (const { at } of factors) if (this.cancellations.isIn(at)) this.table(at);
    }
    const all = zeros(size);
    const product = this.#product;
    const lost = this.#lost;
    for (const { factors } of terms) {
      const loses = factors.some(({ at }) => this.cancellations.isIn(at));
      product.fill(1);
      if (loses) lost.fill(0);
      for (const { at, exponent } of factors) {
        const values = this.numbers.table(at);
        const magnitudes = this.cancellations.isIn(at) ? this.table(at) : null;
        if (exponent !== 1) {
          for (let i = 0; i < size; i++) {
            const value = Math.abs(values[i]);
            const power = raised(value, exponent);
            if (loses) lost[i] *= power;
            const more = magnitudes === null ? 0 : magnitudes[i] - value;
            if (more !== 0) {
              lost[i] += product[i] * Math.abs(exponent) * raised(value, exponent - 1) * more;
            }
            product[i] *= power;
          }
        } else if (magnitudes !== null) {
          for (let i = 0; i < size; i++) {
            const value = Math.abs(values[i]);
            lost[i] = lost[i] * value + product[i] * (magnitudes[i] - value);
            product[i] *= value;
          }
        } else {
          for (let i = 0; i < size; i++) product[i] *= Math.abs(values[i]);
          if (loses) for (let i = 0; i < size; i++) lost[i] *= Math.abs(values[i]);
        }
      }
      for (let i = 0; i < size; i++) all[i] += product[i];
      if (loses) for (let i = 0; i < size; i++) all[i] += lost[i];
    }
    return all;
  }

  #ofCall({ of }: Call, values: Float64Array): Float64Array {
    const more = zeros(values.length);
    for (const { kind, at } of of) {
      if (kind === 'scalar' || !this.cancellations.isIn(at)) continue;
      const argument = this.numbers.table(at);
      const magnitudes = this.table(at);
      for (let i = 0; i < more.length; i++) {
        const size = Math.abs(argument[i]);
        if (magnitudes[i] > size) more[i] += size === 0 ? UNKNOWN : magnitudes[i] / size - 1;
      }
    }
    for (let i = 0; i < more.length; i++) more[i] = Math.abs(values[i]) * (1 + ENLARGED * more[i]);
    return more;
  }
}
