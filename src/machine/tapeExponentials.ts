/** Which numbers of a tape have exponentials in them, and so lose as many roundings as their exponents are large. */
import type { FunctionName } from './functions.js';
import type { Place, Tape } from './tape.js';

const EXPONENTIALS: ReadonlySet<FunctionName> = new Set([
  'exponential',
  'exponentialMinusOne',
  'ohmicEmission',
] as const);

export class TapeExponentials {
  readonly #scalars: (boolean | undefined)[] = [];
  readonly #tables: (boolean | undefined)[] = [];

  constructor(private readonly tape: Tape) {}

  readonly isIn = ({ kind, at }: Place): boolean =>
    kind === 'scalar' ? this.#isInScalar(at) : this.isInTable(at);

  isInTable(at: number): boolean {
    this.#tables[at] ??= this.#isInTableStep(at);
    return this.#tables[at];
  }

  #isInScalar(at: number): boolean {
    this.#scalars[at] ??= this.#isInScalarStep(at);
    return this.#scalars[at];
  }

  #isInScalarStep(at: number): boolean {
    const step = this.tape.steps.scalars[at];
    if (step.kind === 'parameter') return false;
    if (step.kind === 'call') {
      return EXPONENTIALS.has(step.name) || step.of.some((of) => this.#isInScalar(of));
    }
    return step.terms.some(({ factors }) => factors.some((of) => this.#isInScalar(of.at)));
  }

  #isInTableStep(at: number): boolean {
    const step = this.tape.steps.tables[at];
    if (step.kind === 'given') return false;
    if (step.kind === 'polynomial') return step.coefficients.some((of) => this.#isInScalar(of));
    if (step.kind === 'call') return EXPONENTIALS.has(step.name) || step.of.some(this.isIn);
    return step.terms.some(({ factors }) => factors.some((of) => this.isInTable(of.at)));
  }
}
