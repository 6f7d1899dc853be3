/** Substitutions by code that is made for a shape, where there are many. */
import { perObject } from '../perObject.js';
import { CodeForMany, emptySlot } from '../slot.js';
import type { BlockTridiagonal } from './conservingElimination.js';
import type { EliminationKernel } from './eliminationKernel.js';
import type { FactorsKernel } from './factorsKernel.js';

type Module = typeof import('./factorsKernel.js');
export type Substitutions = CodeForMany<Module, FactorsKernel>;

/** Writes code for substitutions, where it is loaded. */
export const factorsCode = emptySlot<Module>();

/** Substitutions after which code for them pays: to write it takes as long as some hundred. */
export const SUBSTITUTIONS_BEFORE_KERNEL = 100;

const codeOf = perObject(
  (kernel: EliminationKernel): Substitutions =>
    new CodeForMany(
      factorsCode,
      SUBSTITUTIONS_BEFORE_KERNEL,
      ({ FactorsKernel }) => new FactorsKernel(kernel),
    ),
);

/** Those of a matrix that is eliminated by code; null of others. */
export function substitutionsOf({ kernel, width }: BlockTridiagonal): Substitutions | null {
  const { module } = factorsCode;
  return kernel === undefined || module === null || width > module.WIDEST ? null : codeOf(kernel);
}
