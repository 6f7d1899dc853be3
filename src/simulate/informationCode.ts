/** The code of information observables, loaded where they are asked for: the page's first number comes without it. */
import { emptySlot } from '../slot.js';

/** Filled by `loadCodeFor`. */
export const informationCode = emptySlot<typeof import('./millInformation.js')>();
