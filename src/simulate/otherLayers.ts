/** Layers of the sectors beside that of the steady state, which operators lead to that change what is conserved. */
import type { ClassName, Space } from '../generator/classes.js';
import { heldSectors } from '../generator/heldSectors.js';
import { HermitianMatrix } from '../generator/hermitianMatrix.js';
import { allRules, lindbladRules } from '../generator/lindbladian.js';
import type { Symmetry } from '../generator/symmetry.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { Ended } from './layeredInverse.js';
import type { Layers as OtherLayers } from './layeredResolvent.js';
import { Layers, type SolvedLayers } from './layeredSteady.js';
import { layersOf } from './plannedSteady.js';

/**
 * Each with its conjugate.
 * @param solved the steady state, of which they have as many layers
 * @param names classes that they hold
 * @throws {Ended} where the sector of the steady state is solved without one of them
 */
export function otherLayers(
  { matrix, steady: { dmax }, hooks, isTooNarrow }: SolvedLayers,
  system: OpenSystem,
  symmetry: Symmetry,
  names: readonly ClassName[],
): OtherLayers[] {
  const rules = lindbladRules(system);
  const { window } = system;
  const layers = new Layers(symmetry, rules);
  const most = dmax === null ? Number.POSITIVE_INFINITY : layers.perLevel * dmax;
  const reached = dmax === null ? window.size - 1 : layers.deltaOf(most + layers.step);
  const all = allRules(rules);
  const { inner } = layersOf(symmetry, window, 'band');
  const sectors = heldSectors(system, all, Math.min(reached, window.size - 1), names);
  const own = sectors.find(({ hasPopulations }) => hasPopulations)?.space;
  const isIn = (space: Space, { ket, bra, delta }: ClassName) => space.find(ket, bra, delta) >= 0;
  // Populations may be reached from what they do not reach.
  if (own && names.some((name) => isIn(own, name) && !isIn(matrix.space, name))) {
    throw new Ended(null);
  }
  return sectors
    .filter(({ hasPopulations }) => !hasPopulations)
    .map(({ space }) => {
      const { blockOf } = layers.blocksOf(space, inner, most);
      const layered = { leavesOut: (c: number) => blockOf[c] < 0 };
      return { matrix: new HermitianMatrix(space, all), blockOf, layered, hooks, isTooNarrow };
    });
}
