/** A state some time after an initial one, on a band that is widened until what leads out of it is too little to count. */
import { COARSE, FINE } from '../fluctuations/waitingTimes.js';
import { allRules, lindbladRules } from '../generator/lindbladian.js';
import { reachableSpace } from '../generator/search.js';
import { symmetryOf } from '../generator/symmetry.js';
import { ParameterError } from '../model/parameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import {
  type InitialState,
  initialDensityMatrix,
  populatedClasses,
} from '../state/initialState.js';
import { nextWidth, reachOf } from './layeredCorrelation.js';
import { carried, traceNorm } from './layeredEvolution.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { Ended } from './layeredInverse.js';
import { TOO_NARROW } from './layeredSteady.js';
import { gigabytes } from './memoryPlan.js';
import { layersOf } from './plannedSteady.js';

/** Vectors that are there at a time, and bytes of a number of one. */
const VECTORS = 12;
const BYTES = 16;

export interface Begun {
  readonly state: DensityMatrix;
  /** The largest |δ| of what it has. */
  readonly widest: number;
  /** The trace norm of what it may be off by, at most. */
  readonly off: number;
}

/**
 * @throws {ParameterError} where it takes more memory than there is
 * @throws {StoppedError}
 */
export async function layeredStart(
  system: OpenSystem,
  initial: InitialState,
  t: number,
  { memory, onEvolution }: LayeredFluctuationHooks,
): Promise<Begun> {
  const { window } = system;
  const rules = allRules(lindbladRules(system));
  const populated = populatedClasses(initial);
  const begun = populated.reduce((far, { delta }) => Math.max(far, Math.abs(delta)), 0);
  const first = Math.max(begun, layersOf(symmetryOf(system), window, 'band').width);
  const most = window.size - 1;
  for (let width = Math.min(first, most); ; width = nextWidth(width, most)) {
    const space = reachableSpace(system, rules, width + reachOf(rules), populated);
    const needed = BYTES * VECTORS * space.size;
    if (memory !== undefined && needed > memory) {
      const allowed = `nearer to lmin: a state on its way takes up to ${gigabytes(needed)} of memory, and there are ${gigabytes(memory)}`;
      throw new ParameterError('lmax', window.lmax, allowed);
    }
    const leavesOut = (c: number) => Math.abs(space.classes[c].delta) > width;
    const { elements: begin } = initialDensityMatrix(initial, space);
    const run = (rtol: number, done: number) =>
      carried(
        { space, rules, leavesOut, field: 'from' },
        begin,
        [t],
        rtol,
        1,
        ({ elements }) => elements,
        onEvolution && ((share) => onEvolution((done + share) / 2)),
      );
    try {
      const [fine, coarse] = [await run(FINE, 0), await run(COARSE, 1)];
      const state: DensityMatrix = { space, elements: fine.read[0] };
      const apart = fine.read[0].map((value, i) => value - coarse.read[0][i]);
      const off = fine.lost[0] + traceNorm({ space, elements: apart });
      return { state, widest: width, off };
    } catch (error) {
      if (!(error instanceof Ended && error.made === TOO_NARROW && width < most)) throw error;
    }
  }
}
