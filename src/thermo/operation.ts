/** What the device does, Table I, and how well, Eqs. (36) and (37). */
import type { HeatFlows } from './heat.js';

/** In the order of their codes in files. */
export const OPERATIONS = ['other', 'engine', 'refrigerator', 'accelerator'] as const;

export type Operation = (typeof OPERATIONS)[number];

/** The inverse temperatures of the two baths of the qubits. */
export interface Temperatures {
  readonly beta1: number;
  readonly beta2: number;
}

export interface Performance {
  readonly operation: Operation;
  /** η = −Ẇ^(Q)/Q̇_hot where the device is an engine, else null. */
  readonly efficiency: number | null;
  /** η_C = 1 − β_hot/β_cold. */
  readonly carnotEfficiency: number;
  /** COP = Q̇_cold/Ẇ^(Q) where the device is a refrigerator, else null. */
  readonly cop: number | null;
  /**
   * COP_C = β_cold/(β_cold − β_hot), as the paper writes it: the bound of a heat pump. Null at equal
   * temperatures, where it is infinite.
   */
  readonly carnotCop: number | null;
  /** β_hot/(β_cold − β_hot), smaller by 1: the bound of a refrigerator. Null at equal temperatures. */
  readonly refrigeratorBound: number | null;
  /**
   * Whether η is above η_C, or COP above the refrigerator's bound. Both hold for two baths; the load is a
   * third one, with which they can be exceeded.
   */
  readonly boundExceeded: boolean;
}

/**
 * Table I and what goes with it. The table is written for a hotter bath 2; here cold and hot are told apart
 * by temperature, so that a device and its mirror image do the same. `other` where no row fits, and at
 * equal temperatures, where no bath is the hot one.
 * @param WQ Ẇ^(Q), which is 0 in the global model
 */
export function performanceOf(
  { beta1, beta2 }: Temperatures,
  { Q1, Q2 }: HeatFlows,
  WQ: number,
): Performance {
  const [cold, hot] = beta2 <= beta1 ? [Q1, Q2] : [Q2, Q1];
  const betaCold = Math.max(beta1, beta2);
  const betaHot = Math.min(beta1, beta2);
  const operation = betaCold === betaHot ? 'other' : operationOf(cold, hot, WQ);
  const bounds = carnotBounds(betaCold, betaHot);
  const efficiency = operation === 'engine' ? -WQ / hot : null;
  const cop = operation === 'refrigerator' ? cold / WQ : null;
  return {
    operation,
    efficiency,
    cop,
    ...bounds,
    boundExceeded:
      (efficiency !== null && efficiency > bounds.carnotEfficiency) ||
      (cop !== null && bounds.refrigeratorBound !== null && cop > bounds.refrigeratorBound),
  };
}

function operationOf(cold: number, hot: number, WQ: number): Operation {
  if (cold < 0 && hot > 0) return WQ < 0 ? 'engine' : WQ > 0 ? 'accelerator' : 'other';
  if (cold > 0 && hot < 0 && WQ > 0) return 'refrigerator';
  return 'other';
}

function carnotBounds(betaCold: number, betaHot: number) {
  const difference = betaCold - betaHot;
  const equal = difference === 0;
  return {
    carnotEfficiency: difference / betaCold,
    carnotCop: equal ? null : betaCold / difference,
    refrigeratorBound: equal ? null : betaHot / difference,
  };
}
