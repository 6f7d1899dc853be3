/** Means of operators in a sector's state in memory of WebAssembly: to the same bits as `meanOf` has them. */
import type { Numbers, Place } from '../machine/tape.js';
import type { BroughtTables } from './broughtTables.js';
import { Coefficients } from './coefficients.js';
import { type ExactEstimate, estimated } from './estimate.js';
import type { Functional, Unknowns } from './functional.js';
import type { FoundMeans } from './readingSteps.js';
import { putTerm, RECORD, type RunCode, type TermRecord } from './runRecords.js';

const NUMBER = 8;

/** Terms that there is room for, and so no more means, and sums of elements. */
const MOST_TERMS = 256;
/** A sum of elements, of their magnitudes, and of their errors. */
const SUMS = 3;

/** A state that means are read off. */
export interface HeldState extends Unknowns {
  /** What rounding takes from a term of a mean, relative to its magnitude. */
  readonly rounding: number;
}

/** Elements of a state from one on, site after site, each times the numbers of a place on the tape. */
export interface MeanTerm {
  readonly place: Place;
  /** Of the place's table. */
  readonly first: number;
  readonly count: number;
  /** The first element and its error, by their indices in vectors. */
  readonly element: number;
  readonly error: number;
  /** 0 where of the elements only the errors count. */
  readonly weight: 1 | -1 | 0;
}

/** Where the elements of a state are that a mean is of. */
interface TermLayout {
  termsOf(functional: Functional): readonly MeanTerm[];
}

/** The vectors of a state in memory. */
export interface StateVectors {
  readonly x: Float64Array;
  readonly errors: Float64Array;
  /** Bytes from one site to the next. */
  readonly step: number;
  /** The same unknown by unknown, and then the errors. */
  readonly columns: Float64Array;
}

export class SectorMeans implements FoundMeans {
  /** Memory that they take, in bytes. */
  static readonly bytes = MOST_TERMS * (2 * RECORD + (3 + SUMS) * NUMBER);

  /** Which of the means each is; null where there is no room for its terms, or there are none. */
  readonly #means = new Map<Functional, number | null>();
  /** Where the records of each mean begin, and what they need of each device. */
  readonly #begins: number[] = [];
  readonly #coefficients: Coefficients;
  #terms = 0;
  /** Which of the sums the elements of a term without a table have. */
  readonly #sums = new Map<string, number>();
  readonly #sumsAt: number;
  #sumsThere = 0;
  readonly results: Float64Array;
  /** How many of them are there for the state. */
  #there = 0;
  /** The state that is there; null while its vectors are used otherwise. */
  #held: HeldState | null = null;

  /** @param at where its memory begins */
  constructor(
    private readonly memory: DataView,
    private readonly at: number,
    private readonly vectors: StateVectors,
    tables: BroughtTables,
    private readonly code: RunCode,
  ) {
    const numbers = at + RECORD * MOST_TERMS;
    const scalars = new Float64Array(memory.buffer, numbers, MOST_TERMS);
    this.#coefficients = new Coefficients(tables, scalars);
    this.results = new Float64Array(memory.buffer, numbers + NUMBER * MOST_TERMS, 2 * MOST_TERMS);
    this.#sumsAt = this.results.byteOffset + this.results.byteLength;
  }

  /** The vectors have other numbers now. */
  forget(): void {
    this.#held = null;
  }

  /**
   * A mean of a state, and its error. With the first of them all are found that other states were asked for.
   * @param layout gives its terms where it is read for the first time
   * @returns null where there are no terms, or no room for them
   */
  mean(
    numbers: Numbers,
    state: HeldState,
    functional: Functional,
    layout: TermLayout,
  ): ExactEstimate | null {
    let place = this.#means.get(functional);
    if (place === undefined) {
      place = this.#placed(layout.termsOf(functional));
      this.#means.set(functional, place);
    }
    if (place === null) return null;
    this.hold(state);
    if (place >= this.#there) this.#findMeans(numbers, state.rounding);
    return estimated(this.results[2 * place], 0, this.results[2 * place + 1]);
  }

  /** The same of all that were asked for so far, in `results`. */
  of(numbers: Numbers, state: HeldState): this {
    this.hold(state);
    if (this.#there < this.#begins.length) this.#findMeans(numbers, state.rounding);
    return this;
  }

  placeOf(functional: Functional): number | null | undefined {
    return this.#means.get(functional);
  }

  /** Has the unknowns of a state there, each unknown's side by side. */
  hold(state: HeldState): void {
    if (state === this.#held) return;
    this.vectors.x.set(state.x);
    this.vectors.errors.set(state.errors);
    this.#turn();
    this.#held = state;
    this.#there = 0;
    this.#sumsThere = 0;
  }

  #turn(): void {
    const { x, errors, step, columns } = this.vectors;
    const { byteLength } = x;
    this.code.turn(x.byteOffset, columns.byteOffset, x.byteOffset + byteLength, step, step, 0);
    const to = columns.byteOffset + byteLength;
    this.code.turn(errors.byteOffset, to, errors.byteOffset + byteLength, step, step, 0);
  }

  /** Those that are not there yet. */
  #findMeans(numbers: Numbers, rounding: number): void {
    this.#coefficients.bring(numbers);
    if (this.#sumsThere < this.#sums.size) {
      const [first, end] = [this.#sumsThere, this.#sums.size].map((n) => this.#recordOfSum(n));
      this.code.elementSums(first, end, this.#sumOf(this.#sumsThere));
      this.#sumsThere = this.#sums.size;
    }
    const begin = this.#begins[this.#there];
    const out = this.results.byteOffset + 2 * NUMBER * this.#there;
    this.code.means(begin, this.#end, rounding, out);
    this.#there = this.#begins.length;
  }

  /** Where the next mean's records begin. */
  get #end(): number {
    return this.at + RECORD * this.#terms;
  }

  #placed(terms: readonly MeanTerm[]): number | null {
    if (terms.length === 0 || this.#terms + terms.length > MOST_TERMS) return null;
    const begin = this.#end;
    const coefficients = terms.map(({ place, first }) =>
      this.#coefficients.addressOf(place, first),
    );
    if (coefficients.includes(null)) return null;
    terms.forEach(({ place, count, element, error, weight }, k) => {
      const isTable = place.kind === 'table';
      const { elements } = this.columnsAt(element);
      const { errors } = this.columnsAt(error);
      putTerm(this.memory, begin + RECORD * k, {
        coefficient: coefficients[k] as number,
        isTable,
        count,
        elements: isTable ? elements : this.#placedSum({ count, elements, errors }),
        errors,
        weight,
        last: Number(k + 1 === terms.length),
      });
    });
    this.#terms += terms.length;
    return this.#begins.push(begin) - 1;
  }

  /** Where an unknown is in a state that is held, and its error, by its index in vectors. */
  columnsAt(index: number): { readonly elements: number; readonly errors: number } {
    const { x, step, columns } = this.vectors;
    const width = step / NUMBER;
    const place = (index % width) * (x.length / width) + Math.floor(index / width);
    const elements = columns.byteOffset + NUMBER * place;
    return { elements, errors: elements + x.byteLength };
  }

  #recordOfSum(n: number): number {
    return this.#sumsAt + RECORD * n;
  }

  #sumOf(n: number): number {
    return this.#recordOfSum(MOST_TERMS) + SUMS * NUMBER * n;
  }

  /** Where the sums of elements are: the same for all terms that have these. */
  #placedSum(of: Pick<TermRecord, 'count' | 'elements' | 'errors'>): number {
    const key = `${of.count} ${of.elements} ${of.errors}`;
    let known = this.#sums.get(key);
    if (known === undefined) {
      known = this.#sums.size;
      const one = { ...of, coefficient: 0, isTable: false, weight: 1, last: 1 } as const;
      putTerm(this.memory, this.#recordOfSum(known), one);
      this.#sums.set(key, known);
    }
    return this.#sumOf(known);
  }
}
