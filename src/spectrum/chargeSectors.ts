/**
 * The elements of ρ by how far ket and bra differ in the conserved charges: a generator maps each of these sectors to
 * itself, and its spectrum is the union of theirs.
 */
import { type ClassName, spaceOf } from '../generator/classes.js';
import { type Generator, generatorOf } from '../generator/generator.js';
import type { Rule } from '../generator/rules.js';
import type { Charge } from '../generator/symmetry.js';
import type { Basis } from '../operators/basis.js';

/** One whole number for each conserved charge: that of the ket less that of the bra. */
export type ChargeDifference = readonly number[];

export const isNeutral = (charge: ChargeDifference): boolean => charge.every((q) => q === 0);

/** The same elements conjugated. */
export const opposite = (charge: ChargeDifference): ChargeDifference => charge.map((q) => 0 - q);

export const chargeKey = (charge: ChargeDifference): string => charge.join(',');

export const differenceOf = (
  charges: readonly Charge[],
  { ket, bra, delta }: ClassName,
): ChargeDifference =>
  charges.map(({ offsets, perLevel }) => offsets[ket] - offsets[bra] + perLevel * delta);

/** The generator on all elements of one charge difference; null where there are none. */
export function generatorOfCharge(
  basis: Basis,
  charges: readonly Charge[],
  rules: readonly Rule[],
  charge: ChargeDifference,
): Generator | null {
  const { states, window } = basis;
  const names: ClassName[] = [];
  for (let ket = 0; ket < states; ket++) {
    for (let bra = 0; bra < states; bra++) {
      for (const delta of deltasOf(charges, ket, bra, charge, window.size)) {
        names.push({ ket, bra, delta });
      }
    }
  }
  return names.length === 0 ? null : generatorOf(spaceOf(basis, names), rules);
}

/** The δ with which |ket⟩⟨bra| has a charge difference: one where a charge counts levels, else all or none. */
function deltasOf(
  charges: readonly Charge[],
  ket: number,
  bra: number,
  wanted: ChargeDifference,
  size: number,
): number[] {
  const fits = (delta: number) =>
    chargeKey(differenceOf(charges, { ket, bra, delta })) === chargeKey(wanted);
  const counting = charges.findIndex(({ perLevel }) => perLevel !== 0);
  if (counting >= 0) {
    const { offsets, perLevel } = charges[counting];
    const delta = (wanted[counting] - offsets[ket] + offsets[bra]) / perLevel;
    return Number.isInteger(delta) && Math.abs(delta) < size && fits(delta) ? [delta + 0] : [];
  }
  if (!fits(0)) return [];
  return Array.from({ length: 2 * size - 1 }, (_, i) => i + 1 - size);
}
