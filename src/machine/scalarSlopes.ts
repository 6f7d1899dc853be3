/** The chain rule from a tape's numbers without a level back to the parameters, laid out once for each tape. */
import { zeros } from '../zeros.js';
import { MOST_ARGUMENTS, slopesOf } from './functionSlopes.js';
import type { Numbers, Tape } from './tape.js';
import type { ScalarStep, TableStep } from './tapeSteps.js';
import { type Varying, varyingIn } from './varying.js';

type Call = ScalarStep & { readonly kind: 'call' };

const NOTHING = new Float64Array(0);

/** Of one call at a time. */
const [OPERANDS, BY_OPERANDS] = [
  new Float64Array(MOST_ARGUMENTS),
  new Float64Array(MOST_ARGUMENTS),
];

/** What rounding takes from a term. */
export const ROUNDING = 4 * Number.EPSILON;
/** What it takes from a derivative by a table on the way to numbers without a level, over as many as 16 steps. */
export const ALONG_TABLES = 16 * ROUNDING;
/** By how much one case of what numbers may be off by may understate others. */
export const SAFETY = 8;

/** xⁿ, n a whole number or a half. */
export const power = (x: number, n: number): number =>
  n === 1 ? x : n === 2 ? x * x : n === 0.5 ? Math.sqrt(x) : n === -1 ? 1 / x : x ** n;
/** Its derivative. */
export const powerSlope = (x: number, n: number): number =>
  n === 1
    ? 1
    : n === 2
      ? 2 * x
      : n === 0.5
        ? 0.5 / Math.sqrt(x)
        : n === -1
          ? -1 / x / x
          : n * x ** (n - 1);

/** What code for the chain rule is made of. */
export interface SlopesSource {
  readonly tables: readonly TableStep[];
  readonly scalars: readonly ScalarStep[];
  readonly varying: Varying;
  /** The table that is the same function of the opposite first argument; null for none. */
  readonly mirrored: (at: number) => number | null;
}

/** A derivative and its error. */
export interface Parts<T> {
  readonly slope: T;
  readonly error: T;
}

/** A derivative on the way: where nothing depends on it there may be none. @param slope of what is read by it */
export const whereNeeded = (by: number, slope: number): number =>
  slope === 0 && !Number.isFinite(by) ? 0 : by;

/** Of a product the numbers and their powers from one place on to before another. */
type Factors = readonly { readonly at: number; readonly exponent: number }[];

/** From each number that is a sum to the factors of its terms, one way after another. */
class Ways {
  /** Of each number its first way; those of the next one follow. */
  readonly first: number[] = [];
  readonly to: number[] = [];
  readonly coefficient: number[] = [];
  readonly exponent: number[] = [];
  /** Of each way the first of the term's other factors. */
  readonly others: number[] = [];
  readonly otherAt: number[] = [];
  readonly otherExponent: number[] = [];

  constructor({ steps }: Tape, varying: readonly boolean[]) {
    for (const step of steps.scalars) {
      this.first.push(this.to.length);
      if (step.kind !== 'sum') continue;
      for (const { coefficient, factors } of step.terms) this.#add(coefficient, factors, varying);
    }
    this.first.push(this.to.length);
    this.others.push(this.otherAt.length);
  }

  #add(coefficient: number, factors: Factors, varying: readonly boolean[]): void {
    for (const factor of factors) {
      if (!varying[factor.at]) continue;
      this.to.push(factor.at);
      this.coefficient.push(coefficient);
      this.exponent.push(factor.exponent);
      this.others.push(this.otherAt.length);
      for (const other of factors) {
        if (other === factor) continue;
        this.otherAt.push(other.at);
        this.otherExponent.push(other.exponent);
      }
    }
  }
}

const known = new WeakMap<Tape, Ways>();

/** Found once for the numbers that the tape has now. */
function waysIn(tape: Tape): Ways {
  let found = known.get(tape);
  if (found === undefined || found.first.length <= tape.steps.scalars.length) {
    found = new Ways(tape, varyingIn(tape).scalars);
    known.set(tape, found);
  }
  return found;
}

/** Derivatives by the numbers without a level of a tape, each with its error. */
export class ScalarSlopes {
  #parts: Float64Array = NOTHING;
  /** The numbers themselves, each once it is needed; what is none is asked for again. */
  #values: Float64Array = NOTHING;

  constructor(
    private readonly tape: Tape,
    private readonly numbers: Numbers,
  ) {}

  /** Adds to the derivative by a number. */
  readonly add = (at: number, slope: number, error: number): void => {
    if (2 * at >= this.#parts.length) this.#grow();
    const parts = this.#parts;
    parts[2 * at] += slope;
    parts[2 * at + 1] += error;
  };

  /** Derivatives and their errors in turn; of numbers behind the last there are none. */
  get parts(): Float64Array {
    return this.#parts;
  }

  #grow(): void {
    const length = 2 * this.tape.steps.scalars.length;
    if (this.#parts.length === length) return;
    const parts = zeros(length);
    parts.set(this.#parts);
    this.#parts = parts;
  }

  /** Calls with the derivative by each parameter that there is on the way; to be called once, in the end. */
  byParameter(take: (name: string, slope: number, error: number) => void): void {
    const { scalars } = this.tape.steps;
    const ways = waysIn(this.tape);
    const { first, to } = ways;
    this.#grow();
    this.#values = zeros(scalars.length).fill(Number.NaN);
    const parts = this.#parts;
    for (let at = scalars.length - 1; at >= 0; at--) {
      const slope = parts[2 * at];
      const error = parts[2 * at + 1];
      const step = scalars[at];
      if (step.kind === 'parameter') {
        if (slope !== 0 || error !== 0) take(step.name, slope, error);
        continue;
      }
      // What cancels to the last digit may be off all the same.
      if (slope === 0 && error === 0) continue;
      const lost = error + ROUNDING * Math.abs(slope);
      if (step.kind === 'call') this.#backCall(step, slope, lost);
      else {
        for (let way = first[at]; way < first[at + 1]; way++) {
          const by = whereNeeded(this.#along(ways, way), slope);
          const place = 2 * to[way];
          parts[place] += by * slope;
          parts[place + 1] += Math.abs(by) * lost;
        }
      }
    }
  }

  #along(ways: Ways, way: number): number {
    const { to, coefficient, exponent, others, otherAt, otherExponent } = ways;
    const n = exponent[way];
    let by = coefficient[way];
    if (n !== 1) by *= powerSlope(this.#value(to[way]), n);
    const end = others[way + 1];
    for (let k = others[way]; k < end; k++) {
      const value = this.#value(otherAt[k]);
      by *= otherExponent[k] === 1 ? value : power(value, otherExponent[k]);
    }
    return by;
  }

  #value(at: number): number {
    const known = this.#values[at];
    if (!Number.isNaN(known)) return known;
    const value = this.numbers.scalar(at);
    this.#values[at] = value;
    return value;
  }

  #backCall({ name, of }: Call, slope: number, error: number): void {
    const operands = OPERANDS.fill(0);
    for (let k = 0; k < of.length; k++) operands[k] = this.#value(of[k]);
    const slopes = BY_OPERANDS.fill(0);
    slopesOf(name)(slopes, operands[0], operands[1], operands[2], operands[3]);
    for (let k = 0; k < of.length; k++) {
      const by = whereNeeded(slopes[k], slope);
      this.add(of[k], by * slope, Math.abs(by) * error);
    }
  }
}
