/** The slowest modes on whichever window: in the sectors of charges, or by layers. */
import { checkedSystem } from '../generator/checkedSystem.js';
import { type Charge, symmetryOf } from '../generator/symmetry.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Complex } from '../operators/operator.js';
import type { ChargeDifference } from '../spectrum/chargeSectors.js';
import { type Eigenvalue, eigenvaluesOf } from '../spectrum/exceptionalPoints.js';
import { chargesOf, type SectorModes, Spectrum } from '../spectrum/modes.js';
import { WideSectorError } from '../spectrum/weightedSector.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { layeredModes, type ModesRequest } from './layeredModes.js';
import { requireSteadyState } from './systemSteady.js';

/** Charges that a system conserves: those that its modes have. */
export const conservedCharges = (system: OpenSystem): Charge[] =>
  chargesOf(system, symmetryOf(checkedSystem(system)));

export interface ModesRequestByCharge extends ModesRequest {
  /** Of which charges they are. */
  readonly wanted: readonly ChargeDifference[];
}

/** Modes with their eigenvalues, each of these by itself where modes coalesce, too. */
interface ModesOfCharge {
  readonly modes: SectorModes;
  readonly vectors: readonly { readonly value: Complex }[];
}

/** A system whose modes are asked for by charge. */
export interface ModesByCharge {
  readonly steady: DensityMatrix;
  /**
   * Those of a charge that is wanted; null where no element has it.
   * @throws {WideSectorError | NonUniqueSteadyStateError}
   */
  of(charge: ChargeDifference): ModesOfCharge | null;
}

/**
 * @throws {WideSectorError} on a wide window, where layers come to no answer
 * @throws {ParameterError} where it takes more memory than there is
 * @throws {NoSteadyStateError | NonUniqueSteadyStateError | StoppedError}
 */
export async function modesByCharge(
  system: OpenSystem,
  request: ModesRequestByCharge,
  hooks: LayeredFluctuationHooks = {},
): Promise<ModesByCharge> {
  try {
    return inSectors(new Spectrum(system), request);
  } catch (error) {
    if (!(error instanceof WideSectorError)) throw error;
    const found = await layeredModes(system, request.wanted, request, hooks);
    if (found !== null) return found;
    await requireSteadyState(system, hooks);
    throw new WideSectorError(`${error.message}, and solving it in layers comes to no answer`);
  }
}

function inSectors(spectrum: Spectrum, request: ModesRequest): ModesByCharge {
  const { count, observables, frequency, sure } = request;
  const of = (charge: ChargeDifference) => {
    const found = spectrum.modes(charge, count, observables, frequency, sure);
    if (found === null) return null;
    const { vectors, ...modes } = found;
    return { modes, vectors };
  };
  return { steady: spectrum.steady, of };
}

/** The slowest modes of charge 0, that of the populations. @throws as `modesByCharge` */
export async function neutralModes(
  system: OpenSystem,
  request: ModesRequest,
  hooks?: LayeredFluctuationHooks,
): Promise<ModesOfCharge> {
  const neutral = conservedCharges(system).map(() => 0);
  const found = await modesByCharge(system, { ...request, wanted: [neutral] }, hooks);
  const modes = found.of(neutral);
  if (modes === null) throw new RangeError('a generator without populations');
  return modes;
}

/**
 * The slowest eigenvalues of charge 0, for where modes coalesce.
 * @throws as `modesByCharge`
 */
export async function slowestOf(
  system: OpenSystem,
  count: number,
  hooks?: LayeredFluctuationHooks,
): Promise<Eigenvalue[]> {
  const { modes, vectors } = await neutralModes(system, { count, observables: [], sure: 0 }, hooks);
  return eigenvaluesOf(
    modes,
    vectors.map(({ value }) => value),
  );
}
