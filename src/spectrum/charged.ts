/** Operators by how much they change the conserved charges, and what they make of a state. */
import type { Space } from '../generator/classes.js';
import type { Charge } from '../generator/symmetry.js';
import { getOrInsert } from '../maps.js';
import type { Operator, Transition } from '../operators/operator.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { type ChargeDifference, chargeKey, differenceOf } from './chargeSectors.js';

/** The terms of an operator that change the charges by the same. */
export interface ChargePart {
  readonly charge: ChargeDifference;
  readonly operator: Operator;
}

export function partsByChange(
  charges: readonly Charge[],
  { window, transitions }: Operator,
): ChargePart[] {
  const parts = new Map<string, { charge: ChargeDifference; transitions: Transition[] }>();
  for (const transition of transitions) {
    const { to, from, shift } = transition;
    const charge = differenceOf(charges, { ket: to, bra: from, delta: shift });
    const part = getOrInsert(parts, chargeKey(charge), () => ({ charge, transitions: [] }));
    part.transitions.push(transition);
  }
  return [...parts.values()].map(({ charge, transitions: own }) => ({
    charge,
    operator: { window, transitions: own },
  }));
}

/** The elements of Xρ that a space has. */
export function appliedTo(
  { transitions }: Operator,
  { space: from, elements }: DensityMatrix,
  space: Space,
): Float64Array {
  const y = new Float64Array(2 * space.size);
  for (const { to, from: source, shift, coefficient, table } of transitions) {
    for (const { ket, bra, delta, first, length, offset } of space.classes) {
      if (ket !== to) continue;
      const at = from.find(source, bra, delta - shift);
      if (at < 0) continue;
      const before = from.classes[at];
      // The ket's level before the term acts.
      const begin = Math.max(first - shift, before.first);
      const end = Math.min(first - shift + length, before.first + before.length);
      for (let level = begin; level < end; level++) {
        const u = table === null ? 1 : table.re[level];
        const v = table?.im?.[level] ?? 0;
        const re = coefficient.re * u - coefficient.im * v;
        const im = coefficient.re * v + coefficient.im * u;
        const x = 2 * (before.offset + level - before.first);
        const target = 2 * (offset + level + shift - first);
        y[target] += re * elements[x] - im * elements[x + 1];
        y[target + 1] += re * elements[x + 1] + im * elements[x];
      }
    }
  }
  return y;
}
