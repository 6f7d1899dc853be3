/** How far the terms of a generator reach, in levels. */
import type { Generator } from './generator.js';
import type { Rule } from './rules.js';

/**
 * By how many levels a generator moves the lower of an element's two levels, at most; at least 1. So many levels
 * make a site, that nothing is coupled to but itself and the two beside it.
 * @param among the classes that count, by their positions; all of them by default
 */
export function reachOf(
  { space: { classes }, couplings }: Generator,
  among: (position: number) => boolean = () => true,
): number {
  let reach = 1;
  for (const { sourceClass, targetClass, source, target } of couplings) {
    const moved = source - classes[sourceClass].offset - (target - classes[targetClass].offset);
    if (moved <= reach && -moved <= reach) continue;
    if (among(sourceClass) && among(targetClass)) reach = Math.abs(moved);
  }
  return reach;
}

/** The levels that rules move a ket or a bra by, at most; at least 1. */
export function reachOfRules(rules: readonly Rule[]): number {
  let reach = 1;
  for (const { ket, bra } of rules) {
    reach = Math.max(reach, Math.abs(ket?.shift ?? 0), Math.abs(bra?.shift ?? 0));
  }
  return reach;
}
