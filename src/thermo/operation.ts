/** What the device does, Table I, and how well, Eqs. (36) and (37). */
import type { HeatFlows } from './heat.js';

export type Operation = 'engine' | 'refrigerator' | 'accelerator' | 'other';

/** Table I; `other` where no row fits. */
export function operationOf({ Q1, Q2 }: HeatFlows, WQ: number): Operation {
  if (Q1 < 0 && Q2 > 0) return WQ < 0 ? 'engine' : WQ > 0 ? 'accelerator' : 'other';
  if (Q1 > 0 && Q2 < 0 && WQ > 0) return 'refrigerator';
  return 'other';
}

/** η = −Ẇ^(Q)/Q̇_2, Eq. (36). */
export const efficiency = ({ Q2 }: HeatFlows, WQ: number): number => -WQ / Q2;

/** COP = Q̇_1/Ẇ^(Q), Eq. (37). */
export const coefficientOfPerformance = ({ Q1 }: HeatFlows, WQ: number): number => Q1 / WQ;

/** η_C = 1 − β_2/β_1. */
export const carnotEfficiency = (beta1: number, beta2: number): number => 1 - beta2 / beta1;

/** COP_C = β_1/(β_1 − β_2), as the paper writes it. */
export const carnotCop = (beta1: number, beta2: number): number => beta1 / (beta1 - beta2);
