/**
 * Large deviations of what is counted: ⟨e^{χN}⟩ grows as e^{θ(χ)t}, θ the leading eigenvalue of the generator in which
 * each jump that counts w is weighted with e^{χw}, and the probability of a current j falls as e^{−I(j)t} with
 * I(j) = χj − θ(χ), j = θ'(χ). The eigenvalue is found by inverse iteration on both sides, from one field to the next.
 * Of two counters together χ and j have two parts.
 */
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import type { Counter } from './counting.js';
import type { JumpElements } from './jumpElements.js';
import { realResolvent, tiltedMatrix, timesMatrix } from './tiltedMatrix.js';

/** What rounding takes from a term of a sum. */
const ROUNDING = 8 * Number.EPSILON;
const MOST_ITERATIONS = 40;
/** A last change of θ beside what rounding leaves of it. */
const SETTLED = 4;
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

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, i) => s + x * b[i], 0);

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
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      const { apply, transposed } = realResolvent(matrix, theta + BESIDE * largest);
      [right, left] = [normalised(apply(right)), normalised(transposed(left))];
      const next = dot(left, timesMatrix(matrix, right)) / dot(left, right);
      if (!Number.isFinite(next)) return null;
      const before = change;
      change = Math.abs(next - theta);
      theta = next;
      if (change <= SETTLED * ROUNDING * largest || (iteration > 3 && change >= before)) break;
    }
    if (!(this.#isState(right) && this.#isState(left))) return null;
    // With ⟨1| on the left: rates alone, which the trace does not cancel.
    const slope = chi.map(() => 0);
    let [gained, size] = [0, 0];
    for (const { elements, weights, exponent, factor } of tilts) {
      const { from, to, value, arrives } = elements;
      for (let e = 0; e < value.length; e++) {
        const moved = value[e] * right[from[e]];
        const weighted = left[to[e]] * Math.exp(exponent[e]) * moved;
        for (const { at, weight } of weights) slope[at] += weight[e] * weighted;
        if (arrives[e] === 0) continue;
        const term = factor[e] * moved;
        gained += term;
        size += Math.abs(term);
      }
    }
    const trace = dot(this.#populations, right);
    const scgf = gained / trace;
    const norm = dot(left, right);
    return {
      chi,
      theta: scgf,
      slope: slope.map((x) => x / norm),
      error: Math.abs(scgf - theta) + (ROUNDING * size) / trace,
      right,
      left,
    };
  }

  /** Whether no population is negative: of all eigenvectors that of the leading one alone. */
  #isState(x: Float64Array): boolean {
    const populations = x.filter((_, i) => this.#populations[i] === 1);
    const [least, most] = [Math.min(...populations), Math.max(...populations)];
    return Math.min(most, -least) <= NEGATIVE * Math.max(most, -least);
  }
}
