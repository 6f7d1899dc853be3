/** The steady state of an invariant Hermitian sector by one direct solution. */
import { blockTridiagonal, fromUnknowns, hermitianLayout } from '../generator/blocks.js';
import type { Generator } from '../generator/generator.js';
import { conservingNullVector } from './conservingElimination.js';

/**
 * ρ with Lρ = 0 and trace 1, as a vector of the generator's space.
 * @param start the site where the populations are expected to be largest
 * @throws {NonUniqueSteadyStateError}
 */
export function sectorSteadyState(generator: Generator, start: number): Float64Array {
  const layout = hermitianLayout(generator.space);
  const assemble = (centre: number) => blockTridiagonal(generator, layout, centre);
  const { unknowns, centre } = conservingNullVector(assemble, start);
  return fromUnknowns(generator.space, layout, unknowns, centre);
}
