/** A steady state in layers with the group inverse of its generator, for whatever is made of both. */
import { StoppedError } from '../backend/backend.js';
import { SingularMatrixError } from '../generator/chains.js';
import { checkedSystem } from '../generator/checkedSystem.js';
import { hasSector, type Symmetry, symmetryOf } from '../generator/symmetry.js';
import { ParameterError } from '../model/parameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { Ended, LayeredInverse } from './layeredInverse.js';
import { inLayers, type SolvedLayers, type TOO_NARROW } from './layeredSteady.js';
import { gigabytes, plannedBytes } from './memoryPlan.js';
import { coupledLevels, firstBand, layersOf, plannedFor } from './plannedSteady.js';
import { joinedRules, splitRules } from './splitLindbladian.js';

/**
 * How many times what is planned for a state is there at a time, measured and rounded up: with its factors those of its
 * transposed, and others beside both. Those at a frequency are of twice as many rows and columns, on either side.
 */
export const AT_A_TIME = { inverse: 1.5, between: 2, tilted: 3, frequency: 5 } as const;

/**
 * @param needs what of it takes most memory
 * @param make may throw `Ended`
 * @param inSector whether it is made where a charge counts levels, too: of jumps that are numbers
 * @returns what is made of it; null where layers are no way to it
 * @throws {ParameterError} where it takes more memory than there is
 * @throws {StoppedError}
 */
export async function withInverse<T>(
  system: OpenSystem,
  { memory, ...hooks }: LayeredFluctuationHooks,
  needs: keyof typeof AT_A_TIME,
  make: (solved: SolvedLayers, inverse: LayeredInverse, symmetry: Symmetry) => Promise<T>,
  inSector = false,
): Promise<T | null> {
  const { window } = system;
  const symmetry = symmetryOf(checkedSystem(system));
  if (hasSector(symmetry) && !inSector) return null;
  const rules = splitRules(system, symmetry);
  if (memory !== undefined) {
    const dmax = firstBand(coupledLevels(rules, null));
    const state = plannedFor(rules, { space: 'band', method: 'gmres', dmax, adapter: null });
    const planned = { ...state, times: AT_A_TIME[needs] };
    const needed = plannedBytes(window, planned);
    if (needed > memory) {
      const allowed = `nearer to lmin: in layers it takes up to ${gigabytes(needed)} of memory, and there are ${gigabytes(memory)}`;
      throw new ParameterError('lmax', window.lmax, allowed);
    }
  }
  let isStopped = false;
  const onIteration =
    hooks.onIteration &&
    (async (n: number, size: number) => {
      isStopped ||= !((await hooks.onIteration?.(n, size)) ?? true);
      return !isStopped;
    });
  const use = async (solved: SolvedLayers): Promise<T | typeof TOO_NARROW | null> => {
    if (isStopped) return null;
    let inverse: LayeredInverse | null = null;
    try {
      inverse = await LayeredInverse.of(solved);
      const made = await make(solved, inverse, symmetry);
      // What was stopped on the way is not as good as it is said to be.
      return isStopped ? null : made;
    } catch (error) {
      if (error instanceof Ended) return error.made;
      if (error instanceof SingularMatrixError) return null;
      throw error;
    } finally {
      inverse?.release();
    }
  };
  const layers = layersOf(symmetry, window, 'band');
  const found = await inLayers(system, joinedRules(rules), symmetry, layers, use, {
    ...hooks,
    onIteration,
  });
  if (found === null && isStopped) throw new StoppedError('stopped while it was solved');
  return found;
}
