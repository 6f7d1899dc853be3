/** Substitutions by code that is made for a shape, where there are many. */
import { emptySlot } from '../slot.js';
import type { BlockTridiagonal } from './conservingElimination.js';
import type { EliminationKernel } from './eliminationKernel.js';
import type { FactorsKernel } from './factorsKernel.js';

/** Writes code for substitutions, where it is loaded. */
export const factorsCode = emptySlot<typeof import('./factorsKernel.js')>();

/** Substitutions after which code for them pays: to write it takes as long as some hundred. */
export const SUBSTITUTIONS_BEFORE_KERNEL = 100;

/** Substitutions of the matrices that one code eliminates: by code of their own, once there were many. */
export class Substitutions {
  #kernel: FactorsKernel | null = null;
  #without = 0;

  constructor(private readonly make: () => FactorsKernel) {}

  /** The code for the next one; null where it does without. */
  next(): FactorsKernel | null {
    if (this.#kernel === null && this.#without++ >= SUBSTITUTIONS_BEFORE_KERNEL) {
      this.#kernel = this.make();
    }
    return this.#kernel;
  }
}

const substitutions = new WeakMap<EliminationKernel, Substitutions>();

/** Those of a matrix that is eliminated by code; null of others. */
export function substitutionsOf({
  kernel,
  width,
  paired,
  reach,
  sites,
}: BlockTridiagonal): Substitutions | null {
  const { module } = factorsCode;
  if (kernel === undefined || module === null || width > module.WIDEST) return null;
  let known = substitutions.get(kernel);
  if (known === undefined) {
    const { FactorsKernel } = module;
    known = new Substitutions(() => new FactorsKernel({ width, paired, reach }, sites, kernel));
    substitutions.set(kernel, known);
  }
  return known;
}
