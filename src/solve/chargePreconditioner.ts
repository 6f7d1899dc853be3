/**
 * An approximate inverse of a generator that a symmetry almost splits into chains.
 *
 * What keeps the symmetry is inverted exactly, chain by chain. Near the populations, where what breaks
 * it matters most, the chains are inverted together with it, as one band.
 */
import { type Backend, hostMap, type LinearMap } from '../backend/backend.js';
import { chainsOf } from '../generator/chains.js';
import { type Components, components, distances } from '../generator/components.js';
import { coupledBand } from '../generator/coupledBand.js';
import type { Generator } from '../generator/generator.js';
import { factoriseBand } from './bandFactors.js';

/** A generator, and the part of it that keeps the symmetry, on one space. */
export interface SplitGenerator {
  readonly total: Generator;
  readonly symmetric: Generator;
}

/** Chains by their distance from the populations, in steps of what breaks the symmetry. */
export interface ChargeDistances {
  readonly chains: Components;
  /** By chain. */
  readonly distance: Float64Array;
}

export function chargeDistances({ total, symmetric }: SplitGenerator): ChargeDistances {
  const chains = components(symmetric);
  return { chains, distance: distances(chains, total) };
}

/**
 * M⁻¹ on a space whose classes are in the order of their chains' distances.
 * @param reach chains up to this distance are coupled
 * @param pinned a population whose equation is given up, by its index; the largest is best
 * @throws {SingularMatrixError}
 */
export async function chargePreconditioner<V>(
  backend: Backend<V>,
  { total, symmetric }: SplitGenerator,
  { chains, distance }: ChargeDistances,
  reach: number,
  pinned: number,
): Promise<LinearMap<V>> {
  const { classes } = total.space;
  const within = (c: number) => distance[chains.of[c]] <= reach;
  let count = 0;
  classes.forEach(({ offset, length }, c) => {
    if (within(c)) count = Math.max(count, offset + length);
  });
  const band = factoriseBand(coupledBand(total, within, pinned));
  const solved = new Float64Array(2 * count);
  const inner = hostMap(backend, count, (x) => {
    band.solve(x, solved);
    return solved;
  });
  if (classes.every((_, c) => within(c))) return inner;
  const outer = await backend.factorise(chainsOf(symmetric, chains, (k) => distance[k] > reach));
  return {
    apply: async (x, y) => {
      await outer.apply(x, y);
      await inner.apply(x, y);
    },
    release: () => outer.release(),
  };
}
