/**
 * Times between chosen jumps by layers of the generator without these jumps, 𝓛₀ = 𝓛 − J. With K = ⟨1|J|ρ⟩ mean and
 * variance are those of ⟨τⁿ⟩ = n! ⟨1|(−𝓛₀)^{−n} J|ρ⟩/K, by the inverse that 𝓛₀ has.
 *
 * The density w(τ) = ⟨1|J e^{𝓛₀τ} J|ρ⟩/K is evolved between the classes that are solved. e^{𝓛₀τ} makes no trace norm
 * larger: so what leads out of these classes, summed up over the time, bounds what is lost of the state, as what the
 * steady state is off by does, and ‖ΣA†A‖ times that what is lost of K w.
 */
import { COARSE, FINE, type WaitingTimes, waitingFrom } from '../fluctuations/waitingTimes.js';
import { apply } from '../generator/apply.js';
import { generatorOf } from '../generator/generator.js';
import { HermitianMatrix } from '../generator/hermitianMatrix.js';
import { allRules, lindbladRules } from '../generator/lindbladian.js';
import { jumpRules } from '../generator/rules.js';
import { dot } from '../norm.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Operator } from '../operators/operator.js';
import { LayeredMatrix } from '../solve/layeredMatrix.js';
import { populationsIn } from '../solve/layeredNullVector.js';
import { layeredResponse, REFINED, RESPONSE_ROOM } from '../solve/layeredResponse.js';
import { rateOperator } from '../spectrum/countedBath.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { matrixOf } from '../state/spectrum.js';
import { type Carried, carried, normAtMost, traceNorm } from './layeredEvolution.js';
import { type LayeredInverse, required } from './layeredInverse.js';
import type { SolvedLayers } from './layeredSteady.js';

/** How fine the steps in time are that are compared. */
const RUNS = [FINE, COARSE];
/** By how much a correction may understate what the state is off by. */
const SAFETY = 8;
/** What rounding takes from a density in one step. */
const ROUNDING = 8 * Number.EPSILON;

/** @param names of the chosen jumps @param times rising @throws {Ended | ParameterError | SingularMatrixError | StoppedError} */
export async function layeredWaiting(
  solved: SolvedLayers,
  inverse: LayeredInverse,
  system: OpenSystem,
  { names, jumps }: { readonly names: readonly string[]; readonly jumps: readonly Operator[] },
  times: readonly number[],
): Promise<WaitingTimes> {
  const { matrix: of, blockOf, steady, hooks } = solved;
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
  const { onFactorisation, onIteration, onEvolution } = hooks;
  const layered = await LayeredMatrix.of(matrix, blockOf, -1, RESPONSE_ROOM, onFactorisation);
  try {
    let x = after.map((value) => value / rate);
    for (const power of [0, 1] as const) {
      const response = await layeredResponse(layered, [], x, REFINED, onIteration);
      x = required(solved, response).x.map((value) => -value);
      moments[power] = traceOf(x);
    }
  } finally {
    layered.release();
  }
  const known = { rate, moments: () => moments };
  if (times.length === 0) {
    return waitingFrom(names, { ...known, evolved: () => [], size: rate }, []);
  }
  const operator = rateOperator(system.window, jumps);
  const counted = embedded(matrixOf(operator, system.states), space);
  const row = matrix.row(counted.elements);
  const most = normAtMost(operator, system.states);
  const begin = moved.map((value) => value / rate);
  const terms = matrix.kept(begin).map((value, i) => Math.abs(value * row[i]));
  const between = { ...known, size: rate + terms.reduce((sum, term) => sum + term, 0) };
  const runs = new Map<number, Carried<number>>();
  const leavesOut = (c: number) => solved.layered.leavesOut(c);
  const carrier = { space, rules, leavesOut, field: 'tau' } as const;
  const densityOf = ({ elements }: DensityMatrix) => dot(row, matrix.kept(elements));
  for (const [k, rtol] of RUNS.entries()) {
    const onRun = onEvolution && ((share: number) => onEvolution((k + share) / RUNS.length));
    runs.set(rtol, await carried(carrier, begin, times, rtol, 1, densityOf, onRun));
  }
  const evolved = (rtol: number) => (runs.get(rtol) as Carried<number>).read;
  const found = waitingFrom(names, { ...between, evolved }, times);
  // What the state is off by is so from the beginning on, in the rate, too.
  const correction = apply(jump, (await inverse.stateCorrection()).elements);
  const off = (SAFETY * traceNorm({ space, elements: correction })) / rate;
  const { lost, steps } = runs.get(FINE) as Carried<number>;
  return {
    ...found,
    distribution: found.distribution.map(({ tau, density, error }, k) => ({
      tau,
      density,
      error: error + most * (lost[k] + off) + Math.abs(density) * off + ROUNDING * steps[k] * rate,
    })),
  };
}
