/** What is read off a state in one precision, and the arithmetic of such numbers with their errors. */
import { bounds } from '../machine/range.js';
import type { Numbers } from '../machine/tape.js';
import { add, multiply } from '../numbers/doubleDouble.js';
import {
  type Combination,
  type Estimate,
  type ExactEstimate,
  estimated,
  roundedEstimate,
} from './estimate.js';
import type { ElementReader, Functional, Representation } from './functional.js';

/** What rounding takes from a term of a sum, relative to its magnitude, where its coefficient has no exponentials. */
export const ROUNDING = 4 * Number.EPSILON;

/** Tr[Xρ], and its error. @param rounding what it takes from a term, relative to its magnitude */
export function meanOf(
  functional: Functional,
  numbers: Numbers,
  state: ElementReader,
  rounding: number,
): ExactEstimate {
  let high = 0;
  let error = 0;
  for (const { ket, bra, apart, range, re, im } of functional) {
    const elements = state.read(ket, bra, apart);
    if (elements === null) continue;
    const [begin, end] = bounds(range, state.window.size);
    for (let k = 0; k < 2; k++) {
      const place = k === 0 ? re : im;
      const part = k === 0 ? elements.re : elements.im;
      if (place === null) continue;
      const x = part ?? elements.re;
      const dx = (k === 1 ? elements.imError : null) ?? elements.error;
      const weight = part === null ? 0 : k === 0 ? 1 : -1;
      const table = place.kind === 'table' ? numbers.table(place.at) : null;
      // Every other number has a sum of its own: an addition does not wait for the one before.
      let sum = 0;
      let magnitude = 0;
      let lost = 0;
      let otherSum = 0;
      let otherMagnitude = 0;
      let otherLost = 0;
      for (let i = begin; i < end; i++) {
        const term = table === null ? x[i] : table[i] * x[i];
        const uncertain = table === null ? dx[i] : Math.abs(table[i]) * dx[i];
        const nextSum = sum + term;
        const nextMagnitude = magnitude + Math.abs(term);
        const nextLost = lost + uncertain;
        sum = otherSum;
        magnitude = otherMagnitude;
        lost = otherLost;
        otherSum = nextSum;
        otherMagnitude = nextMagnitude;
        otherLost = nextLost;
      }
      sum += otherSum;
      magnitude += otherMagnitude;
      lost += otherLost;
      if (place.kind === 'scalar') {
        const u = numbers.scalar(place.at);
        sum *= u;
        magnitude *= Math.abs(u);
        lost *= Math.abs(u);
      }
      high += weight * sum;
      error += rounding * Math.abs(weight) * magnitude + lost;
    }
  }
  return estimated(high, 0, error);
}

/** What a state is read with. */
export interface ReadingRules {
  /** A number of the device, by its place on the tape. */
  readonly number: (at: number) => ExactEstimate;
  /** The same in float64, right to rounding; undefined where it may have more digits. */
  readonly rounded?: ((at: number) => number) | undefined;
  /** Tr[Xρ], and its error. */
  readonly mean: (functional: Functional, representation: Representation) => ExactEstimate;
  /** The relative error that is good enough for no other way to be tried. */
  readonly good: number;
  /** The one that is good enough for no more digits to be asked for. */
  readonly enough: number;
  /** Whether its numbers have more digits than float64. */
  readonly isExact: boolean;
  /** What any flow may be off by because populations are, in units of energy by time. */
  readonly floor: number;
  /**
   * What a number may be off by because the state is, told as well as is needed for it to be tolerated; null where that
   * is part of errors of means.
   */
  readonly lostOf: ((made: Combination, tolerated: number) => number) | null;
}

/** Room for what is found of a state: flows by their places and depths, and means of operators by theirs. */
export interface FoundNumbers {
  readonly known: (ExactEstimate | null | undefined)[];
  readonly read: (ExactEstimate | undefined)[];
}

/** The same, where most states are read without flows over balances. */
export class RoomForNumbers implements FoundNumbers {
  readonly read: FoundNumbers['read'];
  #known: FoundNumbers['known'] | undefined;

  /** @param flows, means how many there may be */
  constructor(
    private readonly flows: number,
    means: number,
  ) {
    this.read = new Array(means);
  }

  get known(): FoundNumbers['known'] {
    this.#known ??= new Array(this.flows);
    return this.#known;
  }
}

/** What is read off one state in one precision. */
export class StateReader implements ReadingRules {
  readonly number: ReadingRules['number'];
  readonly rounded: ReadingRules['rounded'] | undefined;
  readonly mean: ReadingRules['mean'];
  readonly good: number;
  readonly enough: number;
  readonly isExact: boolean;
  readonly floor: number;
  readonly lostOf: ReadingRules['lostOf'];
  readonly read: FoundNumbers['read'];

  constructor(
    rules: ReadingRules,
    private readonly room: FoundNumbers,
  ) {
    this.number = rules.number;
    this.rounded = rules.rounded;
    this.mean = rules.mean;
    this.good = rules.good;
    this.enough = rules.enough;
    this.isExact = rules.isExact;
    this.floor = rules.floor;
    this.lostOf = rules.lostOf;
    this.read = room.read;
  }

  get known(): FoundNumbers['known'] {
    return this.room.known;
  }
}

/** Reads a state; null where it cannot be read so. */
export type Reader = () => StateReader | null;

const isWithin = (estimate: ExactEstimate | null, relative: number): boolean =>
  estimate !== null && estimate.error <= relative * Math.abs(estimate.high);

export const isGood = (estimate: ExactEstimate | null, { good }: StateReader): boolean =>
  isWithin(estimate, good);

/**
 * Whether a number that is asked for has its digits, so that no other way to it needs to be tried. What its parts need
 * is more; so do they where what is lost of the state comes on top.
 */
export function isEnough(estimate: ExactEstimate | null, state: StateReader): boolean {
  if (isGood(estimate, state)) return true;
  return state.lostOf === null && isWithin(withFloor(estimate, state), state.enough);
}

/** A number by one reader after another, until it has its digits. */
export function best(
  readers: readonly Reader[],
  read: (state: StateReader) => ExactEstimate | null,
): Estimate | null {
  let found: ExactEstimate | null = null;
  for (const reader of readers) {
    const state = reader();
    if (state === null) continue;
    const next = withLost(read(state), state);
    found = found === null ? next : refined(found, next);
    if (found === null || isWithin(found, state.enough)) break;
  }
  return found && roundedEstimate(found);
}

/** A number read once more: its error is no larger than that of the first with what they are apart. */
function refined(first: ExactEstimate, second: ExactEstimate | null): ExactEstimate {
  if (second === null) return first;
  const error = Math.min(second.error, first.error + Math.abs(second.high - first.high));
  return error <= 2 * first.error ? estimated(second.high, second.low, error, second.made) : first;
}

const lessSure = (a: ExactEstimate, error: number): ExactEstimate =>
  estimated(a.high, a.low, a.error + error, a.made);

function withLost(a: ExactEstimate | null, state: StateReader): ExactEstimate | null {
  const { lostOf, enough } = state;
  const made = a?.made ?? null;
  if (a === null || made === null || lostOf === null) return a;
  return lessSure(a, lostOf(made, enough * Math.abs(a.high) - a.error));
}

export const NOTHING = estimated(0, 0, 0);

const sumOf = (a: Combination | null, b: Combination | null): Combination | null =>
  a === null || b === null ? (a ?? b) : { kind: 'sum', of: [a, b] };

const multiple = (factor: number, of: Combination | null): Combination | null =>
  of && { kind: 'product', factor, of };

export function plus(
  a: ExactEstimate | null,
  b: ExactEstimate | null,
  { isExact }: StateReader,
): ExactEstimate | null {
  if (a === null || b === null) return null;
  const error = a.error + b.error;
  if (isExact) {
    const { high, low } = add(a, b);
    return estimated(high, low, error);
  }
  // What rounding takes from the sum is less than what it took from each term.
  return estimated(a.high + b.high, 0, error, sumOf(a.made, b.made));
}

function times(factor: ExactEstimate, a: ExactEstimate, { isExact }: StateReader): ExactEstimate {
  const error = Math.abs(factor.high) * a.error + factor.error * Math.abs(a.high);
  if (isExact) {
    const { high, low } = multiply(factor, a);
    return estimated(high, low, error);
  }
  return estimated(factor.high * a.high, 0, error, multiple(factor.high, a.made));
}

/**
 * A number of the device times another and a remainder, where that loses less than what is known; else that. How much it
 * loses is found first: most ways to a number are not taken.
 */
export function product(
  at: number,
  a: ExactEstimate,
  state: StateReader,
  known: ExactEstimate | null,
  rest: ExactEstimate = NOTHING,
): ExactEstimate | null {
  const { rounded } = state;
  const factor = rounded === undefined ? state.number(at) : null;
  const high = rounded === undefined ? (factor as ExactEstimate).high : rounded(at);
  const lost = factor === null ? Number.EPSILON * Math.abs(high) : factor.error;
  const error = Math.abs(high) * a.error + lost * Math.abs(a.high);
  if (known !== null && !(error + rest.error < known.error)) return known;
  const made =
    factor === null
      ? estimated(high * a.high, 0, error, multiple(high, a.made))
      : times(factor, a, state);
  return rest === NOTHING ? made : plus(made, rest, state);
}

export const minus = (a: ExactEstimate | null): ExactEstimate | null =>
  a && estimated(-a.high, -a.low, a.error, multiple(-1, a.made));

/** A flow that is 0 whatever the state has no error. */
export const withFloor = (a: ExactEstimate | null, { floor }: StateReader): ExactEstimate | null =>
  a && (a.error === 0 || floor === 0 ? a : lessSure(a, floor));

export const better = (a: ExactEstimate | null, b: ExactEstimate | null): ExactEstimate | null =>
  a === null || (b !== null && b.error < a.error) ? b : a;
