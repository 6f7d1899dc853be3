/** Which numbers of a tape have exponentials in them, and so lose as many roundings as their exponents are large. */
import { zeros } from '../zeros.js';
import type { FunctionName } from './functions.js';
import type { Numbers, Place, Tape } from './tape.js';
import type { TableStep } from './tapeSteps.js';

type Call = TableStep & { readonly kind: 'call' };

/** What rounding takes from a number by each exponent in it, in units of what it takes from one without. */
export const BY_EXPONENT = 0.5;

/** Beyond it e^−x is 0. */
export const LARGEST_EXPONENT = 746;

/** The exponent of a table. */
export interface Exponent {
  readonly of: Place;
  /** What it is times; null for nothing. */
  readonly times: Place | null;
  /** Whether it is an exponent below 0 alone. */
  readonly isBelow: boolean;
}

/** Functions of which the first argument is an exponent: where among the others that is which it is times. */
const EXPONENTS = new Map<FunctionName, { times: number | null; isBelow: boolean }>([
  ['exponential', { times: null, isBelow: false }],
  ['exponentialMinusOne', { times: null, isBelow: false }],
  // J(ω)(n(ω) + 1) falls with ω no faster than J; below 0 it is e^βω.
  ['ohmicEmission', { times: 1, isBelow: true }],
]);

export class TapeExponentials {
  readonly #calls: (readonly number[] | undefined)[] = [];

  constructor(private readonly tape: Tape) {}

  /** The tables with exponentials of a level that a table is made of, itself among them. */
  callsIn(at: number): readonly number[] {
    this.#calls[at] ??= [...new Set(this.#callsInStep(at))];
    return this.#calls[at];
  }

  #callsInStep(at: number): number[] {
    const step = this.tape.steps.tables[at];
    if (step.kind === 'sum') {
      return step.terms.flatMap(({ factors }) => factors.flatMap((of) => this.callsIn(of.at)));
    }
    // Numbers without a level have more digits than float64, and polynomials of them.
    if (step.kind !== 'call') return [];
    const inArguments = step.of.flatMap((of) => (of.kind === 'table' ? this.callsIn(of.at) : []));
    return EXPONENTS.has(step.name) ? [at, ...inArguments] : inArguments;
  }

  /** @param call one of the tables with exponentials */
  exponentOf(call: number): Exponent {
    const { name, of } = this.tape.steps.tables[call] as Call;
    const form = EXPONENTS.get(name);
    if (form === undefined) throw new Error(`no exponential: ${name}`);
    const { times, isBelow } = form;
    return { of: of[0], times: times === null ? null : of[times], isBelow };
  }
}

/** The exponents in the tables of one device. */
export class TapeExponents {
  readonly #known: (Float64Array | undefined)[] = [];
  readonly #ofCalls: (Float64Array | undefined)[] = [];

  constructor(
    private readonly exponentials: TapeExponentials,
    private readonly numbers: Numbers,
  ) {}

  /** By level: the largest exponent in a table's number; null where there are no exponentials. */
  table(at: number): Float64Array | null {
    const calls = this.exponentials.callsIn(at);
    if (calls.length === 0) return null;
    if (calls.length === 1) return this.#ofCall(calls[0]);
    let known = this.#known[at];
    if (known === undefined) {
      known = zeros(this.numbers.size);
      this.#known[at] = known;
      for (const call of calls) {
        const exponents = this.#ofCall(call);
        for (let i = 0; i < known.length; i++) {
          if (exponents[i] > known[i]) known[i] = exponents[i];
        }
      }
    }
    return known;
  }

  #ofCall(at: number): Float64Array {
    const known = this.#ofCalls[at];
    if (known !== undefined) return known;
    const { of, times, isBelow } = this.exponentials.exponentOf(at);
    const first = this.#values(of);
    const factors = times === null ? null : this.#values(times);
    const exponents = zeros(this.numbers.size);
    for (let i = 0; i < exponents.length; i++) {
      const x = isBelow && first[i] > 0 ? 0 : Math.abs(first[i]);
      const exponent = factors === null ? x : x * factors[i];
      exponents[i] = exponent < LARGEST_EXPONENT ? exponent : LARGEST_EXPONENT;
    }
    this.#ofCalls[at] = exponents;
    return exponents;
  }

  #values({ kind, at }: Place): Float64Array {
    if (kind === 'table') return this.numbers.table(at);
    return zeros(this.numbers.size).fill(this.numbers.scalar(at));
  }
}
