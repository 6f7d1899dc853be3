/**
 * What fluctuates where no charge that counts levels is conserved, on whichever window: by the operators as a whole where
 * that is not too wide, and by layers elsewhere.
 */
import type { FluctuatingState } from '../fluctuations/fluctuatingState.js';
import type { Fluctuations } from '../fluctuations/fluctuations.js';
import { ParameterError } from '../model/parameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { WideSectorError } from '../spectrum/weightedSector.js';
import { layeredFluctuations, layeredReading } from './layeredFluctuations.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { requireSteadyState } from './systemSteady.js';
import {
  narrowReading,
  type WholeRequest,
  type WholeSystem,
  wholeFluctuations,
} from './wholeFluctuations.js';

/** Products of a factorisation of all elements, levels · diagonals³, up to which that is faster than layers are. */
const FEW_PRODUCTS = 1e7;

/** Whether layers are tried first. */
export function isWide({ states, window: { size } }: OpenSystem): boolean {
  return size * (states ** 2 * (2 * size - 1)) ** 3 > FEW_PRODUCTS;
}

/**
 * What the wide way finds, or on a window of few levels, and where that finds nothing, the narrow one.
 * @param requireState asked where both find nothing: it tells where there is no unique state
 * @throws {ParameterError} where the window is too wide for the narrow one
 */
async function onAnyWindow<T>(
  { system }: WholeSystem,
  narrow: () => T,
  wide: () => Promise<T | null>,
  requireState: () => Promise<unknown>,
): Promise<T> {
  const { lmax } = system.window;
  const found = isWide(system) ? await wide() : null;
  if (found !== null) return found;
  try {
    return narrow();
  } catch (error) {
    if (!(error instanceof WideSectorError)) throw error;
    await requireState();
    const why = ', and solving it in layers comes to no answer';
    throw new ParameterError('lmax', lmax, `nearer to lmin: ${error.message}${why}`);
  }
}

/**
 * All of it.
 * @throws {ParameterError} on a wide window, where layers come to no answer
 * @throws {NoSteadyStateError | NonUniqueSteadyStateError | UnknownCounterError | UnknownJumpsError}
 */
export const anyFluctuations = (
  request: WholeRequest,
  hooks?: LayeredFluctuationHooks,
): Promise<Fluctuations> =>
  onAnyWindow(
    request,
    () => wholeFluctuations(request),
    () => layeredFluctuations(request, hooks),
    () => requireSteadyState(request.system, hooks),
  );

/** Mean and noise of a state that is known to be the only one, each number where it is asked for. @throws {ParameterError} */
export const anyFluctuating = (
  of: WholeSystem,
  hooks?: LayeredFluctuationHooks,
): Promise<FluctuatingState> =>
  onAnyWindow<FluctuatingState>(
    of,
    () => narrowReading(of),
    () => layeredReading(of, hooks),
    async () => {},
  );
