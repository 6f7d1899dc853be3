/** How a system comes to its steady state, as a number that may be asked for beside it: one more search for modes. */
import type { Estimate } from '../lindblad/estimate.js';
import { ParameterError } from '../model/parameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { type ChargeModes, type SectorModes, Spectrum, slowestRate } from '../spectrum/modes.js';
import { WideSectorError } from '../spectrum/weightedSector.js';
import { neutralModes } from './anyModes.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { DEFAULT_MODES } from './modesCount.js';

export interface Relaxation {
  /** The gap of the generator, as `qmill modes` has it; null where it is not known. */
  readonly gap: Estimate | null;
}

const relaxationBy = (modes: SectorModes | null): Relaxation => ({
  gap: modes && slowestRate(modes),
});

/** Of a state that was found to be the only one null where a mode is too slow to be told from it. */
function toldApart(error: unknown): null {
  if (error instanceof NonUniqueSteadyStateError) return null;
  throw error;
}

/**
 * The slowest modes in the sector of the populations; null where one of them is too slow to be told from the state.
 * @param sure how many of them are to be the slowest of all, at any frequency
 * @throws {WideSectorError} on a wide window without a charge that counts levels
 */
export function modesInSector(system: OpenSystem, sure: number): ChargeModes | null {
  try {
    const spectrum = new Spectrum(system);
    return spectrum.modes(spectrum.neutral, DEFAULT_MODES, [], undefined, sure);
  } catch (error) {
    return toldApart(error);
  }
}

/** In the sector of the populations. @throws as `modesInSector` */
export const relaxationInSector = (system: OpenSystem): Relaxation =>
  relaxationBy(modesInSector(system, 1));

/**
 * On whichever window, by layers where it is wide.
 * @throws {ParameterError} where layers are no way to it, or take more memory than there is
 * @throws {NoSteadyStateError | StoppedError}
 */
export async function relaxationOf(
  system: OpenSystem,
  hooks?: LayeredFluctuationHooks,
): Promise<Relaxation> {
  try {
    const request = { count: DEFAULT_MODES, observables: [], sure: 1 };
    return relaxationBy((await neutralModes(system, request, hooks)).modes);
  } catch (error) {
    if (!(error instanceof WideSectorError)) return relaxationBy(toldApart(error));
    throw new ParameterError('lmax', system.window.lmax, `nearer to lmin: ${error.message}`);
  }
}
