/** How every number of a tape changes with one parameter: the chain rule from the parameter to the numbers. */
import { zeros } from '../zeros.js';
import { MOST_ARGUMENTS, slopesOf } from './functionSlopes.js';
import type { Numbers, Tape } from './tape.js';
import type { ScalarStep, TableStep } from './tapeSteps.js';

/** xⁿ, n a whole number or a half, and its derivative. */
const power = (x: number, n: number): number => (n === 0.5 ? Math.sqrt(x) : x ** n);
const powerSlope = (x: number, n: number): number =>
  n === 1 ? 1 : n === 0.5 ? 0.5 / Math.sqrt(x) : n * x ** (n - 1);

/** Changes of factors and their powers: Σ over k of the k-th one's change times all the others. */
function productSlope(
  factors: readonly {
    readonly value: number;
    readonly change: number;
    readonly exponent: number;
  }[],
): number {
  let total = 0;
  factors.forEach(({ value, change, exponent }, k) => {
    // Where nothing depends on it there may be no derivative either.
    if (change === 0) return;
    let term = change * powerSlope(value, exponent);
    factors.forEach((other, j) => {
      if (j !== k) term *= power(other.value, other.exponent);
    });
    total += term;
  });
  return total;
}

export class TapeTangents {
  readonly #scalars = new Map<number, number>();
  readonly #tables = new Map<number, Float64Array>();

  /** @param numbers filled with those of the device, of a window of `size` levels from `lmin` on */
  constructor(
    private readonly tape: Tape,
    private readonly numbers: Numbers,
    private readonly lmin: number,
    private readonly size: number,
    private readonly parameter: string,
  ) {}

  /** Of a number without a level. */
  scalar(at: number): number {
    let found = this.#scalars.get(at);
    if (found === undefined) {
      found = this.#ofScalar(this.tape.steps.scalars[at]);
      this.#scalars.set(at, found);
    }
    return found;
  }

  /** Of a table. */
  table(at: number): Float64Array {
    let found = this.#tables.get(at);
    if (found === undefined) {
      found = this.#ofTable(this.tape.steps.tables[at]);
      this.#tables.set(at, found);
    }
    return found;
  }

  #ofScalar(step: ScalarStep): number {
    switch (step.kind) {
      case 'parameter':
        return step.name === this.parameter ? 1 : 0;
      case 'call': {
        const changes = step.of.map((at) => this.scalar(at));
        if (changes.every((change) => change === 0)) return 0;
        const slopes = new Float64Array(MOST_ARGUMENTS);
        const [a, b, c, d] = step.of.map((at) => this.numbers.scalar(at));
        slopesOf(step.name)(slopes, a, b, c, d);
        return changes.reduce(
          (sum, change, k) => (change === 0 ? sum : sum + change * slopes[k]),
          0,
        );
      }
      case 'sum':
        return step.terms.reduce(
          (sum, { coefficient, factors }) =>
            sum +
            coefficient *
              productSlope(
                factors.map(({ at, exponent }) => ({
                  value: this.numbers.scalar(at),
                  change: this.scalar(at),
                  exponent,
                })),
              ),
          0,
        );
    }
  }

  #ofTable(step: TableStep): Float64Array {
    const { size, lmin, numbers } = this;
    const out = zeros(size);
    if (step.kind === 'given') return out;
    if (step.kind === 'polynomial') {
      const changes = step.coefficients.map((at) => this.scalar(at));
      for (let i = 0; i < size; i++) {
        for (let n = changes.length - 1; n >= 0; n--) out[i] = out[i] * (lmin + i) + changes[n];
      }
      return out;
    }
    if (step.kind === 'sum') {
      for (const { factors } of step.terms) {
        const read = factors.map(({ at, exponent }) => ({
          values: numbers.table(at),
          changes: this.table(at),
          exponent,
        }));
        for (let i = 0; i < size; i++) {
          out[i] += productSlope(
            read.map(({ values, changes, exponent }) => ({
              value: values[i],
              change: changes[i],
              exponent,
            })),
          );
        }
      }
      return out;
    }
    const of = step.of.map(
      ({ kind, at }): readonly [(i: number) => number, (i: number) => number] => {
        if (kind === 'table') {
          const [values, changes] = [numbers.table(at), this.table(at)];
          return [(i) => values[i], (i) => changes[i]];
        }
        const [value, change] = [numbers.scalar(at), this.scalar(at)];
        return [() => value, () => change];
      },
    );
    const slopes = new Float64Array(MOST_ARGUMENTS);
    const derivatives = slopesOf(step.name);
    for (let i = 0; i < size; i++) {
      const read = of.map(([value, change]) => ({ value: value(i), change: change(i) }));
      if (read.every(({ change }) => change === 0)) continue;
      const [a, b, c, d] = read.map(({ value }) => value);
      derivatives(slopes, a, b, c, d);
      read.forEach(({ change }, k) => {
        if (change !== 0) out[i] += change * slopes[k];
      });
    }
    return out;
  }
}
