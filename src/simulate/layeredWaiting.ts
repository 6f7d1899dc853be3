/**
 * Mean and variance of the times between chosen jumps, by layers of the generator without these jumps, which has an
 * inverse: with 𝓛₀ = 𝓛 − J and K = ⟨1|J|ρ⟩ they are those of ⟨τⁿ⟩ = n! ⟨1|(−𝓛₀)^{−n} J|ρ⟩/K.
 */
import { type WaitingTimes, waitingFrom } from '../fluctuations/waitingTimes.js';
import { apply } from '../generator/apply.js';
import { generatorOf } from '../generator/generator.js';
import { HermitianMatrix } from '../generator/hermitianMatrix.js';
import { allRules, lindbladRules } from '../generator/lindbladian.js';
import { jumpRules } from '../generator/rules.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Operator } from '../operators/operator.js';
import { LayeredMatrix } from '../solve/layeredMatrix.js';
import { populationsIn } from '../solve/layeredNullVector.js';
import { layeredResponse, REFINED, RESPONSE_ROOM } from '../solve/layeredResponse.js';
import { RESIDUAL_TOLERANCE } from '../solve/verdict.js';
import { Ended } from './layeredInverse.js';
import { type SolvedLayers, TOO_NARROW } from './layeredSteady.js';

/** @param names of the chosen jumps @throws {Ended | SingularMatrixError | StoppedError} */
export async function layeredWaiting(
  { matrix: { space }, blockOf, steady, hooks, isTooNarrow }: SolvedLayers,
  system: OpenSystem,
  names: readonly string[],
  jumps: readonly Operator[],
): Promise<WaitingTimes> {
  const rules = [...allRules(lindbladRules(system)), ...jumpRules(jumps, -1)];
  const matrix = new HermitianMatrix(space, rules);
  const populations = populationsIn({ matrix });
  const traceOf = (x: Float64Array) => populations.reduce((sum, i) => sum + x[i], 0);
  const after = matrix.kept(apply(generatorOf(space, jumpRules(jumps)), steady.rho.elements));
  const rate = traceOf(after);
  const times: [number, number] = [Number.NaN, Number.NaN];
  if (rate > 0) {
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
        times[power] = traceOf(x);
      }
    } finally {
      layered.release();
    }
  }
  const between = { rate, moments: () => times, evolved: () => [], size: rate };
  return waitingFrom(names, between, []);
}
