/**
 * The steps by which a number was read off states, as a tree: where a comparison comes out otherwise, other steps follow.
 * Another state's number is found along it, to the same bits, without looking for the best way again.
 */
import { type ExactEstimate, estimated } from './estimate.js';
import type { Functional, Representation } from './functional.js';

/** What is done, and, from `isLess` on, what is compared. */
const STEP = {
  ...{ read: 0, plus: 1, product: 2, minus: 3, floored: 4, end: 5 },
  ...{ isLess: 6, isLessWith: 7, isFloored: 8, isGood: 9, isEnough: 10 },
} as const;
type Step = keyof typeof STEP;

/** Of a step: its kind, and three places or numbers; of a comparison where it goes on if it holds, and if not. */
const WORDS = 6;
const [YES, NO] = [4, 5];
/** Not known yet: nothing leads to the first step. */
const UNKNOWN = 0;
/** More numbers are not kept on the way to one, nor more steps of a tree. */
const MOST = 1024;
const MOST_STEPS = 1 << 14;

/** Numbers of a state that code has found, each with its error after it. */
interface Found<Of> {
  readonly results: Float64Array;
  /** Which of them is asked for; undefined where it has not been asked for before, null where it cannot be had so. */
  placeOf(of: Of): number | null | undefined;
}

/** Means, by their operators. */
export type FoundMeans = Found<Functional>;

/** Flows across cuts, by the places of the means that they are. */
export type FoundCuts = Found<number>;

/** A state that is read in float64. */
export interface SteppedState {
  readonly good: number;
  readonly enough: number;
  readonly floor: number;
  rounded(at: number): number;
  /** Of what states were asked for so far; null where no code has them. */
  foundMeans(representation: Representation): FoundMeans | null;
  /** The same of flows across cuts, where states are read so. */
  foundCuts?(): FoundCuts | null;
}

/** What is read off a state itself, in the order of their numbers in steps. */
const SOURCES = ['eigen', 'bare', 'cuts'] as const;

type ReadNumber =
  | { readonly source: Representation; readonly of: Functional }
  | { readonly source: 'cuts'; readonly of: number };

/** Of a product in float64, whose own rounding is less than what its factor has lost. */
export const errorOfProduct = (factor: number, lost: number, high: number, error: number): number =>
  Math.abs(factor) * error + lost * Math.abs(high);

/** Whether a number's error is no larger than so, relative to it. */
export const isWithin = (high: number, error: number, relative: number): boolean =>
  error <= relative * Math.abs(high);

/** Writes steps down while a number is read, each once however often it is taken. */
export class StepsBeingTaken {
  readonly #places = new Map<ExactEstimate, number>();
  /** By what is done to which numbers, the place of the number that it makes. */
  readonly #taken = new Map<string, number>();
  #count = 1;

  /**
   * @param nothing 0 without an error
   * @param tree where they are written, behind those that are there
   */
  constructor(
    nothing: ExactEstimate,
    private readonly tree: StepWriter,
  ) {
    this.#places.set(nothing, 0);
  }

  #placeOf(estimate: ExactEstimate): number {
    const place = this.#places.get(estimate);
    if (place === undefined) throw new Error('a number that no step has made');
    return place;
  }

  #compare(step: Step, [a, b = 0, c = 0]: readonly number[], outcome: boolean): void {
    const key = `${step} ${a} ${b} ${c}`;
    if (this.#taken.has(key)) return;
    this.#taken.set(key, 0);
    this.tree.step([STEP[step], a, b, c], outcome ? YES : NO);
  }

  #made(estimate: ExactEstimate, step: Step, a: number, b = 0): void {
    const key = `${step} ${a} ${b}`;
    let place = this.#taken.get(key);
    if (place === undefined) {
      place = this.#count++;
      this.#taken.set(key, place);
      this.tree.step([STEP[step], a, b, place]);
    }
    this.#places.set(estimate, place);
  }

  read(made: ExactEstimate, number: ReadNumber): void {
    this.#made(made, 'read', this.tree.placeOf(number), SOURCES.indexOf(number.source));
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
    if (other === undefined) this.#compare('isLess', places, outcome);
    else this.#compare('isLessWith', [...places, this.#placeOf(other)], outcome);
  }

  /** That one has such an error, or has not. */
  is(what: 'isFloored' | 'isGood' | 'isEnough', outcome: boolean, one: ExactEstimate): void {
    this.#compare(what, [this.#placeOf(one)], outcome);
  }

  /** @param read what is found at last */
  end(read: ExactEstimate | null): void {
    this.tree.step([STEP.end, read === null ? -1 : this.#placeOf(read), 0, 0]);
    this.tree.end(this.#count <= MOST);
  }
}

/** Where steps are written. */
interface StepWriter {
  /** Which of the numbers that are read off states one is. */
  placeOf(number: ReadNumber): number;
  /** @param outcome of a comparison, by where it stands in a step */
  step(words: readonly number[], outcome?: number): void;
  /** @param isKept whether a later state may go this way */
  end(isKept: boolean): void;
}

/** What is found, step by step; the first one is nothing. */
const highs = new Float64Array(MOST);
const errors = new Float64Array(MOST);

export class ReadingSteps implements StepWriter {
  #words = new Int32Array(64 * WORDS);
  #length = 0;
  readonly #numbers: ReadNumber[] = [];
  readonly #isRead: Record<ReadNumber['source'], boolean> = {
    ...{ eigen: false, bare: false, cuts: false },
  };
  /** Whose places of what is read are known. */
  #eigen: FoundMeans | null = null;
  #bare: FoundMeans | null = null;
  #cuts: FoundCuts | null = null;
  /** −1 where one is not found. */
  #places = new Int32Array(0);
  #isPlaced = false;
  /** Of what is being written the next step, the end, and the word that will lead to all that is new. */
  #at = 0;
  #end = 0;
  #from = -1;

  /** Whether there is room for more. */
  get isOpen(): boolean {
    return this.#length < MOST_STEPS * WORDS;
  }

  /**
   * The number of another state; null where it is not known.
   * @returns undefined where no steps that are known lead to it
   */
  read(state: SteppedState): ExactEstimate | null | undefined {
    const eigen = this.#isRead.eigen ? state.foundMeans('eigen') : null;
    const bare = this.#isRead.bare ? state.foundMeans('bare') : null;
    const cuts = this.#isRead.cuts ? (state.foundCuts?.() ?? null) : null;
    const isSame = eigen === this.#eigen && bare === this.#bare && cuts === this.#cuts;
    if (!isSame || !this.#isPlaced) this.#place(eigen, bare, cuts);
    const result = this.#length === 0 ? undefined : this.#follow(state);
    if (result === undefined) return undefined;
    return result < 0 ? null : estimated(highs[result], 0, errors[result]);
  }

  #place(eigen: FoundMeans | null, bare: FoundMeans | null, cuts: FoundCuts | null): void {
    this.#eigen = eigen;
    this.#bare = bare;
    this.#cuts = cuts;
    this.#places = Int32Array.from(this.#numbers, ({ source, of }) => {
      const found =
        source === 'cuts' ? cuts?.placeOf(of) : (source === 'bare' ? bare : eigen)?.placeOf(of);
      return found ?? -1;
    });
    this.#isPlaced = true;
  }

  /** Takes steps to the end. @returns which number is the result; −1 for none, undefined where they are not known */
  #follow(state: SteppedState): number | undefined {
    const words = this.#words;
    const places = this.#places;
    const { good, enough, floor } = state;
    const eigen = this.#eigen?.results ?? highs;
    const bare = this.#bare?.results ?? highs;
    const cuts = this.#cuts?.results ?? highs;
    for (let n = 0; ; ) {
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
        n = words[n + (outcome ? YES : NO)];
        if (n === UNKNOWN) return undefined;
        continue;
      }
      if (step === STEP.read) {
        const results = b === 0 ? eigen : b === 1 ? bare : cuts;
        const place = 2 * places[a];
        if (place < 0) {
          // Once it is asked for it may have one.
          this.#isPlaced = false;
          return undefined;
        }
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
      } else return a;
      n += WORDS;
    }
  }

  /** Has steps written down from the first one on. */
  begin(): this {
    this.#at = 0;
    this.#end = this.#length;
    this.#from = -1;
    return this;
  }

  placeOf(number: ReadNumber): number {
    const { source, of } = number;
    const known = this.#numbers.findIndex((one) => one.source === source && one.of === of);
    if (known >= 0) return known;
    this.#isRead[source] = true;
    this.#isPlaced = false;
    return this.#numbers.push(number) - 1;
  }

  step(words: readonly number[], outcome?: number): void {
    const at = this.#at;
    if (at === this.#end) this.#append(words);
    this.#at = at + WORDS;
    if (outcome === undefined) return;
    const way = at + outcome;
    if (this.#words[way] === UNKNOWN) {
      if (at < this.#length) {
        this.#from = way;
        this.#at = this.#end;
      } else this.#words[way] = this.#at;
    } else this.#at = this.#words[way];
  }

  #append(words: readonly number[]): void {
    const at = this.#end;
    if (at === this.#words.length) {
      const longer = new Int32Array(2 * at);
      longer.set(this.#words);
      this.#words = longer;
    }
    this.#words.fill(UNKNOWN, at, at + WORDS);
    this.#words.set(words, at);
    this.#end = at + WORDS;
  }

  end(isKept: boolean): void {
    if (!isKept) return;
    if (this.#from >= 0) this.#words[this.#from] = this.#length;
    this.#length = this.#end;
  }
}

/** What a device's number has lost that is right to rounding. */
export const lostOf = (factor: number): number => Number.EPSILON * Math.abs(factor);

/** A flow that is 0 whatever the state has no error. */
export const isFloored = (error: number, floor: number): boolean => error !== 0 && floor !== 0;
