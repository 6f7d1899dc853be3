/** Which classes matter: those that the generator's own rules reach from the populations, or from others. */
import type { Basis } from '../operators/basis.js';
import { type ClassName, classKey, populationClasses, type Space, spaceOf } from './classes.js';
import { image, type Rule, rulesByPair } from './rules.js';

/**
 * The smallest set of classes that holds the populations and is closed under the rules, with
 * |delta| ≤ maxDelta (a band where that cuts something off, an invariant sector where it does not).
 * A steady state, and every evolution from populations, lives in it.
 * @param others classes that it holds as well, for evolutions from states that have coherences in them
 */
export function reachableSpace(
  basis: Basis,
  rules: readonly Rule[],
  maxDelta: number = basis.window.size - 1,
  others: readonly ClassName[] = [],
): Space {
  const { states } = basis;
  const acting = rulesByPair(states, rules);
  const widest = Math.min(maxDelta, basis.window.size - 1);
  const found: ClassName[] = [];
  const known = new Set<number>();
  for (const name of [...populationClasses(basis), ...others]) {
    const key = classKey(basis, name);
    if (Math.abs(name.delta) > widest || known.has(key)) continue;
    known.add(key);
    found.push(name);
  }
  for (let at = 0; at < found.length; at++) {
    for (const acts of acting[found[at].ket * states + found[at].bra]) {
      const next = image(rules[acts], found[at]);
      if (next === null || Math.abs(next.delta) > widest) continue;
      const key = classKey(basis, next);
      if (known.has(key)) continue;
      known.add(key);
      found.push(next);
    }
  }
  return spaceOf(basis, found);
}
