/** What the solution of an open system begins with: the first band, its layers, and how much of it memory is planned for. */
import type { Backend } from '../backend/backend.js';
import { allRules, chosenSpace, lindbladRules } from '../generator/lindbladian.js';
import { reachOfRules } from '../generator/reach.js';
import type { Symmetry } from '../generator/symmetry.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Window } from '../operators/window.js';
import type { LayersChoice } from './layeredSteady.js';
import type { PlannedSolution } from './memoryPlan.js';
import type { SpaceName } from './methods.js';
import { boundSpread, coupledSectors } from './refinedSteady.js';
import type { SplitRules } from './splitLindbladian.js';

/**
 * Where the search for a band begins: coherences of 10⁻¹⁵ reach |δ| = 10, 16, 22, 30 with V = 0.1, 1, 4, 10
 * (and I = 1), which couple 7, 9, 13, 18 sectors.
 */
export const firstBand = (coupled: number): number => Math.ceil(1.5 * coupled) + 5;

/** Steps of a charge that are inverted together, and the |δ| where what is left out is tried first. */
export function layersOf(symmetry: Symmetry, { size }: Window, space: SpaceName): LayersChoice {
  // Jumps localise the angle: coherences decay by decades within a few steps.
  const spread = symmetry.countsLevels ? boundSpread(symmetry) : null;
  const inner = spread === null ? 4 : Math.max(3, Math.min(size, Math.ceil(spread - 5)));
  if (space === 'full') return { inner, width: size };
  return { inner, width: spread === null ? 24 : firstBand(Math.min(size, Math.ceil(spread))) };
}

type Adapter = Backend<unknown>['adapter'];

/** Levels that are coupled by what is inverted together. */
export function coupledLevels(rules: SplitRules, adapter: Adapter): number {
  const { symmetry, system } = rules;
  const steps = coupledSectors(symmetry, system.window, adapter);
  return Math.min(system.window.size, steps * stepOf(rules));
}

/** What memory is planned for. */
export function plannedFor(
  rules: SplitRules,
  { adapter, ...chosen }: Pick<PlannedSolution, 'space' | 'method' | 'dmax'> & { adapter: Adapter },
): PlannedSolution {
  const { system } = rules;
  return {
    ...chosen,
    coupled: coupledLevels(rules, adapter),
    onDevice: adapter !== null,
    states: system.states,
    reached: reachedPairs(system, chosen.space),
    reach: reachOfRules([...allRules(rules.symmetric), ...allRules(rules.breaking)]),
  };
}

/** By how much one step of the jumps that break a charge moves δ; 1 where only a Hamiltonian does. */
function stepOf({ symmetry, breaking }: SplitRules): number {
  if (symmetry.countsLevels) return 1;
  const moved = allRules(breaking).map(({ ket, bra }) => (ket?.shift ?? 0) - (bra?.shift ?? 0));
  return moved.reduce((most, shift) => Math.max(most, Math.abs(shift)), 1);
}

/** How many classes a sector has, or how many pairs of states the populations are coupled to. */
function reachedPairs(system: OpenSystem, space: SpaceName): number {
  const { classes } = chosenSpace(system, lindbladRules(system), 'sector');
  if (space === 'sector') return classes.length;
  return new Set(classes.map(({ ket, bra }) => ket * system.states + bra)).size;
}
