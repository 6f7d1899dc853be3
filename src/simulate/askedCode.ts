/** Code of what is asked for by name alone, loaded where it is: the page's first number comes without it. */
import { emptySlot } from '../slot.js';

// Filled by `loadCodeFor`.
export const fluctuationCode = emptySlot<typeof import('./potentialFluctuations.js')>();
export const relaxationCode = emptySlot<typeof import('./relaxation.js')>();
export const informationCode = emptySlot<typeof import('./millInformation.js')>();
