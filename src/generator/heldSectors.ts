/** The sectors of a generator that hold given elements of ρ, whether or not a charge of whole numbers tells them apart. */
import type { Basis } from '../operators/basis.js';
import { type ClassName, type Space, spaceOf } from './classes.js';
import { generatorOf } from './generator.js';
import type { Rule } from './rules.js';
import { reachableSpace } from './search.js';
import { partnerOf, type Sector, sectorsOf } from './siteMatrix.js';

/** A sector together with its conjugate, which is the same one or another. */
export interface HeldSector {
  /** Closed under conjugation. */
  readonly space: Space;
  readonly hasPopulations: boolean;
  /** By class of the space whether it is of the one; null where both are the same. */
  readonly half: readonly boolean[] | null;
}

/** @param names classes of a band |δ| ≤ maxDelta: others are left out */
export function heldSectors(
  basis: Basis,
  rules: readonly Rule[],
  maxDelta: number,
  names: readonly ClassName[],
): HeldSector[] {
  const conjugates = names.map(({ ket, bra, delta }) => ({ ket: bra, bra: ket, delta: 0 - delta }));
  const all = reachableSpace(basis, rules, maxDelta, [...names, ...conjugates]);
  const { classes, find } = all;
  const sectors = sectorsOf(generatorOf(all, rules));
  const sectorOf = new Map<number, Sector>();
  for (const sector of sectors) for (const c of sector.classes) sectorOf.set(c, sector);
  const wanted = new Set(names.map(({ ket, bra, delta }) => sectorOf.get(find(ket, bra, delta))));
  const done = new Set<Sector>();
  const found: HeldSector[] = [];
  for (const sector of sectors) {
    if (!wanted.has(sector) || done.has(sector)) continue;
    const own = new Set(sector.classes);
    const members = new Set(own);
    done.add(sector);
    for (const c of sector.classes) {
      const other = sectorOf.get(partnerOf(all, c)) as Sector;
      for (const conjugate of other.classes) members.add(conjugate);
      done.add(other);
    }
    const places = [...members].sort((a, b) => a - b);
    found.push({
      space: spaceOf(
        basis,
        places.map((c) => classes[c]),
      ),
      hasPopulations: sector.classes.includes(find(0, 0, 0)),
      half: own.size === members.size ? null : places.map((c) => own.has(c)),
    });
  }
  return found;
}
