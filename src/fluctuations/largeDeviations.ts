/**
 * Large deviations of what is counted: ⟨e^{χN}⟩ grows as e^{θ(χ)t}, θ the leading eigenvalue of the generator in which
 * each jump that counts w is weighted with e^{χw}, and the probability of a current j falls as e^{−I(j)t} with
 * I(j) = χj − θ(χ), j = θ'(χ). The eigenvalue is found by inverse iteration on both sides, from one field to the next.
 * Of two counters together χ and j have two parts.
 */
import { commonOf } from '../lindblad/adjointEquations.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { IN_NUMBERS, TapeRounding } from '../machine/tapeRounding.js';
import { dot } from '../norm.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import type { Counter } from './counting.js';
import type { JumpElements } from './jumpElements.js';
import { realResolvent, type Tilt, tiltedMatrix } from './tiltedMatrix.js';

/** What rounding takes from a term of a sum. */
const ROUNDING = 8 * Number.EPSILON;
const MOST_ITERATIONS = 40;
/** With them it is known by how much one change is less than the one before. */
const FEWEST_ITERATIONS = 3;
/** Changes that are still to come, beside the last one. */
const SETTLED = 4;
/** Where another eigenvalue is as near as the shift, changes hardly get less. */
const SLOWEST = 0.9999;
/** How often the way from one field to the next is halved, where another eigenvalue was found at its end. */
const MOST_HALVINGS = 12;
/** A population of an eigenvector that rounding alone makes negative, by its largest one. */
const NEGATIVE = 1e-9;
/** The distance of the shift from the eigenvalue that is looked for, by the largest rate: no pivot is 0. */
const BESIDE = 1e-14;

export interface LargeDeviation {
  /** The counting field. */
  readonly chi: number;
  /** θ(χ), by time. */
  readonly scgf: number;
  /** What may have been lost of it. */
  readonly error: number;
  /** θ'(χ): the current whose rate is given. */
  readonly current: number;
  /** I(θ'(χ)), by time. */
  readonly rate: number;
}

/** The same of two counters, each with its field and its current. */
export interface JointDeviation extends Omit<LargeDeviation, 'chi' | 'current'> {
  readonly chi: readonly [number, number];
  readonly current: readonly [number, number];
}

/** A leading eigenvalue with what it needs to be followed. */
export interface Leading {
  /** By counter. */
  readonly chi: readonly number[];
  readonly slope: readonly number[];
  readonly theta: number;
  readonly error: number;
}

interface Eigen extends Leading {
  readonly right: Float64Array;
  readonly left: Float64Array;
}

/** Jumps of one bath with what counters count of each, and where these stand among them. */
interface CountedJumps {
  readonly elements: JumpElements;
  readonly weights: readonly { readonly at: number; readonly weight: Float64Array }[];
}

function normalised(x: Float64Array): Float64Array {
  const largest = x.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return x.map((value) => value / largest);
}

/** What is asked on the way: the eigenvalue at fields from what is known of it nearby. */
export interface FieldStep<E extends Leading> {
  readonly near: E;
  readonly chi: readonly number[];
}

/** Asks for eigenvalues one after another; each is answered by null where it is not the leading one. */
type Asking<E extends Leading, T> = Generator<FieldStep<E>, T, E | null>;

/** Of one counter, at rising fields. @throws {NoSteadyStateError} where the eigenvalue could not be followed */
export function* atFields<E extends Leading>(
  begin: E,
  fields: readonly number[],
): Asking<E, LargeDeviation[]> {
  const found = yield* along(begin, 0, fields);
  return found.map(({ chi: [chi], slope: [current], theta, error }) => ({
    chi,
    scgf: theta,
    error,
    current,
    rate: chi * current - theta,
  }));
}

/** Of two counters, at each pair of rising fields. @throws {NoSteadyStateError} likewise */
export function* atPairs<E extends Leading>(
  begin: E,
  fields: readonly number[],
): Asking<E, JointDeviation[]> {
  const found: E[] = [];
  for (const first of yield* along(begin, 0, fields)) {
    found.push(...(yield* along(first, 1, fields)));
  }
  return found.map(({ chi: [a, b], slope: [i, j], theta, error }) => ({
    chi: [a, b],
    scgf: theta,
    error,
    current: [i, j],
    rate: a * i + b * j - theta,
  }));
}

/** From where one field is 0 to its values, downwards and upwards. */
function* along<E extends Leading>(
  start: E,
  at: number,
  fields: readonly number[],
): Asking<E, E[]> {
  function* following(values: readonly number[]): Asking<E, E[]> {
    const found: E[] = [];
    let last = start;
    for (const value of values) {
      const chi = start.chi.map((own, k) => (k === at ? value : own));
      last = yield* followed(last, chi);
      found.push(last);
    }
    return found;
  }
  const below = yield* following(fields.filter((chi) => chi < 0).reverse());
  const above = yield* following(fields.filter((chi) => chi >= 0));
  return [...below.reverse(), ...above];
}

/** Straight to fields, in steps so short that the eigenvalue is found at the end of each. */
function* followed<E extends Leading>(from: E, chi: readonly number[]): Asking<E, E> {
  let [last, done, step] = [from, 0, 1];
  if (chi.every((x, k) => x === from.chi[k])) return from;
  for (let halvings = 0; done < 1; ) {
    const next = Math.min(1, done + step);
    const at = next === 1 ? chi : chi.map((x, k) => from.chi[k] + next * (x - from.chi[k]));
    const found = yield { near: last, chi: at };
    if (found !== null) [last, done] = [found, next];
    else {
      if (++halvings > MOST_HALVINGS) {
        throw new NoSteadyStateError(
          `no leading eigenvalue was found at the field ${at.join(', ')}`,
        );
      }
      step /= 2;
    }
  }
  return last;
}

/** Leading eigenvalues from one field to the next. */
export abstract class LeadingEigenvalues<E extends Leading> {
  /** At no field: the steady state. */
  protected abstract readonly begin: E;

  /** The eigenvalue from what is known of it nearby; null where it is not the leading one. */
  protected abstract eigen(near: E, chi: readonly number[]): E | null;

  /** Of one counter, at rising fields. @throws {NoSteadyStateError} */
  at(fields: readonly number[]): LargeDeviation[] {
    return this.#answered(atFields(this.begin, fields));
  }

  /** Of two counters, at each pair of rising fields. @throws {NoSteadyStateError} */
  onGrid(fields: readonly number[]): JointDeviation[] {
    return this.#answered(atPairs(this.begin, fields));
  }

  #answered<T>(asking: Asking<E, T>): T {
    let step = asking.next();
    while (step.done !== true) step = asking.next(this.eigen(step.value.near, step.value.chi));
    return step.value;
  }
}

export class TiltedGenerator extends LeadingEigenvalues<Eigen> {
  protected readonly begin: Eigen;
  /** 1 for populations that there are: at the window's ends a charge has not all of them. */
  readonly #populations: Float64Array;

  readonly #jumps: readonly CountedJumps[];
  readonly #rounding: TapeRounding;

  /**
   * @param sector filled with the numbers of the device whose steady state is rho
   * @param counters each with a field of its own
   */
  constructor(
    private readonly sector: BoundSector,
    rho: Float64Array,
    counters: readonly Counter[],
  ) {
    super();
    this.#rounding = new TapeRounding(sector.program.losses, sector.numbers);
    this.#jumps = [...new Set(counters.map(({ elements }) => elements))].map((elements) => ({
      elements,
      weights: counters.flatMap((counter, at) =>
        counter.elements === elements ? [{ at, weight: elements.weight(counter.which) }] : [],
      ),
    }));
    const { siteWidth, sitePaired } = sector;
    const left = new Float64Array(rho.length);
    for (const { source, from, count } of sector.runs) {
      if (from < sitePaired) continue;
      for (let i = 0; i < count; i++) left[(source + i) * siteWidth + from] = 1;
    }
    this.#populations = left;
    const slope = counters.map(({ elements, which }) =>
      dot(elements.countedRow(which, 1, rho.length), rho),
    );
    this.begin = { chi: counters.map(() => 0), theta: 0, slope, error: 0, right: rho, left };
  }

  /** The eigenvalue from a neighbour's vectors; null where it is not the leading one. */
  protected eigen(near: Eigen, chi: readonly number[]): Eigen | null {
    const { sector } = this;
    /** Of each jump Σ χw. */
    const tilts = this.#jumps.map(({ elements, weights }) => {
      const exponent = new Float64Array(elements.value.length);
      for (const { at, weight } of weights) {
        for (let e = 0; e < exponent.length; e++) exponent[e] += chi[at] * weight[e];
      }
      return { elements, weights, exponent, factor: exponent.map(Math.expm1) };
    });
    const matrix = tiltedMatrix(sector, tilts);
    const largest = matrix.re.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    let { right, left } = near;
    let theta = chi.reduce((sum, x, k) => sum + (x - near.chi[k]) * near.slope[k], near.theta);
    let change = Number.POSITIVE_INFINITY;
    let ratio = 0;
    let rounding = Number.POSITIVE_INFINITY;
    for (let iteration = 1; iteration <= MOST_ITERATIONS; iteration++) {
      const { apply, adjoint } = realResolvent(matrix, theta + BESIDE * largest);
      [right, left] = [normalised(apply(right)), normalised(adjoint(left))];
      const next = this.#between(left, right, tilts);
      if (!Number.isFinite(next.value)) return null;
      const before = change;
      change = Math.abs(next.value - theta);
      ratio = change === 0 ? 0 : Math.min(change / before, SLOWEST);
      theta = next.value;
      rounding = next.error;
      const isSettled = change <= rounding || (iteration > 4 && change >= before);
      if (iteration >= FEWEST_ITERATIONS && isSettled) break;
    }
    if (!(this.#isState(right) && this.#isState(left))) return null;
    const slope = chi.map(() => 0);
    // The same with ⟨1| on the left, which all that the right vector is off by changes.
    let gained = 0;
    for (const { elements, weights, exponent, factor } of tilts) {
      const { from, to, value, arrives } = elements;
      for (let e = 0; e < value.length; e++) {
        const moved = value[e] * right[from[e]];
        const weighted = left[to[e]] * Math.exp(exponent[e]) * moved;
        for (const { at, weight } of weights) slope[at] += weight[e] * weighted;
        if (arrives[e] === 1) gained += factor[e] * moved;
      }
    }
    const apart = Math.abs(gained / dot(this.#populations, right) - theta);
    const norm = dot(left, right);
    return {
      chi,
      theta,
      slope: slope.map((x) => x / norm),
      // Further changes, had the iteration gone on as it did last.
      error: rounding + (SETTLED * change) / (1 - ratio) + apart,
      right,
      left,
    };
  }

  /**
   * left·A·right/left·right, by the fluxes between unknowns: each counts by how much more the left vector has where it
   * arrives, so that nothing of the losses cancels, and what rounding takes of it is known.
   */
  #between(left: Float64Array, right: Float64Array, tilts: readonly Tilt[]): Estimate {
    const { sector } = this;
    const weights = { z: left, origins: commonOf(sector, sector.shares, left) };
    const fluxes = sector.fluxes(right, weights, this.#rounding);
    let value = fluxes.left.reduce((sum, x) => sum + x, 0);
    let error = IN_NUMBERS * fluxes.lost.reduce((sum, x) => sum + x, 0);
    for (const { elements, factor } of tilts) {
      const { from, to } = elements;
      for (let e = 0; e < factor.length; e++) {
        const term = factor[e] * elements.value[e] * left[to[e]] * right[from[e]];
        value += term;
        error += ROUNDING * Math.abs(term);
      }
    }
    const norm = dot(left, right);
    return { value: value / norm, error: Math.abs(error / norm) };
  }

  /** Whether no population is negative: of all eigenvectors that of the leading one alone. */
  #isState(x: Float64Array): boolean {
    const populations = x.filter((_, i) => this.#populations[i] === 1);
    const [least, most] = [Math.min(...populations), Math.max(...populations)];
    return Math.min(most, -least) <= NEGATIVE * Math.max(most, -least);
  }
}
