/** A Lindbladian's null vector by an inner solver on a backend and refinement around it. */

import type { Backend, OnProgress, Precision } from '../backend/backend.js';
import { withHostBand } from '../backend/hostBand.js';
import { SingularMatrixError } from '../generator/chains.js';
import { populationsOf, type Space } from '../generator/classes.js';
import { magnitude } from '../generator/magnitude.js';
import { isBroken, type Symmetry } from '../generator/symmetry.js';
import { type Operator, strengthOf } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { chargeSplitting } from '../solve/chargeSplitting.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { type LinearSystem, shifted } from '../solve/linearSolver.js';
import { propagate } from '../solve/propagation.js';
import {
  type Refined,
  refinedNullVector,
  residualOf,
  roundingFloor,
} from '../solve/refinedNullVector.js';
import { relaxedState } from '../solve/relaxedState.js';
import { isSingular, requireSame, requireUnique } from '../solve/uniqueness.js';
import { RESIDUAL_TOLERANCE } from '../solve/verdict.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { type Method, solverOf } from './methods.js';
import { type SplitLindbladian, symmetricSteadyState } from './splitLindbladian.js';

export interface SolverHooks {
  /** Called after every inner iteration with their number and ‖𝓛ρ‖ so far; a promise of false stops. */
  readonly onIteration?: (iterations: number, residual: number) => Promise<boolean>;
  /** Called while the preconditioner is made, with the share done; a promise of false stops. */
  readonly onFactorisation?: OnProgress;
  /** Bytes there are; a solution that may take more is refused. */
  readonly memory?: number;
  /** f32 is one pass of an inner solver, unrefined; f64 by default. */
  readonly precision?: Precision;
  /** A state to start from, Hermitian and of trace 1, in place of the one of the symmetric part. */
  readonly start?: DensityMatrix;
}

const MOST_PASSES = 40;
/** What an inner solver of either precision reaches in one pass, relative to its right-hand side. */
const INNER = { f64: 1e-13, f32: 1e-4 } as const;
const PATIENCE = { f64: 40, f32: 30 } as const;
const MOST_ITERATIONS = 2000;
/** Applications of the generator in a propagation. */
const MOST_APPLICATIONS = 400_000;
/** σ of the inverse power iteration: small beside the slowest relaxation. */
const SHIFT = 1e-9;
/** Windows up to which every sector is coupled on the host: that costs less than it saves. */
const SMALL_WINDOW = 20;

/** The median over states and levels of |E(l + k) − 2E(l) + E(l − k)|, E on the diagonal: of l²/2I it is k²/I. */
function curvature({ transitions, window: { size } }: Operator, k: number): number {
  const found: number[] = [];
  for (const { to, from, shift, coefficient, table } of transitions) {
    if (to !== from || shift !== 0 || table === null) continue;
    const { re } = table;
    for (let i = k; i + k < size; i++) {
      found.push(Math.abs(coefficient.re * (re[i + k] - 2 * re[i] + re[i - k])));
    }
  }
  found.sort((a, b) => a - b);
  return found[found.length >> 1] ?? 0;
}

/** Rounding of a count of sectors, which shall not add one. */
const COUNT_ROUNDING = 1e-9;

/** Windows up to which all that jumps couple is inverted at once: that costs less than iterations save. */
const SMALL_WITHOUT_CHARGE = 64;
/** Steps of what breaks a charge up to which sectors are inverted together, where jumps break it. */
const COUPLED_BY_JUMPS = 10;

/** Levels over which a potential's bound states spread, in steps of its terms, times a few; 5 where nothing binds. */
export function boundSpread({ hamiltonian, breaking }: Symmetry): number {
  let spread = 0;
  for (const t of breaking.transitions) {
    const k = Math.max(1, Math.abs(t.shift));
    spread = Math.max(spread, (2 * strengthOf(t)) / curvature(hamiltonian, k));
  }
  // Infinite without curvature.
  return 4 * Math.sqrt(spread) + 5 - COUNT_ROUNDING;
}

/**
 * How many sectors beside the populations' are inverted together with the terms that break the symmetry. Of a term
 * V cos kφ that couples levels whose energies curve by κ, bound states spread over about 2√(V/κ) steps of k levels;
 * a few times that takes most of it out of the iteration. Jumps that break it localise the angle: coherences decay by
 * decades within a few steps.
 */
export function coupledSectors(
  symmetry: Symmetry,
  { size }: Window,
  adapter: string | null,
): number {
  if (!symmetry.countsLevels) return size <= SMALL_WITHOUT_CHARGE ? size : COUPLED_BY_JUMPS;
  if (!isBroken(symmetry)) return 0;
  if (size <= SMALL_WINDOW && adapter === null) return size;
  return Math.min(size, Math.ceil(boundSpread(symmetry)));
}

/** What an inner solver needs, made when it is first asked for. */
class PreparedSystem<V> {
  #made: Promise<LinearSystem<V>> | undefined;

  constructor(
    private readonly backend: Backend<V>,
    private readonly split: SplitLindbladian,
    private readonly method: Method,
    private readonly pinned: number,
    private readonly onProgress: OnProgress | undefined,
  ) {}

  /** Whether all that populations lead to is inverted at once. */
  isWhole = false;

  get(): Promise<LinearSystem<V>> {
    this.#made ??= this.#make();
    return this.#made;
  }

  async #make(): Promise<LinearSystem<V>> {
    const { backend, split } = this;
    const { symmetry, system, distances } = split;
    const generators = { total: split.lindbladian.total, symmetric: split.symmetric };
    const farthest = distances.distance.reduce((a, b) => (b < Infinity ? Math.max(a, b) : a), 0);
    const wanted =
      this.method === 'direct'
        ? farthest
        : coupledSectors(symmetry, system.window, backend.adapter);
    const reach = Math.min(wanted, farthest);
    this.isWhole = reach === farthest;
    const { onProgress, pinned } = this;
    const splitUpTo = (last: number) =>
      chargeSplitting(backend, generators, distances, last, pinned, onProgress);
    const splitting = await splitUpTo(reach).catch((error: unknown) => {
      // Without what breaks the symmetry a sector may lose nothing: with it, it does.
      if (!(error instanceof SingularMatrixError) || this.isWhole) throw error;
      this.isWhole = true;
      return splitUpTo(farthest);
    });
    const prepared = { backend, size: split.space.size, ...splitting };
    // With x of trace 1 and δ of trace 0, x + δ is −σ(L − σ)⁻¹x where (L − σ)δ = −Lx.
    return this.method === 'power' ? shifted(prepared, SHIFT) : prepared;
  }

  async onHost(): Promise<boolean> {
    const made = await this.#made?.catch(() => null);
    return made?.inverse.onHost ?? false;
  }

  async release(): Promise<void> {
    // What could not be made has told so where it was asked for.
    const made = await this.#made?.catch(() => null);
    made?.inverse.release();
    made?.remainder?.release();
  }
}

/** A solution, and how far it is determined. */
export interface Determined extends Refined {
  /** The slowest relaxation time that was found, from below; null where it was not asked for. */
  readonly relaxation: number | null;
  /** True where no other state is a solution; null where that was not looked at. */
  readonly unique: true | null;
  /** Whether a device left any of the preconditioner to the host, so that vectors travel in every iteration. */
  readonly preconditionedOnHost: boolean;
}

/** What is known of a steady state before it is solved. */
export interface Known {
  /** The relaxation time, where a narrower band has told. */
  readonly relaxation: number | null;
  /** Whether there is no other. */
  readonly unique: boolean;
  /** A state whose largest population is large in the steady one; null for that where a solution starts. */
  readonly likely: Float64Array | null;
}

const NOTHING_KNOWN: Known = { relaxation: null, unique: false, likely: null };

/**
 * One solution on one split Lindbladian.
 * @throws {NonUniqueSteadyStateError}
 */
export async function solveOn<V>(
  split: SplitLindbladian,
  start: Float64Array,
  method: Method,
  backend: Backend<V>,
  hooks: SolverHooks,
  known: Known = NOTHING_KNOWN,
): Promise<Determined> {
  const { onIteration, onFactorisation, precision = 'f64' } = hooks;
  if (method === 'propagation') {
    const from = (state: Float64Array) => propagated(split, state, backend, hooks);
    const refined = await from(start);
    const isOnly =
      known.unique ||
      (refined.converged && (await requireSame(split.lindbladian.total, refined, from)));
    return {
      ...refined,
      relaxation: null,
      unique: isOnly ? true : null,
      preconditionedOnHost: false,
    };
  }
  const pinned = largestIn(known.likely ?? start);
  const system = new PreparedSystem(backend, split, method, pinned, onFactorisation);
  const generator = split.lindbladian.total;
  const from = (state: Float64Array) =>
    refinedNullVector(generator, state, backend, solverOf(method), () => system.get(), {
      tolerance: RESIDUAL_TOLERANCE[precision],
      innerTolerance: INNER[backend.precision],
      patience: PATIENCE[backend.precision],
      passes: precision === 'f32' ? 1 : MOST_PASSES,
      iterations: MOST_ITERATIONS,
      ...(onIteration === undefined ? {} : { onIteration }),
    });
  try {
    const refined = await from(start);
    const preconditionedOnHost = await system.onHost();
    const onDevice = backend.adapter !== null && !preconditionedOnHost;
    if (onDevice && precision === 'f64' && !refined.converged && !refined.stopped) {
      // Of some bands float32 loses the slowest modes.
      const again = await solveOn(split, start, method, withHostBand(backend), hooks, known);
      return {
        ...again,
        iterations: refined.iterations + again.iterations,
        passes: refined.passes + again.passes,
      };
    }
    if (precision === 'f64' && !refined.converged && !refined.stopped) {
      const prepared = await system.get();
      const { isWhole } = system;
      const likely = isWhole && known.likely === null ? await relaxedFrom(split, pinned) : null;
      if (likely !== null && largestIn(likely) !== pinned) {
        return await solveOn(split, start, method, backend, hooks, { ...known, likely });
      }
      if (isWhole && method !== 'power' && (await isSingular(generator, prepared))) {
        throw new SingularMatrixError('its equations depend on one another but for rounding');
      }
    }
    if (refined.converged && !isMuch(refined.elements, pinned) && known.likely === null) {
      // Where its equation is given up, M is as good as singular, and says nothing of other states.
      const likely = refined.elements;
      return await solveOn(split, start, method, backend, hooks, { ...known, likely });
    }
    let { relaxation, unique: isOnly } = known;
    if (precision === 'f64' && relaxation === null && refined.converged) {
      const found = await requireUnique(
        generator,
        refined,
        solverOf(method),
        await system.get(),
        from,
        async (n) => (await onIteration?.(refined.iterations + n, refined.residual)) ?? true,
      );
      // Times beyond 1/σ cannot be told from one another by L − σ.
      const isTold = method !== 'power' || found.relaxation === null;
      relaxation = found.relaxation;
      isOnly ||= found.isKnown && (isTold || (await requireSame(generator, refined, from)));
    }
    return { ...refined, relaxation, unique: isOnly ? true : null, preconditionedOnHost };
  } catch (error) {
    if (!(error instanceof SingularMatrixError)) throw error;
    // The population whose equation was given up may be one that the steady state has none of.
    const likely = known.likely === null ? await relaxedFrom(split, pinned) : null;
    if (likely !== null) {
      return await solveOn(split, start, method, backend, hooks, { ...known, likely });
    }
    throw new NonUniqueSteadyStateError(
      `the steady state is not determined: ${error.message}, so that it is not unique, or the rates ` +
        'span more decades than float64 resolves',
      { cause: error },
    );
  } finally {
    await system.release();
  }
}

/** The element with the largest real part, in a state a population. */
function largestIn(state: Float64Array): number {
  let at = 0;
  for (let i = 0; i < state.length; i += 2) if (state[i] > state[2 * at]) at = i / 2;
  return at;
}

/** The share of the largest population from which on the equation of a population may be given up. */
const MUCH = 1e-6;

const isMuch = (state: Float64Array, population: number): boolean =>
  state[2 * population] >= MUCH * state[2 * largestIn(state)];

/** What a population becomes; null where float64 cannot tell. */
async function relaxedFrom(
  { lindbladian: { total }, distances: { distance, of } }: SplitLindbladian,
  population: number,
): Promise<Float64Array | null> {
  try {
    return await relaxedState(total, (c) => distance[of[c]] < Infinity, population);
  } catch (error) {
    if (error instanceof SingularMatrixError) return null;
    throw error;
  }
}

/** A state to start from. */
export interface Start extends Pick<Known, 'unique' | 'likely'> {
  readonly elements: Float64Array;
}

/**
 * Where a solution starts: the given state, the one of the symmetric part, or where that is all there is, or has
 * none that elimination finds, the mixed one.
 */
export function startOf(split: SplitLindbladian, hooks: Pick<SolverHooks, 'start'>): Start {
  const { symmetry, space } = split;
  const { start } = hooks;
  const unknown = { unique: false, likely: null };
  if (start !== undefined) return { elements: embedded(start, space).elements, ...unknown };
  const elements = mixedState(space);
  if (!symmetry.countsLevels) return { elements, ...unknown };
  try {
    // Solved in any case: it finds out whether the steady state is unique.
    const symmetric = symmetricSteadyState(split, space);
    return isBroken(symmetry)
      ? { elements: symmetric, ...unknown }
      : { elements, unique: true, likely: symmetric };
  } catch (error) {
    if (!(error instanceof NonUniqueSteadyStateError)) throw error;
    return { elements, ...unknown };
  }
}

function mixedState(space: Space): Float64Array {
  const mixed = new Float64Array(2 * space.size);
  for (const { offset, length } of populationsOf(space)) {
    for (let p = offset; p < offset + length; p++) mixed[2 * p] = 1 / (space.states * length);
  }
  return mixed;
}

/** The steady state that propagation in time comes to. */
async function propagated<V>(
  { lindbladian: { total }, space: { size } }: SplitLindbladian,
  start: Float64Array,
  backend: Backend<V>,
  { onIteration }: Pick<SolverHooks, 'onIteration'>,
): Promise<Refined> {
  const map = await backend.prepare(total);
  const tolerance = RESIDUAL_TOLERANCE.f64 * magnitude(total, start);
  const x = await backend.upload(start);
  const rough = await backend.upload(Float64Array.from(start, (_, i) => 1 / (1 + i)));
  try {
    let stopped = false;
    const { steps } = await propagate(backend, map, size, x, rough, {
      tolerance: tolerance / 2,
      applications: MOST_APPLICATIONS,
      onIteration: async (applications, residual) => {
        stopped = !((await onIteration?.(applications, residual)) ?? true);
        return !stopped;
      },
    });
    const elements = await backend.download(x);
    const residual = residualOf(total, elements);
    return {
      elements,
      residual,
      floor: roundingFloor(total, elements),
      arithmetic:
        backend.adapter === null ? 'float64 on the CPU' : `double-float on ${backend.adapter}`,
      iterations: 4 * steps,
      passes: 1,
      converged: residual <= tolerance,
      stopped,
    };
  } finally {
    map.release();
    backend.release(x);
    backend.release(rough);
  }
}
