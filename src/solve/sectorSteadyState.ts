/** The steady state of an invariant Hermitian sector by one direct solution. */
import { blockTridiagonal, fromSites } from '../generator/blocks.js';
import type { Generator } from '../generator/generator.js';
import {
  fromUnknowns,
  type HermitianGenerator,
  type HermitianLayout,
  hermitianGenerator,
  hermitianLayout,
} from '../generator/hermitian.js';
import { conservingNullVector } from './conservingElimination.js';

/**
 * The unknowns of ρ with Lρ = 0 and trace 1.
 * @param generators of that layout, whose sum is L
 * @param start the site where the populations are expected to be largest; the nearest one beyond the window
 * @throws {NonUniqueSteadyStateError}
 */
export function hermitianSteadyState(
  layout: HermitianLayout,
  generators: readonly HermitianGenerator[],
  start: number,
): Float64Array {
  const assemble = (centre: number) => blockTridiagonal(layout, generators, centre);
  const within = Math.min(Math.max(start, 0), layout.space.window.size - 1);
  const { unknowns, centre } = conservingNullVector(assemble, within);
  return fromSites(layout, unknowns, centre);
}

/** The same as a vector of the generator's space. */
export function sectorSteadyState({ space, couplings }: Generator, start: number): Float64Array {
  const layout = hermitianLayout(space);
  const unknowns = hermitianSteadyState(layout, [hermitianGenerator(layout, couplings)], start);
  return fromUnknowns(layout, unknowns);
}
