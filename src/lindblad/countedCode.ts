/** Code for the sums of countedElements.ts, where there are many. */
import { CodeForMany, emptySlot } from '../slot.js';
import type { Elements } from './countedElements.js';
import type { CountedKernel } from './countedKernel.js';
import type { BoundSector } from './sectorProgram.js';

type Module = typeof import('./countedKernel.js');
export type CountedCode = CodeForMany<Module, CountedKernel>;

/** Writes code for them, where it is loaded. */
export const countedCode = emptySlot<Module>();

/** Devices after which code for a bath's elements pays. */
const BEFORE_KERNEL = 100;

/** The code for a bath's elements on a window. */
export const codeFor = (elements: Elements, sector: BoundSector): CountedCode =>
  new CodeForMany(
    countedCode,
    BEFORE_KERNEL,
    ({ CountedKernel }) => new CountedKernel(elements, sector),
  );
