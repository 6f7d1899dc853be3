/**
 * The null vector of a generator that conserves the trace, to the floor of float64 whatever the
 * precision of the solver within.
 *
 * With x of trace 1, the correction δ of trace 0 solves L δ = −L x: on matrices of trace 0 the generator
 * is regular where the steady state is unique, and no equation is given up. The residual is computed in
 * float64; each pass gains the digits that the inner solver has.
 */
import { applyAdd } from '../backend/cpu/apply.js';
import { coefficientsOf, type Generator } from '../generator/generator.js';
import { QUBIT_STATES } from '../model/operator.js';
import { StoppedError } from './bandFactors.js';
import type { LinearSolver, LinearSystem } from './linearSolver.js';

export interface RefinementOptions {
  /** ‖L x‖ at which the answer counts as converged; it is improved beyond that where that is cheap. */
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
  readonly iterations: number;
  readonly passes: number;
  readonly converged: boolean;
  /** Stopped by `onIteration`. */
  readonly stopped: boolean;
}

const normOf = (x: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return Math.sqrt(sum);
};

/** Indices of the real parts of the populations. */
function populationIndices({ space }: Generator): Int32Array {
  const indices: number[] = [];
  for (let s = 0; s < QUBIT_STATES; s++) {
    const { offset, length } = space.classes[space.find(s, s, 0)];
    for (let p = offset; p < offset + length; p++) indices.push(2 * p);
  }
  return Int32Array.from(indices);
}

/** ‖L x‖, in float64. */
export function residualOf(generator: Generator, x: Float64Array): number {
  const y = new Float64Array(x.length);
  applyAdd(generator, x, y);
  return normOf(y);
}

/** ε ‖|L| |x|‖ with ε = 2⁻⁵³. */
export function roundingFloor({ couplings }: Generator, x: Float64Array): number {
  const sums = new Float64Array(x.length / 2);
  for (const coupling of couplings) {
    const { kind, re, im } = coefficientsOf(coupling);
    for (let p = 0; p < coupling.count; p++) {
      const a = kind === 'imaginary' ? 0 : re[p];
      const b = kind === 'real' ? 0 : im[p];
      const at = 2 * (coupling.source + p);
      sums[coupling.target + p] +=
        (Math.abs(a) + Math.abs(b)) * (Math.abs(x[at]) + Math.abs(x[at + 1]));
    }
  }
  return 2 ** -53 * normOf(sums);
}

/**
 * @param start Hermitian, of trace 1
 * @param makeSystem the system of equations that the solver works on; asked for when it is needed
 */
export async function refinedNullVector<V>(
  generator: Generator,
  start: Float64Array,
  solver: LinearSolver,
  makeSystem: () => Promise<LinearSystem<V>>,
  options: RefinementOptions,
): Promise<Refined> {
  const { tolerance, innerTolerance, passes: mostPasses, iterations: most, onIteration } = options;
  const populations = populationIndices(generator);
  const traceOf = (x: Float64Array) => {
    let sum = 0;
    for (const i of populations) sum += x[i];
    return sum;
  };
  const floor = roundingFloor(generator, start);
  let iterations = 0;
  let stopped = false;
  let best = { elements: start, residual: Number.POSITIVE_INFINITY };
  let x = start;
  let passes = 0;
  for (; ; passes++) {
    const residual = new Float64Array(x.length);
    applyAdd(generator, x, residual);
    const size = normOf(residual);
    const before = best.residual;
    if (size < before) best = { elements: x, residual: size };
    const enough = size <= floor || size > before / 2;
    if (stopped || enough || passes === mostPasses || iterations >= most) break;

    // What rounding leaves of the residual's trace is no part of any L δ.
    const left = traceOf(residual);
    for (let i = 0; i < x.length; i++) residual[i] = (left * x[i] - residual[i]) / size;
    let system: LinearSystem<V>;
    try {
      system = await makeSystem();
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
      stopped = true;
      break;
    }
    const { backend } = system;
    const right = await backend.upload(residual);
    const correction = await backend.allocate(system.size);
    const done = iterations;
    const solved = await solver(system, right, correction, {
      tolerance: Math.max(innerTolerance, Math.min(0.1, (0.5 * floor) / size)),
      iterations: most - iterations,
      patience: options.patience,
      onIteration: async (count, relative) => {
        if (onIteration === undefined) return true;
        stopped = !(await onIteration(done + count, relative * size));
        return !stopped;
      },
    });
    iterations += solved.iterations;
    const delta = await backend.download(correction);
    backend.release(right);
    backend.release(correction);
    const next = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) next[i] = x[i] + size * delta[i];
    const trace = traceOf(next);
    for (let i = 0; i < x.length; i++) next[i] /= trace;
    x = next;
  }
  const { elements, residual } = best;
  const converged = residual <= Math.max(tolerance, 4 * floor);
  return { elements, residual, floor, iterations, passes, converged, stopped };
}
