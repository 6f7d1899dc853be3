/**
 * How a number that was made of a tape's tables changes with every parameter at once: the chain rule from the number
 * back to the parameters, step by step. What cancels in an expression has cancelled before the tape was made, so that
 * nothing is lost here that was not lost in the numbers themselves.
 */
import { zeros } from '../zeros.js';
import { MOST_ARGUMENTS, slopesOf } from './functionSlopes.js';
import type { Numbers, Tape } from './tape.js';
import type { Place, ProductOfTables, ScalarStep, TableStep } from './tapeSteps.js';
import { type Varying, varyingIn } from './varying.js';

/** What rounding takes from a term. */
const ROUNDING = 4 * Number.EPSILON;
/** By how much what a correction has changed may understate what is left. */
const SAFETY = 8;

/** A derivative and about how far it may be off. */
export interface Slope {
  readonly value: number;
  readonly error: number;
}

/** Derivatives by a table's numbers. */
export interface TableSlopes {
  readonly slope: Float64Array;
  /** How far each may be off by rounding. */
  readonly error: Float64Array;
  /** What a correction of solutions has changed in each, with its sign. */
  readonly correction: Float64Array;
}

/** xⁿ, n a whole number or a half. */
const power = (x: number, n: number): number => (n === 1 ? x : n === 0.5 ? Math.sqrt(x) : x ** n);
/** Its derivative. */
const powerSlope = (x: number, n: number): number =>
  n === 1 ? 1 : n === 0.5 ? 0.5 / Math.sqrt(x) : n * x ** (n - 1);

export class TapeSlopes {
  readonly #tables: (TableSlopes | undefined)[] = [];
  readonly #scalars: number[] = [];
  readonly #errors: number[] = [];
  readonly #corrections: number[] = [];
  /** Derivatives of one step by each of its arguments, by level. */
  readonly #by: readonly Float64Array[];
  #varying: Varying = { scalars: [], tables: [] };

  /** @param numbers filled with those of the device, of a window of `size` levels from `lmin` on */
  constructor(
    private readonly tape: Tape,
    private readonly numbers: Numbers,
    private readonly lmin: number,
    private readonly size: number,
  ) {
    this.#by = Array.from({ length: MOST_ARGUMENTS }, () => zeros(size));
  }

  /** Of a table, to add to. */
  table(at: number): TableSlopes {
    this.#tables[at] ??= {
      slope: zeros(this.size),
      error: zeros(this.size),
      correction: zeros(this.size),
    };
    return this.#tables[at];
  }

  /** Adds to the derivative by a number without a level. */
  addScalar(at: number, slope: number, error = 0, correction = 0): void {
    this.#scalars[at] = (this.#scalars[at] ?? 0) + slope;
    this.#errors[at] = (this.#errors[at] ?? 0) + error;
    this.#corrections[at] = (this.#corrections[at] ?? 0) + correction;
  }

  /** Adds to the derivative by a number at one level. */
  add(place: Place, i: number, slope: number, error: number): void {
    if (place.kind === 'scalar') {
      this.addScalar(place.at, slope, error);
      return;
    }
    const table = this.table(place.at);
    table.slope[i] += slope;
    table.error[i] += error;
  }

  /** The derivatives by every parameter that there is on the way; to be called once, in the end. */
  byParameter(): Map<string, Slope> {
    const { scalars, tables } = this.tape.steps;
    const varying = varyingIn(this.tape);
    this.#varying = varying;
    for (let at = tables.length - 1; at >= 0; at--) {
      const found = this.#tables[at];
      if (found !== undefined && varying.tables[at]) this.#backTable(tables[at], found);
    }
    const result = new Map<string, Slope>();
    for (let at = scalars.length - 1; at >= 0; at--) {
      const value = this.#scalars[at];
      if (value === undefined) continue;
      const step = scalars[at];
      if (step.kind === 'parameter') {
        const error = this.#errors[at] + SAFETY * Math.abs(this.#corrections[at]);
        result.set(step.name, { value, error });
      } else this.#backScalar(step, at);
    }
    return result;
  }

  #backScalar(step: ScalarStep, from: number): void {
    const [slope, error, correction] = [
      this.#scalars[from],
      this.#errors[from] + ROUNDING * Math.abs(this.#scalars[from]),
      this.#corrections[from],
    ];
    // Where nothing depends on it there may be no derivative either.
    if (slope === 0) return;
    const through = (at: number, by: number) =>
      this.addScalar(at, by * slope, Math.abs(by) * error, by * correction);
    if (step.kind === 'call') {
      const slopes = new Float64Array(MOST_ARGUMENTS);
      const [a, b, c, d] = step.of.map((at) => this.numbers.scalar(at));
      slopesOf(step.name)(slopes, a, b, c, d);
      step.of.forEach((at, k) => {
        through(at, slopes[k]);
      });
    } else if (step.kind === 'sum') {
      for (const { coefficient, factors } of step.terms) {
        factors.forEach(({ at, exponent }, k) => {
          let by = coefficient * powerSlope(this.numbers.scalar(at), exponent);
          factors.forEach((other, j) => {
            if (j !== k) by *= power(this.numbers.scalar(other.at), other.exponent);
          });
          through(at, by);
        });
      }
    }
  }

  #backTable(step: TableStep, found: TableSlopes): void {
    const { slope, error } = found;
    for (let i = 0; i < slope.length; i++) error[i] += ROUNDING * Math.abs(slope[i]);
    if (step.kind === 'polynomial') this.#backPolynomial(step.coefficients, found);
    else if (step.kind === 'call') this.#backCall(step, found);
    else if (step.kind === 'sum') for (const term of step.terms) this.#backProduct(term, found);
  }

  #backPolynomial(coefficients: readonly number[], found: TableSlopes): void {
    const powers = this.#by[0].fill(1);
    coefficients.forEach((at, n) => {
      if (n > 0) for (let i = 0; i < powers.length; i++) powers[i] *= this.lmin + i;
      if (this.#varying.scalars[at]) this.#sum(at, powers, found);
    });
  }

  #backCall({ name, of }: TableStep & { kind: 'call' }, found: TableSlopes): void {
    const { size } = this;
    const slopes = new Float64Array(MOST_ARGUMENTS);
    const derivatives = slopesOf(name);
    const [a, b, c, d] = of.map(({ kind, at }) =>
      kind === 'table' ? this.numbers.table(at) : null,
    );
    const [a0, b0, c0, d0] = of.map(({ kind, at }) =>
      kind === 'scalar' ? this.numbers.scalar(at) : 0,
    );
    const by = this.#by;
    const { slope } = found;
    for (let i = 0; i < size; i++) {
      // Where nothing depends on it there may be no derivative either.
      if (slope[i] === 0) slopes.fill(0);
      else derivatives(slopes, a ? a[i] : a0, b ? b[i] : b0, c ? c[i] : c0, d ? d[i] : d0);
      for (let k = 0; k < of.length; k++) by[k][i] = slopes[k];
    }
    of.forEach(({ kind, at }, k) => {
      if (kind === 'table') {
        if (this.#varying.tables[at]) this.#pass(at, by[k], found);
      } else if (this.#varying.scalars[at]) this.#sum(at, by[k], found);
    });
  }

  #backProduct({ factors }: ProductOfTables, found: TableSlopes): void {
    for (let k = 0; k < factors.length; k++) {
      const { at } = factors[k];
      if (this.#varying.tables[at]) this.#pass(at, this.#byFactor(factors, k, found), found);
    }
  }

  /** The derivatives of a product by one of its factors; null where they are 1. */
  #byFactor(
    factors: ProductOfTables['factors'],
    k: number,
    { slope }: TableSlopes,
  ): Float64Array | null {
    let by: Float64Array | null = null;
    let isOwn = false;
    for (let j = 0; j < factors.length; j++) {
      const { at, exponent } = factors[j];
      if (j === k && exponent === 1) continue;
      const x = this.numbers.table(at);
      if (by === null && j !== k && exponent === 1) {
        by = x;
        continue;
      }
      const out = this.#by[0];
      if (!isOwn) {
        if (by === null) out.fill(1);
        else out.set(by);
        isOwn = true;
        by = out;
      }
      if (j === k) multiplyBySlope(out, x, exponent, slope);
      else multiplyByPower(out, x, exponent);
    }
    return by;
  }

  /** To a number without a level, by the derivatives at each. */
  #sum(at: number, by: Float64Array, { slope, error, correction }: TableSlopes): void {
    let [total, lost, corrected] = [0, 0, 0];
    for (let i = 0; i < by.length; i++) {
      total += by[i] * slope[i];
      lost += Math.abs(by[i]) * error[i];
      corrected += by[i] * correction[i];
    }
    this.addScalar(at, total, lost, corrected);
  }

  /** To a table, level by level. @param by the derivatives; null where they are 1 */
  #pass(at: number, by: Float64Array | null, { slope, error, correction }: TableSlopes): void {
    const back = this.table(at);
    const [toSlope, toError, toCorrection] = [back.slope, back.error, back.correction];
    if (by === null) {
      for (let i = 0; i < slope.length; i++) {
        toSlope[i] += slope[i];
        toError[i] += error[i];
        toCorrection[i] += correction[i];
      }
      return;
    }
    for (let i = 0; i < slope.length; i++) {
      toSlope[i] += by[i] * slope[i];
      toError[i] += Math.abs(by[i]) * error[i];
      toCorrection[i] += by[i] * correction[i];
    }
  }
}

/** x ← x yⁿ, number by number. */
function multiplyByPower(x: Float64Array, y: Float64Array, n: number): void {
  if (n === 1) for (let i = 0; i < x.length; i++) x[i] *= y[i];
  else if (n === 2) for (let i = 0; i < x.length; i++) x[i] *= y[i] * y[i];
  else for (let i = 0; i < x.length; i++) x[i] *= power(y[i], n);
}

/** x ← x dyⁿ/dy. Where nothing depends on it there may be no derivative either. */
function multiplyBySlope(x: Float64Array, y: Float64Array, n: number, slope: Float64Array): void {
  if (n === 2) for (let i = 0; i < x.length; i++) x[i] *= 2 * y[i];
  else for (let i = 0; i < x.length; i++) x[i] = slope[i] === 0 ? 0 : x[i] * powerSlope(y[i], n);
}
