/**
 * The steps by which a number was read off one state, with the comparisons that led there. Where these come out as they
 * did, another state's number is found by the same steps, to the same bits, without looking for the best way again.
 */
import { type ExactEstimate, estimated } from './estimate.js';
import type { Functional, Representation } from './functional.js';

/** What is done, and, from `isLess` on, what has to come out as it did. */
const STEP = {
  ...{ mean: 0, plus: 1, product: 2, minus: 3, floored: 4 },
  ...{ isLess: 5, isLessWith: 6, isFloored: 7, isGood: 8, isEnough: 9 },
} as const;
type Step = keyof typeof STEP;

/** Of a step: its kind, three places or numbers, and what came out. */
const WORDS = 5;
/** More numbers are not kept. */
const MOST = 256;

/** Means that code has found, each with its error after it. */
export interface FoundMeans {
  readonly results: Float64Array;
  /** Which of them is an operator's; undefined where it has not been asked for, null where it cannot be had so. */
  placeOf(functional: Functional): number | null | undefined;
}

/** A state that is read in float64. */
export interface SteppedState {
  readonly good: number;
  readonly enough: number;
  readonly floor: number;
  rounded(at: number): number;
  /** Of what states were asked for so far; null where no code has them. */
  foundMeans(representation: Representation): FoundMeans | null;
}

interface ReadMean {
  readonly functional: Functional;
  readonly representation: Representation;
}

/** Of a product in float64, whose own rounding is less than what its factor has lost. */
export const errorOfProduct = (factor: number, lost: number, high: number, error: number): number =>
  Math.abs(factor) * error + lost * Math.abs(high);

/** Whether a number's error is no larger than so, relative to it. */
export const isWithin = (high: number, error: number, relative: number): boolean =>
  error <= relative * Math.abs(high);

/** Writes steps down while a number is read. */
export class StepsBeingTaken {
  readonly #places = new Map<ExactEstimate, number>();
  readonly #words: number[] = [];
  readonly #means: ReadMean[] = [];
  #count = 1;

  /** @param nothing 0 without an error */
  constructor(nothing: ExactEstimate) {
    this.#places.set(nothing, 0);
  }

  #placeOf(estimate: ExactEstimate): number {
    const place = this.#places.get(estimate);
    if (place === undefined) throw new Error('a number that no step has made');
    return place;
  }

  #write(step: Step, [a, b = 0, c = 0]: readonly number[], outcome = false): void {
    this.#words.push(STEP[step], a, b, c, Number(outcome));
  }

  #made(estimate: ExactEstimate, step: Step, a: number, b = 0): void {
    this.#write(step, [a, b, this.#count]);
    this.#places.set(estimate, this.#count++);
  }

  mean(made: ExactEstimate, functional: Functional, representation: Representation): void {
    const which = Number(representation === 'bare');
    this.#made(made, 'mean', this.#means.push({ functional, representation }) - 1, which);
  }

  plus(made: ExactEstimate, a: ExactEstimate, b: ExactEstimate): void {
    this.#made(made, 'plus', this.#placeOf(a), this.#placeOf(b));
  }

  /** @param at the place of a number of the device */
  product(made: ExactEstimate, at: number, a: ExactEstimate): void {
    this.#made(made, 'product', this.#placeOf(a), at);
  }

  minus(made: ExactEstimate, a: ExactEstimate): void {
    this.#made(made, 'minus', this.#placeOf(a));
  }

  floored(made: ExactEstimate, a: ExactEstimate): void {
    this.#made(made, 'floored', this.#placeOf(a));
  }

  /** That the error of one, with that of another, is less than a third one's, or is not. */
  isLess(outcome: boolean, one: ExactEstimate, than: ExactEstimate, other?: ExactEstimate): void {
    const places = [one, than].map((estimate) => this.#placeOf(estimate));
    if (other === undefined) this.#write('isLess', places, outcome);
    else this.#write('isLessWith', [...places, this.#placeOf(other)], outcome);
  }

  /** That one has such an error, or has not. */
  is(what: 'isFloored' | 'isGood' | 'isEnough', outcome: boolean, one: ExactEstimate): void {
    this.#write(what, [this.#placeOf(one)], outcome);
  }

  /** @param read what is found at last */
  end(read: ExactEstimate | null): ReadingSteps | null {
    if (this.#count > MOST) return null;
    const result = read === null ? null : this.#placeOf(read);
    return new ReadingSteps(Int32Array.from(this.#words), this.#means, result);
  }
}

/** What is found, step by step; the first one is nothing. */
const highs = new Float64Array(MOST);
const errors = new Float64Array(MOST);

export class ReadingSteps {
  /** Whose places of means are known. */
  #eigen: FoundMeans | null = null;
  #bare: FoundMeans | null = null;
  /** Fewer than there are means where some are not found. */
  #places = new Int32Array(0);
  readonly #isRead: Readonly<Record<Representation, boolean>>;

  constructor(
    private readonly words: Int32Array,
    private readonly means: readonly ReadMean[],
    private readonly result: number | null,
  ) {
    const reads = (one: Representation) =>
      means.some(({ representation }) => representation === one);
    this.#isRead = { eigen: reads('eigen'), bare: reads('bare') };
  }

  /**
   * The number of another state; null where it is not known.
   * @returns undefined where it is not found by these steps
   */
  read(state: SteppedState): ExactEstimate | null | undefined {
    const eigen = this.#isRead.eigen ? state.foundMeans('eigen') : null;
    const bare = this.#isRead.bare ? state.foundMeans('bare') : null;
    if (eigen !== this.#eigen || bare !== this.#bare) this.#place(eigen, bare);
    if (this.#places.length < this.means.length || !this.#lead(state)) return undefined;
    return this.result === null ? null : estimated(highs[this.result], 0, errors[this.result]);
  }

  #place(eigen: FoundMeans | null, bare: FoundMeans | null): void {
    this.#eigen = eigen;
    this.#bare = bare;
    const places = this.means.map(({ functional, representation }) =>
      (representation === 'bare' ? bare : eigen)?.placeOf(functional),
    );
    this.#places = Int32Array.from(places.filter((place) => typeof place === 'number'));
  }

  /** Takes the steps as far as they lead. @returns whether that is to the end */
  #lead(state: SteppedState): boolean {
    const { words } = this;
    const { good, enough, floor } = state;
    const eigen = this.#eigen?.results ?? highs;
    const bare = this.#bare?.results ?? highs;
    for (let n = 0; n < words.length; n += WORDS) {
      const a = words[n + 1];
      const b = words[n + 2];
      const c = words[n + 3];
      const step = words[n];
      if (step >= STEP.isLess) {
        let outcome: boolean;
        if (step === STEP.isLess) outcome = errors[a] < errors[b];
        else if (step === STEP.isLessWith) outcome = errors[a] + errors[c] < errors[b];
        else if (step === STEP.isFloored) outcome = isFloored(errors[a], floor);
        else outcome = isWithin(highs[a], errors[a], step === STEP.isGood ? good : enough);
        if (outcome !== (words[n + 4] === 1)) return false;
      } else if (step === STEP.mean) {
        const results = b === 0 ? eigen : bare;
        const place = 2 * this.#places[a];
        highs[c] = results[place];
        errors[c] = results[place + 1];
      } else if (step === STEP.plus) {
        highs[c] = highs[a] + highs[b];
        errors[c] = errors[a] + errors[b];
      } else if (step === STEP.product) {
        const factor = state.rounded(b);
        highs[c] = factor * highs[a];
        errors[c] = errorOfProduct(factor, lostOf(factor), highs[a], errors[a]);
      } else if (step === STEP.minus) {
        highs[c] = -highs[a];
        errors[c] = errors[a];
      } else if (step === STEP.floored) {
        highs[c] = highs[a];
        errors[c] = errors[a] + floor;
      }
    }
    return true;
  }
}

/** What a device's number has lost that is right to rounding. */
export const lostOf = (factor: number): number => Number.EPSILON * Math.abs(factor);

/** A flow that is 0 whatever the state has no error. */
export const isFloored = (error: number, floor: number): boolean => error !== 0 && floor !== 0;
