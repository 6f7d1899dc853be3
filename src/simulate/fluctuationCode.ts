/** The code of fluctuations, loaded where they are asked for: the page's first number comes without it. */
import { emptySlot } from '../slot.js';

/** Filled by `loadCodeFor`. */
export const fluctuationCode = emptySlot<typeof import('./potentialFluctuations.js')>();
