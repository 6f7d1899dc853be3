/** The chain rule from a tape's numbers without a level back to the parameters, laid out once for each tape. */
import { zeros } from '../zeros.js';
import { MOST_ARGUMENTS, slopesOf } from './functionSlopes.js';
import type { Numbers, Tape } from './tape.js';
import type { ScalarStep } from './tapeSteps.js';
import { varyingIn } from './varying.js';

const NOTHING = new Float64Array(0);

/** What rounding takes from a term. */
export const ROUNDING = 4 * Number.EPSILON;
/** What it takes from a derivative by a table on the way to numbers without a level, over as many as 16 steps. */
export const ALONG_TABLES = 16 * ROUNDING;

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

/** From a sum to a factor of one of its terms. */
interface Edge {
  readonly to: number;
  readonly coefficient: number;
  readonly exponent: number;
  /** The term's other factors. */
  readonly others: readonly { readonly at: number; readonly exponent: number }[];
}

interface Call {
  readonly step: ScalarStep & { readonly kind: 'call' };
  readonly edges: null;
}

type Way = Call | { readonly step: null; readonly edges: readonly Edge[] };

const ways = new WeakMap<Tape, Way[]>();

/** Of each number how it is made of those that vary; of parameters there is none. */
function waysIn(tape: Tape): readonly Way[] {
  let known = ways.get(tape);
  if (known === undefined) {
    known = [];
    ways.set(tape, known);
  }
  const { scalars } = tape.steps;
  const varying = varyingIn(tape).scalars;
  for (let at = known.length; at < scalars.length; at++) {
    const step = scalars[at];
    if (step.kind === 'call') known.push({ step, edges: null });
    else {
      const terms = step.kind === 'sum' ? step.terms : [];
      const edges = terms.flatMap(({ coefficient, factors }) =>
        factors.flatMap(({ at: to, exponent }, k) =>
          varying[to]
            ? [{ to, coefficient, exponent, others: factors.filter((_, j) => j !== k) }]
            : [],
        ),
      );
      known.push({ step: null, edges });
    }
  }
  return known;
}

/** Derivatives by the numbers without a level of a tape, each with its error and what a correction has changed. */
export class ScalarSlopes {
  #parts: Float64Array = NOTHING;

  constructor(
    private readonly tape: Tape,
    private readonly numbers: Numbers,
  ) {}

  /** Adds to the derivative by a number. */
  readonly add = (at: number, slope: number, error: number, correction: number): void => {
    if (3 * at >= this.#parts.length) this.#grow();
    const parts = this.#parts;
    parts[3 * at] += slope;
    parts[3 * at + 1] += error;
    parts[3 * at + 2] += correction;
  };

  #grow(): void {
    const length = 3 * this.tape.steps.scalars.length;
    if (this.#parts.length === length) return;
    const parts = zeros(length);
    parts.set(this.#parts);
    this.#parts = parts;
  }

  /** Calls with the derivative by each parameter that there is on the way; to be called once, in the end. */
  byParameter(
    take: (name: string, slope: number, error: number, correction: number) => void,
  ): void {
    const { scalars } = this.tape.steps;
    const all = waysIn(this.tape);
    this.#grow();
    const parts = this.#parts;
    for (let at = scalars.length - 1; at >= 0; at--) {
      const [slope, error, correction] = [parts[3 * at], parts[3 * at + 1], parts[3 * at + 2]];
      const step = scalars[at];
      if (step.kind === 'parameter') {
        if (slope !== 0 || error !== 0 || correction !== 0)
          take(step.name, slope, error, correction);
        continue;
      }
      // Where nothing depends on it there may be no derivative either.
      if (slope === 0) continue;
      const lost = error + ROUNDING * Math.abs(slope);
      const way = all[at];
      if (way.edges === null) this.#backCall(way.step, slope, lost, correction);
      else
        for (const edge of way.edges) {
          const by = this.#along(edge);
          this.add(edge.to, by * slope, Math.abs(by) * lost, by * correction);
        }
    }
  }

  #along({ to, coefficient, exponent, others }: Edge): number {
    const { numbers } = this;
    let by = exponent === 1 ? coefficient : coefficient * powerSlope(numbers.scalar(to), exponent);
    for (const other of others) by *= power(numbers.scalar(other.at), other.exponent);
    return by;
  }

  #backCall({ name, of }: Call['step'], slope: number, error: number, correction: number): void {
    const slopes = new Float64Array(MOST_ARGUMENTS);
    const [a, b, c, d] = of.map((at) => this.numbers.scalar(at));
    slopesOf(name)(slopes, a, b, c, d);
    of.forEach((at, k) => {
      const by = slopes[k];
      this.add(at, by * slope, Math.abs(by) * error, by * correction);
    });
  }
}
