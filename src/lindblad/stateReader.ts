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
import {
  errorOfProduct,
  type FoundCuts,
  type FoundMeans,
  isFloored,
  isWithin,
  lostOf,
  type StepsBeingTaken,
} from './readingSteps.js';

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

/** What is read off one state in one precision. */
export interface StateReader extends FoundNumbers {
  /** A number of the device, by its place on the tape. */
  number(at: number): ExactEstimate;
  /** The same in float64, right to rounding; undefined where it may have more digits. */
  rounded?(at: number): number;
  /** Tr[Xρ], and its error. */
  mean(functional: Functional, representation: Representation): ExactEstimate;
  /** The flow that is the mean at a place, cut by cut; undefined where states are not read so. */
  acrossCuts?(place: number): ExactEstimate | null;
  /** The relative error that is good enough for no other way to be tried. */
  readonly good: number;
  /** The one that is good enough for no more digits to be asked for. */
  readonly enough: number;
  /** Whether its numbers have more digits than float64. */
  readonly isExact: boolean;
  /** What any flow may be off by because populations are, in units of energy by time. */
  readonly floor: number;
  /**
   * What a number may be off by because the state is, told as well as is needed for it to be tolerated; undefined where
   * that is part of errors of means.
   */
  lostOf?(made: Combination, tolerated: number): number;
  /** Where code finds means: those of what states were asked for so far; null where there is none. */
  foundMeans?(representation: Representation): FoundMeans | null;
  /** The same of flows across cuts; undefined where states are not read so. */
  foundCuts?(): FoundCuts | null;
  /** The same state, of which it is written down how numbers are read. */
  writtenDown?(steps: StepsBeingTaken): StateReader;
  /** Where that is done. */
  readonly steps?: StepsBeingTaken;
}

/** Room for what is found of a state: flows by their places and depths, and means of operators by theirs. */
export interface FoundNumbers {
  readonly known: (ExactEstimate | null | undefined)[];
  readonly read: (ExactEstimate | undefined)[];
}

/** How many there may be. */
export interface Room {
  readonly flows: number;
  readonly means: number;
}

/** The same, where most states are read by ways that need none. */
export class RoomForNumbers implements FoundNumbers {
  #known: FoundNumbers['known'] | undefined;
  #read: FoundNumbers['read'] | undefined;

  constructor(private readonly room: Room) {}

  get known(): FoundNumbers['known'] {
    this.#known ??= new Array(this.room.flows);
    return this.#known;
  }

  get read(): FoundNumbers['read'] {
    this.#read ??= new Array(this.room.means);
    return this.#read;
  }
}

/** Of one state, from the quickest on, each made where those before it have not enough digits. */
export interface Readers {
  readonly count: number;
  /** Null where it cannot be read so. */
  reader(k: number): StateReader | null;
}

export function isGood(estimate: ExactEstimate | null, { good, steps }: StateReader): boolean {
  if (estimate === null) return false;
  const isIt = isWithin(estimate.high, estimate.error, good);
  steps?.is('isGood', isIt, estimate);
  return isIt;
}

function hasEnough(estimate: ExactEstimate | null, { enough, steps }: StateReader): boolean {
  if (estimate === null) return false;
  const isIt = isWithin(estimate.high, estimate.error, enough);
  steps?.is('isEnough', isIt, estimate);
  return isIt;
}

/**
 * Whether a number that is asked for has its digits, so that no other way to it needs to be tried. What its parts need
 * is more; so do they where what is lost of the state comes on top.
 */
export function isEnough(estimate: ExactEstimate | null, state: StateReader): boolean {
  if (isGood(estimate, state)) return true;
  return state.lostOf === undefined && hasEnough(withFloor(estimate, state), state);
}

/** A number by one reader after another, until it has its digits. */
export function best(
  readers: Readers,
  read: (state: StateReader) => ExactEstimate | null,
): Estimate | null {
  let found: ExactEstimate | null = null;
  for (let k = 0; k < readers.count; k++) {
    const state = readers.reader(k);
    if (state === null) continue;
    const next = withLost(read(state), state);
    found = found === null ? next : refined(found, next);
    if (found === null || isWithin(found.high, found.error, state.enough)) break;
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
  const made = a?.made ?? null;
  if (a === null || made === null || state.lostOf === undefined) return a;
  return lessSure(a, state.lostOf(made, state.enough * Math.abs(a.high) - a.error));
}

export const NOTHING = estimated(0, 0, 0);

const sumOf = (a: Combination | null, b: Combination | null): Combination | null =>
  a === null || b === null ? (a ?? b) : { kind: 'sum', of: [a, b] };

const multiple = (factor: number, of: Combination | null): Combination | null =>
  of && { kind: 'product', factor, of };

export function plus(
  a: ExactEstimate | null,
  b: ExactEstimate | null,
  { isExact, steps }: StateReader,
): ExactEstimate | null {
  if (a === null || b === null) return null;
  const error = a.error + b.error;
  if (isExact) {
    const { high, low } = add(a, b);
    return estimated(high, low, error);
  }
  // What rounding takes from the sum is less than what it took from each term.
  const sum = estimated(a.high + b.high, 0, error, sumOf(a.made, b.made));
  steps?.plus(sum, a, b);
  return sum;
}

function times(factor: ExactEstimate, a: ExactEstimate, { isExact }: StateReader): ExactEstimate {
  const error = errorOfProduct(factor.high, factor.error, a.high, a.error);
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
  const rounded = state.rounded?.(at);
  const factor = rounded === undefined ? state.number(at) : null;
  const high = rounded ?? (factor as ExactEstimate).high;
  const lost = factor?.error ?? lostOf(high);
  const error = errorOfProduct(high, lost, a.high, a.error);
  const isLess = known === null || error + rest.error < known.error;
  if (!isLess && state.steps === undefined) return known;
  const made =
    factor === null
      ? estimated(high * a.high, 0, error, multiple(high, a.made))
      : times(factor, a, state);
  if (factor === null) state.steps?.product(made, at, a);
  if (known !== null) state.steps?.isLess(isLess, made, known, rest);
  if (!isLess) return known;
  return rest === NOTHING ? made : plus(made, rest, state);
}

export function minus(a: ExactEstimate | null, { steps }: StateReader): ExactEstimate | null {
  if (a === null) return null;
  const negative = estimated(-a.high, -a.low, a.error, multiple(-1, a.made));
  steps?.minus(negative, a);
  return negative;
}

/** A flow that is 0 whatever the state has no error. */
export function withFloor(
  a: ExactEstimate | null,
  { floor, steps }: StateReader,
): ExactEstimate | null {
  if (a === null) return null;
  const isIt = isFloored(a.error, floor);
  steps?.is('isFloored', isIt, a);
  if (!isIt) return a;
  const floored = lessSure(a, floor);
  steps?.floored(floored, a);
  return floored;
}

/** Whether a is known with a smaller error than b. */
export function isSurer(a: ExactEstimate, b: ExactEstimate, { steps }: StateReader): boolean {
  const isIt = a.error < b.error;
  steps?.isLess(isIt, a, b);
  return isIt;
}

export const better = (
  a: ExactEstimate | null,
  b: ExactEstimate | null,
  state: StateReader,
): ExactEstimate | null => (a === null || (b !== null && isSurer(b, a, state)) ? b : a);
