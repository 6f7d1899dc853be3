/** The code of the gap, loaded where it is asked for: the page's first number comes without it. */
import { emptySlot } from '../slot.js';

/** Filled by `loadCodeFor`. */
export const relaxationCode = emptySlot<typeof import('./relaxation.js')>();
