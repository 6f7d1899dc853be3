/**
 * The steady state of any open system, by whichever space and method are asked for or fit best.
 */

import type { Backend } from '../backend/backend.js';
import { cpuBackend } from '../backend/cpu/backend.js';
import { OutOfDeviceMemoryError } from '../backend/webgpu/errors.js';
import { checkedSystem } from '../generator/checkedSystem.js';
import { hasSector, type Symmetry, symmetryOf } from '../generator/symmetry.js';
import { disturbedSteadyState } from '../lindblad/sectorDensityMatrix.js';
import { ParameterError } from '../model/parameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { residualOf, roundingFloor } from '../solve/refinedNullVector.js';
import { largestDifference } from '../solve/uniqueness.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { type ChannelRates, channelRates } from '../thermo/rates.js';
import { layeredSteady } from './layeredSteady.js';
import { whatFits, whatTakesLess, widerBand } from './memoryPlan.js';
import type { Method, SpaceName } from './methods.js';
import { coupledLevels, firstBand, layersOf, plannedFor } from './plannedSteady.js';
import { type Determined, type SolverHooks, solveOn, startOf } from './refinedSteady.js';
import {
  iterativeMethod,
  reasonOfSystem,
  type SolverChoice,
  spaceOfSystem,
  UNASKED,
} from './route.js';
import {
  joinedRules,
  type SplitLindbladian,
  type SplitRules,
  splitLindbladian,
  splitRules,
} from './splitLindbladian.js';

/** Which way a solution went, and how well it ended. */
export interface SolverReport {
  readonly space: SpaceName;
  /** Largest |δ| of a band; null where nothing is cut off. */
  readonly dmax: number | null;
  /** Largest change of an element of ρ from this band to the next wider one; null where there is none. */
  readonly bandError: number | null;
  readonly method: Method | 'elimination';
  /** Applications of the generator by the inner solver, in all. */
  readonly iterations: number;
  /** Refinements around it. */
  readonly passes: number;
  /** Where, and in which arithmetic, the solution and its residual were kept between them. */
  readonly refinement: string;
  /** ‖𝓛ρ‖ that rounding alone leaves. */
  readonly residualFloor: number;
  /**
   * About how far ρ is from the exact steady state (the norm of the difference): the slowest relaxation time
   * that was found times the residual; null where none was looked for.
   */
  readonly errorEstimate: number | null;
  readonly converged: boolean;
  /** True where no other state is a solution; null where that was not looked at, as in float32, or where it was stopped before. */
  readonly unique: true | null;
  /** Stopped on request before it converged. */
  readonly stopped: boolean;
  /** Whether a device left any of the preconditioner to the host, so that vectors travel in every iteration. */
  readonly preconditionedOnHost: boolean;
}

/** Of an elimination in the sector, whose result is judged elsewhere. */
export const ELIMINATED: SolverReport = {
  space: 'sector',
  dmax: null,
  bandError: null,
  method: 'elimination',
  iterations: 0,
  passes: 0,
  refinement: 'float64 on the CPU',
  residualFloor: 0,
  errorEstimate: null,
  converged: true,
  unique: true,
  stopped: false,
  preconditionedOnHost: false,
};

/** Whether a search in float64 was stopped: before it converged, or before the state was known to be the only one. */
export const isStopped = ({ stopped, converged, unique }: SolverReport): boolean =>
  stopped || (converged && unique === null);

/** A steady state of an open system, and how it was found. */
export interface SystemSolution {
  readonly rho: DensityMatrix;
  readonly rates: ChannelRates;
  /** ‖𝓛ρ‖ (Frobenius norm). */
  readonly residual: number;
  readonly solver: SolverReport;
  /** What disturbing its equations by some roundings changes of it, on the same space, where it was eliminated. */
  readonly change?: DensityMatrix;
  /** Why this space and method, in words. */
  readonly reason: string;
}

/** For where nothing else has come to an answer. @throws where a system has not just one steady state */
export const requireSteadyState = (
  system: OpenSystem,
  hooks?: SolverHooks,
): Promise<SystemSolution> => steadyStateOf(system, UNASKED, cpuBackend(), hooks);

/** A band found automatically is wide enough when a wider one changes no element by more. */
const BAND_ERROR = 1e-14;

const sum = (a: Determined, b: Determined): Determined => ({
  ...b,
  iterations: a.iterations + b.iterations,
  passes: a.passes + b.passes,
});

type Found = Omit<SystemSolution, 'reason'>;

function found(
  { lindbladian, space }: SplitLindbladian,
  elements: Float64Array,
  solver: SolverReport,
): Found {
  const rho = { space, elements };
  const rates = channelRates(lindbladian, rho);
  return { rho, rates, residual: rates.norm, solver };
}

async function solveBand<V>(
  rules: SplitRules,
  first: number,
  dmax: number | undefined,
  method: Method,
  backend: Backend<V>,
  hooks: SolverHooks,
): Promise<Found> {
  const { window } = rules.system;
  let width = Math.min(window.size - 1, first);
  let split = splitLindbladian(rules, { maxDelta: width });
  const { elements, ...known } = startOf(split, hooks);
  const before = { relaxation: null, ...known };
  let refined = await solveOn(split, elements, method, backend, hooks, before);
  let bandError: number | null = null;
  for (;;) {
    const next = widerBand(width, window);
    if (next === width) {
      bandError = 0;
      break;
    }
    if (refined.stopped || !refined.converged) break;
    // Whoever stopped the search for another state is not asked again.
    if (refined.unique === null && hooks.precision !== 'f32') break;
    const widerSplit = splitLindbladian(rules, { maxDelta: next });
    const start = embedded(
      { space: split.space, elements: refined.elements },
      widerSplit.space,
    ).elements;
    const { relaxation } = refined;
    const told = { relaxation, unique: refined.unique === true, likely: null };
    const more = await solveOn(widerSplit, start, method, backend, hooks, told);
    const again = sum(refined, more);
    bandError = largestDifference(start, again.elements);
    if (dmax !== undefined) {
      refined = { ...again, elements: refined.elements };
      break;
    }
    refined = again;
    split = widerSplit;
    width = next;
    if (bandError <= BAND_ERROR) break;
  }
  const whole = width === window.size - 1;
  return found(
    split,
    refined.elements,
    report('band', whole ? null : width, whole ? null : bandError, method, refined),
  );
}

const report = (
  space: SpaceName,
  dmax: number | null,
  bandError: number | null,
  method: Method,
  { relaxation, arithmetic, ...refined }: Determined,
): SolverReport => ({
  space,
  dmax,
  bandError,
  method,
  iterations: refined.iterations,
  passes: refined.passes,
  refinement: arithmetic,
  residualFloor: refined.floor,
  errorEstimate:
    relaxation === null ? null : relaxation * Math.max(refined.residual, refined.floor),
  converged: refined.converged,
  unique: refined.unique,
  stopped: refined.stopped && !refined.converged,
  preconditionedOnHost: refined.preconditionedOnHost,
});

async function solveWhole<V>(
  rules: SplitRules,
  space: 'sector' | 'full',
  method: Method,
  backend: Backend<V>,
  hooks: SolverHooks,
): Promise<Found> {
  const split = splitLindbladian(rules, space);
  const { elements, ...known } = startOf(split, hooks);
  const before = { relaxation: null, ...known };
  const refined = await solveOn(split, elements, method, backend, hooks, before);
  return found(split, refined.elements, report(space, null, null, method, refined));
}

/** Whether layers are a way: without a sector, where nothing but GMRES on the CPU is asked for. */
const isLayered = <V>(
  symmetry: Symmetry,
  space: SpaceName,
  method: Method,
  { dmax }: SolverChoice,
  backend: Backend<V>,
  { precision = 'f64', start }: SolverHooks,
): boolean =>
  (space === 'band' || (space === 'full' && !hasSector(symmetry))) &&
  method === 'gmres' &&
  dmax === undefined &&
  backend.adapter === null &&
  backend.precision === 'f64' &&
  precision === 'f64' &&
  start === undefined;

/** In layers; null where those are no way. */
async function solveLayers(
  rules: SplitRules,
  space: SpaceName,
  hooks: SolverHooks,
): Promise<Found | null> {
  const { system, symmetry } = rules;
  const layers = layersOf(symmetry, system.window, space);
  const solved = await layeredSteady(system, joinedRules(rules), symmetry, layers, hooks);
  if (solved === null) return null;
  const { rho, rates, residual, relaxation, floor, iterations, passes, dmax, edge } = solved;
  return {
    rho,
    rates,
    residual,
    solver: {
      ...ELIMINATED,
      ...{ space, dmax, bandError: edge, method: 'gmres', iterations, passes },
      residualFloor: floor,
      errorEstimate: relaxation === null ? null : relaxation * Math.max(residual, floor),
      unique: relaxation === null ? null : true,
    },
  };
}

/** ‖𝓛ρ‖ of an elimination that lost no digits, beside what rounding leaves. */
const LOST = 1e3;

/** The steady state in the sector by conserving elimination; null where that does not find one, or loses digits. */
function eliminated(rules: SplitRules): Found | null {
  const split = splitLindbladian(rules, 'sector');
  const { total } = split.lindbladian;
  try {
    const eliminated = disturbedSteadyState(rules.system);
    if (eliminated === null) return null;
    const { elements } = embedded(eliminated.state, split.space);
    const change = embedded(eliminated.change, split.space);
    const floor = roundingFloor(total, elements);
    const residual = residualOf(total, elements);
    if (!(residual <= LOST * floor)) return null;
    return { ...found(split, elements, { ...ELIMINATED, residualFloor: floor }), change };
  } catch (error) {
    if (error instanceof NonUniqueSteadyStateError) return null;
    throw error;
  }
}

/**
 * The steady state of an open system: the one entry for any of them.
 *
 * With method 'auto' a sector is eliminated directly, in float64 on the CPU, and everything else solved by GMRES on the
 * backend; where elimination fails, by one factorisation.
 * @throws {OpenSystemError} for a system that is none
 * @throws {ParameterError} for a space or method that the system has not, and for one that takes too much memory
 * @throws {NonUniqueSteadyStateError}
 * @throws {OutOfDeviceMemoryError} with what takes less
 */
export async function steadyStateOf<V>(
  system: OpenSystem,
  choice: SolverChoice,
  backend: Backend<V>,
  hooks: SolverHooks = {},
): Promise<SystemSolution> {
  const symmetry = symmetryOf(checkedSystem(system));
  const space = spaceOfSystem(symmetry, choice);
  const rules = splitRules(system, symmetry);
  const solved = await solveIn(rules, space, choice, backend, hooks);
  const { method, dmax } = solved.solver;
  return { ...solved, reason: reasonOfSystem(symmetry, space, method, dmax) };
}

async function solveIn<V>(
  rules: SplitRules,
  space: SpaceName,
  choice: SolverChoice,
  backend: Backend<V>,
  hooks: SolverHooks,
): Promise<Found> {
  const { system, symmetry } = rules;
  if (space === 'sector' && choice.method === 'auto' && hooks.start === undefined) {
    const direct = eliminated(rules);
    if (direct !== null) return direct;
  }
  const method = iterativeMethod(space, choice);
  if (method === 'propagation' && backend.precision !== 'f64') {
    throw new ParameterError(
      'method',
      method,
      'another on a backend of float32: this one is not refined',
    );
  }
  const { window } = system;
  const dmax = choice.dmax ?? firstBand(coupledLevels(rules, backend.adapter));
  const planned = () => plannedFor(rules, { space, method, dmax, adapter: backend.adapter });
  if (hooks.memory !== undefined) {
    const instead = whatFits(window, planned(), hooks.memory);
    if (instead !== null) throw new ParameterError('space', space, instead);
  }
  try {
    const inLayers = isLayered(symmetry, space, method, choice, backend, hooks)
      ? await solveLayers(rules, space, hooks)
      : null;
    if (inLayers !== null) return inLayers;
    if (space === 'band') {
      return await solveBand(rules, dmax, choice.dmax, method, backend, hooks);
    }
    return await solveWhole(rules, space, method, backend, hooks);
  } catch (error) {
    if (!(error instanceof OutOfDeviceMemoryError)) throw error;
    throw new OutOfDeviceMemoryError(`${error.message}; ${whatTakesLess(window, planned())}`);
  }
}
