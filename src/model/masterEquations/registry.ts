/** The master equations by name. */
import { global } from './global.js';
import { local } from './local.js';
import type { MasterEquation } from './masterEquation.js';

export const masterEquations = { local, global } as const satisfies Record<string, MasterEquation>;

export type Model = keyof typeof masterEquations;
export const MODELS = Object.keys(masterEquations) as [Model, ...Model[]];

/** The condition of any of them. */
export type ConditionName = (typeof masterEquations)[Model]['conditions'][number]['name'];

/** That of a device. */
export const masterEquationOf = ({ model }: { readonly model: Model }): MasterEquation =>
  masterEquations[model];
