/**
 * The null vector of a generator that conserves the trace, to the floor of float64 whatever the
 * precision of the solver within.
 *
 * With x of trace 1, the correction δ of trace 0 solves L δ = −L x: on matrices of trace 0 the generator
 * is regular where the steady state is unique, and no equation is given up. Each pass gains the digits that
 * the inner solver has.
 */
import type { Backend } from '../backend/backend.js';
import { StoppedError } from '../backend/backend.js';
import { applyAdd } from '../generator/apply.js';
import type { Generator } from '../generator/generator.js';
import { magnitude } from '../generator/magnitude.js';
import { hostIterate, type Iterate, normOf, widerIterate } from './iterate.js';
import type { LinearSolver, LinearSystem, Stopping } from './linearSolver.js';

export interface RefinementOptions {
  /** ‖L x‖ relative to ‖|L| |x|‖ at which the answer counts as converged; improved beyond where that is cheap. */
  readonly tolerance: number;
  /** The relative residual that the inner solver reaches. */
  readonly innerTolerance: number;
  /** Inner iterations in which the residual has to halve. */
  readonly patience: number;
  /** Solutions around the inner solver, at most. */
  readonly passes: number;
  /** Inner iterations in all, at most. */
  readonly iterations: number;
  /** Called after each with ‖L x‖, as far as it is known; a promise of false stops. */
  readonly onIteration?: (iterations: number, residual: number) => Promise<boolean>;
}

export interface Refined {
  readonly elements: Float64Array;
  /** ‖L x‖, in float64. */
  readonly residual: number;
  /** What rounding alone leaves of it: about the machine's precision times ‖|L| |x|‖. */
  readonly floor: number;
  /** Where, and in which arithmetic, the solution and its residual were kept. */
  readonly arithmetic: string;
  readonly iterations: number;
  readonly passes: number;
  readonly converged: boolean;
  /** Stopped by `onIteration`. */
  readonly stopped: boolean;
}

/** ‖L x‖, in float64. */
export function residualOf(generator: Generator, x: Float64Array): number {
  const y = new Float64Array(x.length);
  applyAdd(generator, x, y);
  return normOf(y);
}

const EPSILON = 2 ** -53;

/** ε ‖|L| |x|‖ with ε = 2⁻⁵³. */
export const roundingFloor = (generator: Generator, x: Float64Array): number =>
  EPSILON * magnitude(generator, x);

/** What a refinement has done, on whichever iterate. */
class Progress {
  iterations = 0;
  passes = 0;
  stopped = false;

  constructor(private readonly options: RefinementOptions) {}

  get over(): boolean {
    const { passes, iterations } = this.options;
    return this.stopped || this.passes === passes || this.iterations >= iterations;
  }

  /** Counts a pass of the inner solver, whose right-hand side has norm `size`. */
  async pass(size: number, solve: (onIteration: Stopping['onIteration']) => Promise<number>) {
    const done = this.iterations;
    const { onIteration } = this.options;
    this.iterations += await solve(async (count, relative) => {
      this.stopped = !((await onIteration?.(done + count, relative * size)) ?? true);
      return !this.stopped;
    });
    this.passes++;
  }
}

/** What is rounded anew is refined again where its floor has fallen by as much. */
const LOWER = 0.5;
/** Within so many times the floor a residual that no longer halves is as small as it gets. */
const NEAR_FLOOR = 4;

/**
 * Improves an iterate while that halves its residual; returns ‖L x‖ of the best. A pass that does not may
 * still have corrected the slowest modes, which show least in a residual, at the price of its solver's
 * rounding in the fastest: then another one follows.
 */
async function refine<V>(
  iterate: Iterate<V>,
  floor: number,
  solver: LinearSolver,
  makeSystem: () => Promise<LinearSystem<V>>,
  options: RefinementOptions,
  progress: Progress,
): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  let failures = 0;
  for (;;) {
    const size = await iterate.residual();
    failures = size <= best / 2 ? 0 : failures + 1;
    if (size < best) {
      best = size;
      await iterate.keep();
    }
    const enough = size <= floor || (failures > 0 && best <= NEAR_FLOOR * floor) || failures > 1;
    // A residual that is no number fails, too.
    if (enough || progress.over || !Number.isFinite(size)) {
      if (size !== best) iterate.restore();
      return best;
    }
    let system: LinearSystem<V>;
    try {
      system = await makeSystem();
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
      progress.stopped = true;
      if (size !== best) iterate.restore();
      return best;
    }
    const { backend } = system;
    const right = await backend.allocate(system.size);
    const correction = await backend.allocate(system.size);
    await iterate.rightHandSide(right);
    await progress.pass(size, async (onIteration) => {
      const { iterations } = await solver(system, right, correction, {
        tolerance: Math.max(options.innerTolerance, Math.min(0.1, (0.5 * floor) / size)),
        iterations: options.iterations - progress.iterations,
        patience: options.patience,
        ...(onIteration === undefined ? {} : { onIteration }),
      });
      return iterations;
    });
    await iterate.correct(correction);
    backend.release(right);
    backend.release(correction);
  }
}

/**
 * Where the backend has a wider arithmetic, x and L x stay beside the inner solver until that is used up;
 * the last digits are float64's.
 * @param start Hermitian, of trace 1
 * @param makeSystem the system of equations that the solver works on; asked for when it is needed
 */
export async function refinedNullVector<V>(
  generator: Generator,
  start: Float64Array,
  backend: Backend<V>,
  solver: LinearSolver,
  makeSystem: () => Promise<LinearSystem<V>>,
  options: RefinementOptions,
): Promise<Refined> {
  let floor = roundingFloor(generator, start);
  const progress = new Progress(options);
  /** A start may be much larger under |L| than what comes of it: then its floor is none of that. */
  const on = async (iterate: Iterate<V>) => {
    for (;;) {
      const known = floor;
      const times = iterate.epsilon / EPSILON;
      const residual = await refine(iterate, known * times, solver, makeSystem, options, progress);
      const elements = await iterate.elements();
      floor = roundingFloor(generator, elements);
      const isDone = progress.over || !(floor < LOWER * known) || residual <= floor * times;
      if (isDone) return { elements, residual };
    }
  };
  let host = hostIterate(generator, start, backend);
  let arithmetic = host.name;
  // A single pass needs no digits beyond those of the start.
  const wider = options.passes === 1 ? null : await backend.wider?.();
  if (wider !== null && wider !== undefined) {
    const iterate = await widerIterate(generator, start, wider);
    try {
      const found = await on(iterate);
      host = hostIterate(generator, found.elements, backend);
      arithmetic = `${iterate.name}, the last digits in ${host.name}`;
    } finally {
      iterate.release();
    }
  }
  const { elements, residual } = await on(host);
  const { iterations, passes, stopped } = progress;
  const converged = residual <= Math.max(options.tolerance / EPSILON, NEAR_FLOOR) * floor;
  return { elements, residual, floor, arithmetic, iterations, passes, converged, stopped };
}
