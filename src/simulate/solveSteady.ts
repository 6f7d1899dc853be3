/** The steady state of a device, by whichever space and method are asked for or fit best. */
import type { Backend } from '../backend/backend.js';
import { OutOfDeviceMemoryError } from '../backend/webgpu/errors.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import { rotorWindow, type Window } from '../model/window.js';
import { largestDifference } from '../solve/uniqueness.js';
import { channelRates } from '../thermo/rates.js';
import { whatFits, whatTakesLess, widerBand } from './memoryPlan.js';
import type { Method } from './methods.js';
import {
  coupledSectors,
  type Determined,
  type SolverHooks,
  solveOn,
  startOf,
} from './refinedSteady.js';
import { embed, type SplitLindbladian, splitLindbladian } from './splitLindbladian.js';
import { grownWindow, type SteadyState, steadyState } from './steady.js';
import { SteadyReading } from './steadyReading.js';

export type SpaceName = 'sector' | 'band' | 'full';

export interface SolverChoice {
  readonly space: 'auto' | SpaceName;
  /** The band's largest |δ|; absent where it is to be found. */
  readonly dmax?: number | undefined;
  readonly method: 'auto' | Method;
}

/** Which way a solution went, and how well it ended. */
export interface SolverReport {
  readonly space: SpaceName;
  /** Largest |δ| of a band; null where nothing is cut off. */
  readonly dmax: number | null;
  /** Largest change of an element of ρ from this band to the next wider one; null where there is none. */
  readonly bandError: number | null;
  readonly method: Method;
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
  /** Stopped on request before it converged. */
  readonly stopped: boolean;
  /** Whether a device left any of the preconditioner to the host, so that vectors travel in every iteration. */
  readonly preconditionedOnHost: boolean;
}

export interface Solution {
  readonly state: SteadyState;
  readonly solver: SolverReport;
}

/** A band found automatically is wide enough when a wider one changes no element by more. */
const BAND_ERROR = 1e-14;

const sum = (a: Determined, b: Determined): Determined => ({
  ...b,
  iterations: a.iterations + b.iterations,
  passes: a.passes + b.passes,
});

function stateOf(
  { device, lindbladian, space }: SplitLindbladian,
  elements: Float64Array,
): SteadyState {
  const rho = { space, elements };
  const rates = channelRates(lindbladian, rho);
  return { device, rho, rates, residual: rates.norm };
}

/**
 * Where the search for a band begins: coherences of 10⁻¹⁵ reach |δ| = 10, 16, 22, 30 with V = 0.1, 1, 4, 10
 * (and I = 1), which couple 7, 9, 13, 18 sectors.
 */
const firstBand = (coupled: number): number => Math.ceil(1.5 * coupled) + 5;

async function solveBand<V>(
  parameters: DeviceParameters,
  window: Window,
  dmax: number | undefined,
  method: Method,
  backend: Backend<V>,
  hooks: SolverHooks<V>,
): Promise<Solution> {
  const first = dmax ?? firstBand(coupledSectors(parameters, window, backend.adapter));
  let width = Math.min(window.size - 1, first);
  let split = splitLindbladian(parameters, window, { maxDelta: width });
  let start = startOf(split, hooks);
  let refined = await solveOn(split, start, method, backend, hooks);
  let bandError: number | null = null;
  for (;;) {
    const next = widerBand(width, window);
    if (next === width) {
      bandError = 0;
      break;
    }
    if (refined.stopped || !refined.converged) break;
    const widerSplit = splitLindbladian(parameters, window, { maxDelta: next });
    start = embed(split.space, refined.elements, widerSplit.space);
    const { relaxation } = refined;
    const more = await solveOn(widerSplit, start, method, backend, hooks, relaxation);
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
  return {
    state: stateOf(split, refined.elements),
    solver: report('band', whole ? null : width, whole ? null : bandError, method, refined),
  };
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
  stopped: refined.stopped,
  preconditionedOnHost: refined.preconditionedOnHost,
});

async function solveWhole<V>(
  parameters: DeviceParameters,
  window: Window,
  space: 'sector' | 'full',
  method: Method,
  backend: Backend<V>,
  hooks: SolverHooks<V>,
): Promise<Solution> {
  const split = splitLindbladian(parameters, window, space);
  const start = startOf(split, hooks);
  const refined = await solveOn(split, start, method, backend, hooks);
  return {
    state: stateOf(split, refined.elements),
    solver: report(space, null, null, method, refined),
  };
}

/** The space that a choice means for a device. @throws {ParameterError} where it cannot be had */
export function spaceOfChoice({ V }: DeviceParameters, { space, dmax }: SolverChoice): SpaceName {
  if (V !== 0 && space === 'sector') {
    throw new ParameterError(
      'space',
      space,
      'auto, band or full with V ≠ 0, which breaks its symmetry',
    );
  }
  const chosen = space === 'auto' ? (V === 0 && dmax === undefined ? 'sector' : 'band') : space;
  if (dmax !== undefined && chosen !== 'band') {
    throw new ParameterError('dmax', dmax, `absent with space = ${space}: only a band has it`);
  }
  return chosen;
}

/**
 * The steady state on a window.
 * @throws {ParameterError | NonUniqueSteadyStateError}
 * @throws {OutOfDeviceMemoryError} with what takes less
 */
export async function solveSteadyOn<V>(
  parameters: DeviceParameters,
  window: Window,
  choice: SolverChoice,
  backend: Backend<V>,
  hooks: SolverHooks<V> = {},
): Promise<Solution> {
  const space = spaceOfChoice(parameters, choice);
  const method = choice.method === 'auto' ? 'gmres' : choice.method;
  if (method === 'propagation' && backend.precision !== 'f64') {
    throw new ParameterError(
      'method',
      method,
      'another on a backend of float32: this one is not refined',
    );
  }
  const coupled = coupledSectors(parameters, window, backend.adapter);
  const dmax = choice.dmax ?? firstBand(coupled);
  const onDevice = backend.adapter !== null;
  const plan = { space, dmax, method, coupled, onDevice };
  if (hooks.memory !== undefined) {
    const instead = whatFits(parameters, window, plan, hooks.memory);
    if (instead !== null) throw new ParameterError('space', space, instead);
  }
  try {
    if (space === 'band') {
      return await solveBand(parameters, window, choice.dmax, method, backend, hooks);
    }
    return await solveWhole(parameters, window, space, method, backend, hooks);
  } catch (error) {
    if (!(error instanceof OutOfDeviceMemoryError)) throw error;
    const less = whatTakesLess(parameters, window, plan);
    throw new OutOfDeviceMemoryError(`${error.message}; ${less}`);
  }
}

/** The window a search for one starts with: without potential it costs next to nothing to find. */
export const startWindow = (parameters: DeviceParameters, truncation: Truncation): Window =>
  steadyState({ ...parameters, V: 0 }, truncation).device.system.window;

/**
 * The steady state on the window asked for, or on one that grows until the populations at its edges are
 * below the tolerance.
 * @throws {ParameterError | NonUniqueSteadyStateError}
 */
export async function solveSteady<V>(
  parameters: DeviceParameters,
  truncation: Truncation,
  choice: SolverChoice,
  backend: Backend<V>,
  hooks: SolverHooks<V> = {},
): Promise<Solution> {
  const { lmin, lmax, edgeTolerance } = truncation;
  if (lmin !== undefined && lmax !== undefined) {
    return solveSteadyOn(parameters, rotorWindow(lmin, lmax), choice, backend, hooks);
  }
  let window = startWindow(parameters, truncation);
  for (;;) {
    const solution = await solveSteadyOn(parameters, window, choice, backend, hooks);
    const grown = grownWindow(window, new SteadyReading(solution.state).edges, edgeTolerance);
    if (grown === null || !solution.solver.converged) return solution;
    window = grown;
  }
}
