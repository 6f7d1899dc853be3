/**
 * Times between chosen jumps by layers of the generator without these jumps, 𝓛₀ = 𝓛 − J. With K = ⟨1|J|ρ⟩ mean and
 * variance are those of ⟨τⁿ⟩ = n! ⟨1|(−𝓛₀)^{−n} J|ρ⟩/K, by the inverse that 𝓛₀ has.
 *
 * The density w(τ) = ⟨1|J e^{𝓛₀τ} J|ρ⟩/K is evolved between the classes that are solved. e^{𝓛₀τ} makes no trace norm
 * larger: so what leads out of these classes, summed up over the time, bounds what is lost of the state, as what the
 * steady state is off by does, and ‖ΣA†A‖ times that what is lost of K w.
 */

import { StoppedError } from '../backend/backend.js';
import { cpuBackend } from '../backend/cpu/backend.js';
import { COARSE, FINE, type WaitingTimes, waitingFrom } from '../fluctuations/waitingTimes.js';
import { apply } from '../generator/apply.js';
import { spaceOf } from '../generator/classes.js';
import { generatorOf } from '../generator/generator.js';
import { HermitianMatrix } from '../generator/hermitianMatrix.js';
import { allRules, lindbladRules } from '../generator/lindbladian.js';
import { jumpRules, type Rule } from '../generator/rules.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { adjointProduct, type Operator, sum } from '../operators/operator.js';
import { ChebyshevEvolution } from '../solve/chebyshevEvolution.js';
import { LayeredMatrix } from '../solve/layeredMatrix.js';
import { populationsIn } from '../solve/layeredNullVector.js';
import { layeredResponse, REFINED, RESPONSE_ROOM } from '../solve/layeredResponse.js';
import { RESIDUAL_TOLERANCE } from '../solve/verdict.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { matrixOf } from '../state/spectrum.js';
import { dot } from './layeredErrors.js';
import { Ended, type LayeredInverse } from './layeredInverse.js';
import { type SolvedLayers, TOO_NARROW } from './layeredSteady.js';

/** How fine the steps in time are that are compared. */
const RUNS = [FINE, COARSE];
/** What may be lost beyond the layers, by the rate of the jumps: where it is more, more layers are taken in. */
const LEAVING = 1e-10;
/** By how much a correction may understate what the state is off by. */
const SAFETY = 8;
/** What rounding takes from a density in one step. */
const ROUNDING = 8 * Number.EPSILON;

/** @param names of the chosen jumps @param times rising @throws {Ended | SingularMatrixError | StoppedError} */
export async function layeredWaiting(
  solved: SolvedLayers,
  inverse: LayeredInverse,
  system: OpenSystem,
  { names, jumps }: { readonly names: readonly string[]; readonly jumps: readonly Operator[] },
  times: readonly number[],
): Promise<WaitingTimes> {
  const { matrix: of, blockOf, steady, hooks, isTooNarrow } = solved;
  const { space } = of;
  const rules = [...allRules(lindbladRules(system)), ...jumpRules(jumps, -1)];
  const matrix = new HermitianMatrix(space, rules);
  const populations = populationsIn({ matrix });
  const traceOf = (x: Float64Array) => populations.reduce((sum, i) => sum + x[i], 0);
  const jump = generatorOf(space, jumpRules(jumps));
  const moved = apply(jump, steady.rho.elements);
  const after = matrix.kept(moved);
  const rate = traceOf(after);
  const moments: [number, number] = [Number.NaN, Number.NaN];
  if (!(rate > 0)) {
    const nothing = { rate: 0, moments: () => moments, evolved: () => [], size: 0 };
    return waitingFrom(names, nothing, []);
  }
  const { onFactorisation, onIteration } = hooks;
  const layered = await LayeredMatrix.of(matrix, blockOf, -1, RESPONSE_ROOM, onFactorisation);
  try {
    let x = after.map((value) => value / rate);
    for (const power of [0, 1] as const) {
      const found = await layeredResponse(layered, [], x, REFINED, onIteration);
      if (found === null) throw new Ended(null);
      if (isTooNarrow(found.leftOut, found.magnitude)) throw new Ended(TOO_NARROW);
      if (!(found.residual <= RESIDUAL_TOLERANCE.f64 * found.magnitude)) throw new Ended(null);
      x = found.x.map((value) => -value);
      moments[power] = traceOf(x);
    }
  } finally {
    layered.release();
  }
  const known = { rate, moments: () => moments };
  if (times.length === 0) {
    return waitingFrom(names, { ...known, evolved: () => [], size: rate }, []);
  }
  const operator = sum(system.window, ...jumps.map((a) => adjointProduct(a, a)));
  const counted = embedded(matrixOf(operator, system.states), space);
  const evolution = new Between(solved, matrix, rules, counted);
  const begin = moved.map((value) => value / rate);
  const between = { ...known, size: rate + evolution.sizeOf(begin) };
  const runs = new Map<number, Evolved>();
  const evolved = (rtol: number) => (runs.get(rtol) as Evolved).densities;
  for (const rtol of RUNS) runs.set(rtol, await evolution.run(begin, times, rtol));
  const found = waitingFrom(names, { ...between, evolved }, times);
  // What the state is off by is so from the beginning on, in the rate, too.
  const correction = apply(jump, (await inverse.stateCorrection()).elements);
  const off = (SAFETY * evolution.traceNorm({ space, elements: correction })) / rate;
  const { lost, steps } = runs.get(FINE) as Evolved;
  return {
    ...found,
    distribution: found.distribution.map(({ tau, density, error }, k) => ({
      tau,
      density,
      error:
        error +
        evolution.most * (lost[k] + off) +
        Math.abs(density) * off +
        ROUNDING * steps[k] * rate,
    })),
  };
}

interface Evolved {
  readonly densities: readonly number[];
  /** By time the trace norm of what has been lost beyond the layers, and how many steps it has taken. */
  readonly lost: readonly number[];
  readonly steps: readonly number[];
}

/** States between jumps. */
class Between {
  readonly #row: Float64Array;
  /** The norm of ΣA†A, at most. */
  readonly most: number;

  /**
   * @param matrix of 𝓛₀ on the space of the layers
   * @param counted ΣA†A on it
   */
  constructor(
    private readonly solved: SolvedLayers,
    private readonly matrix: HermitianMatrix,
    private readonly rules: readonly Rule[],
    counted: DensityMatrix,
  ) {
    this.#row = matrix.row(counted.elements);
    this.most = largestRow(counted);
  }

  /** The magnitudes of the terms of K w. */
  sizeOf(elements: Float64Array): number {
    return this.matrix
      .kept(elements)
      .reduce((sum, value, i) => sum + Math.abs(value * this.#row[i]), 0);
  }

  /** At most; of the elements that are left out alone, where that is asked. */
  traceNorm(
    { space, elements }: DensityMatrix,
    among: (c: number) => boolean = () => true,
  ): number {
    const order = space.states * space.window.size;
    return Math.sqrt(order) * this.matrix.norm(this.matrix.kept(elements), among);
  }

  /** @throws {Ended | StoppedError} */
  async run(begin: Float64Array, times: readonly number[], rtol: number): Promise<Evolved> {
    const { matrix, rules, solved } = this;
    const { space } = matrix;
    const leavesOut = (c: number) => solved.layered.leavesOut(c);
    const isWhole = !space.classes.some((_, c) => leavesOut(c));
    const own = isWhole
      ? space
      : spaceOf(
          space,
          space.classes.filter((_, c) => !leavesOut(c)),
        );
    const whole = generatorOf(space, rules);
    const start = embedded({ space, elements: begin }, own).elements;
    const evolver = await ChebyshevEvolution.open(cpuBackend(), generatorOf(own, rules), start, {
      rtol,
      atol: 0,
    });
    const on = (elements: Float64Array) => embedded({ space: own, elements }, space);
    const rateOut = (elements: Float64Array): number =>
      isWhole
        ? 0
        : this.traceNorm({ space, elements: apply(whole, on(elements).elements) }, leavesOut);
    const begun = isWhole ? 0 : this.traceNorm({ space, elements: begin }, leavesOut);
    const densities: number[] = [];
    const [lost, steps]: [number[], number[]] = [[], []];
    let [leaving, t, total, taken] = [rateOut(start), 0, begun, 0];
    try {
      for (const tau of times) {
        await evolver.advanceTo(tau, async (reached) => {
          const { onIteration } = solved.hooks;
          taken++;
          const now = rateOut(await evolver.elements());
          total += (reached - t) * Math.max(leaving, now);
          [leaving, t] = [now, reached];
          if (!((await onIteration?.(taken, 1 - reached / times[times.length - 1])) ?? true)) {
            throw new StoppedError('stopped between jumps');
          }
        });
        if (total > LEAVING) throw new Ended(TOO_NARROW);
        densities.push(dot(this.#row, matrix.kept(on(await evolver.elements()).elements)));
        lost.push(total);
        steps.push(taken);
      }
    } finally {
      evolver.close();
    }
    return { densities, lost, steps };
  }
}

/** The largest sum of magnitudes in a row, which no eigenvalue is beyond. */
function largestRow({ space, elements }: DensityMatrix): number {
  const { size } = space.window;
  const sums = new Float64Array(space.states * size);
  for (const { ket, first, length, offset } of space.classes) {
    for (let p = 0; p < length; p++) {
      const at = 2 * (offset + p);
      sums[ket * size + first + p] += Math.hypot(elements[at], elements[at + 1]);
    }
  }
  return sums.reduce((most, x) => Math.max(most, x), 0);
}
