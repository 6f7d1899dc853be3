/** Whether what was read off a sector's steady state is to be trusted, as reports have it. */

import type { OpenEnds } from '../machine/description/ladder.js';
import { RESIDUAL_TOLERANCE, relativeResidual } from '../solve/verdict.js';
import { edgeProblems } from './edgeProblems.js';

/** A steady state, of a sector as a rule. */
export interface SolvedInSector {
  /** Where and how it was solved, if not in a sector by elimination. */
  readonly space?: 'sector' | 'band' | 'full';
  readonly method?: 'elimination' | 'gmres';
  /** ‖𝓛ρ‖ and the same of the magnitudes of its terms. */
  readonly residual: number;
  readonly scale: number;
  /** Populations of the lowest and the highest level. */
  readonly edges: readonly [number, number];
}

/**
 * @param begin when the work began, in milliseconds of `performance.now`
 */
export function sectorVerdict(
  { space = 'sector', method = 'elimination', residual, scale, edges }: SolvedInSector,
  open: OpenEnds,
  edgeTolerance: number,
  begin: number,
) {
  const relative = relativeResidual(residual, scale);
  const problems: string[] = [];
  if (!(relative <= RESIDUAL_TOLERANCE.f64)) {
    problems.push(`‖Lρ‖ is ${relative.toExponential(1)} of ‖|L||ρ|‖`);
  }
  problems.push(...edgeProblems(edges, open, edgeTolerance));
  return {
    space,
    method,
    converged: problems.length === 0,
    problems,
    residual,
    relativeResidual: relative,
    seconds: (performance.now() - begin) / 1000,
  };
}
