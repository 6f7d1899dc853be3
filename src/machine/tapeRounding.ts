/** What rounding may have taken from the tables of one device, level by level. */
import { emptySlot } from '../slot.js';
import { zeros } from '../zeros.js';
import type { RoundingKernel } from './roundingKernel.js';
import { capacityOf, type Numbers, type Tape } from './tape.js';
import { BY_EXPONENT, TapeExponentials, TapeExponents } from './tapeExponentials.js';
import type { TapeKernel } from './tapeKernel.js';
import { TapeCancellations, TapeMagnitudes } from './tapeMagnitudes.js';

/** What rounding takes from a number, relative to itself or to what it is a difference of. */
export const IN_NUMBERS = 8 * Number.EPSILON;

/** Writes code for what rounding takes, where it is loaded. */
export const roundingCode = emptySlot<typeof import('./roundingKernel.js')>();

/** So many tables without code have it made; twice as many, made again; then four times as many … */
const TABLES_WITHOUT_KERNEL = 1000;

/** Code for the tables that were asked for, and how many have been computed without it. */
interface MadeCode {
  readonly wanted: Set<number>;
  kernel: RoundingKernel | null;
  without: number;
  allowed: number;
}

/** What the tables of a tape lose digits by, and code for how many. */
export class TapeLosses {
  readonly cancellations: TapeCancellations;
  readonly exponentials: TapeExponentials;
  readonly #made = new Map<number, MadeCode>();

  constructor(readonly tape: Tape) {
    this.cancellations = new TapeCancellations(tape);
    this.exponentials = new TapeExponentials(tape);
  }

  /** Whether a table loses more than a rounding of itself. */
  isIn(at: number): boolean {
    return this.cancellations.isIn(at) || this.exponentials.callsIn(at).length > 0;
  }

  /** Code on the memory where numbers are computed now; null where there is none. */
  kernelFor(numbers: Numbers): RoundingKernel | null {
    if (numbers.kernel === null) return null;
    const code = this.#codeFor(numbers.size);
    if (code.kernel !== null && code.kernel.beside !== numbers.kernel) {
      code.kernel = written(this, code.wanted, numbers.kernel, numbers.size);
    }
    return code.kernel;
  }

  /** Takes note that a table is computed without code, and has some made where that is time. */
  wants(at: number, numbers: Numbers): void {
    const code = this.#codeFor(numbers.size);
    code.wanted.add(at);
    if (numbers.kernel === null || ++code.without <= code.allowed) return;
    code.kernel = written(this, code.wanted, numbers.kernel, numbers.size);
    code.without = 0;
    code.allowed *= 2;
  }

  #codeFor(size: number): MadeCode {
    const most = capacityOf(size);
    let known = this.#made.get(most);
    if (known === undefined) {
      known = { wanted: new Set(), kernel: null, without: 0, allowed: TABLES_WITHOUT_KERNEL };
      this.#made.set(most, known);
    }
    return known;
  }
}

const written = (
  losses: TapeLosses,
  wanted: ReadonlySet<number>,
  beside: TapeKernel,
  size: number,
) => roundingCode.module?.RoundingKernel.on(beside, losses, [...wanted], capacityOf(size)) ?? null;

export class TapeRounding {
  readonly #magnitudes: TapeMagnitudes;
  readonly #exponents: TapeExponents;
  readonly #known: (Float64Array | undefined)[] = [];
  #kernel: RoundingKernel | null = null;

  constructor(
    readonly losses: TapeLosses,
    private readonly numbers: Numbers,
  ) {
    const { cancellations, exponentials, tape } = losses;
    this.#magnitudes = new TapeMagnitudes(cancellations, tape, numbers);
    this.#exponents = new TapeExponents(exponentials, numbers);
  }

  /** By level: how far a table's number may be off, in units of IN_NUMBERS; of either sign. */
  table(at: number): Float64Array {
    // The next device's are in the same arrays, so that these are not kept.
    if (!this.losses.isIn(at)) return this.numbers.table(at);
    const known = this.#known[at];
    if (known !== undefined) return known;
    const byCode = this.#code?.table(this, this.numbers, at);
    if (byCode) return byCode;
    const found = this.#of(at);
    this.#known[at] = found;
    this.losses.wants(at, this.numbers);
    return found;
  }

  /** The code that has computed what this device's tables lose; null where there is none. */
  byCode(): RoundingKernel | null {
    const code = this.#code;
    code?.run(this, this.numbers);
    return code;
  }

  get #code(): RoundingKernel | null {
    const { kernel } = this.numbers;
    if (this.#kernel?.beside !== kernel) this.#kernel = this.losses.kernelFor(this.numbers);
    return this.#kernel;
  }

  #of(at: number): Float64Array {
    const isCancelling = this.losses.cancellations.isIn(at);
    const sizes = isCancelling ? this.#magnitudes.table(at) : this.numbers.table(at);
    const exponents = this.#exponents.table(at);
    if (exponents === null) return sizes;
    const lost = zeros(sizes.length);
    for (let i = 0; i < lost.length; i++) lost[i] = sizes[i] * (1 + BY_EXPONENT * exponents[i]);
    return lost;
  }
}
