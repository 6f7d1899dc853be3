/** Code for the sums of countedElements.ts, where there are many. */
import { emptySlot } from '../slot.js';
import type { Elements } from './countedElements.js';
import type { CountedKernel } from './countedKernel.js';
import type { BoundSector } from './sectorProgram.js';

/** Writes code for them, where it is loaded. */
export const countedCode = emptySlot<typeof import('./countedKernel.js')>();

/** Devices after which code for a bath's elements pays. */
const BEFORE_KERNEL = 100;

/** The code for a bath's elements on a window, once there were many devices. */
export class CountedKernels {
  #kernel: CountedKernel | null = null;
  #without = 0;

  constructor(
    private readonly elements: Elements,
    private readonly sector: BoundSector,
  ) {}

  /** For the next device; null where it does without. */
  next(): CountedKernel | null {
    const { module } = countedCode;
    if (this.#kernel === null && module !== null && ++this.#without > BEFORE_KERNEL) {
      this.#kernel = new module.CountedKernel(this.elements, this.sector);
    }
    return this.#kernel;
  }
}
