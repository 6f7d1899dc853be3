/**
 * A splitting of a generator that a symmetry almost separates into chains.
 *
 * What keeps the symmetry is inverted exactly, chain by chain. Near the populations, where what breaks
 * it matters most, the chains are inverted together with it, as one band. What breaks it elsewhere leads
 * from one distance to the next: of that M holds what leads from chains at odd steps from the band to those
 * at even ones, and to the band, so that one substitution solves it. (To leave all of it to the iteration
 * takes twice as many: every other one would go to the chains of one parity alone.)
 */
import type { Backend, LinearMap, OnProgress } from '../backend/backend.js';
import { coupledBand } from '../generator/coupledBand.js';
import { type Coupling, negative } from '../generator/generator.js';
import type { SectorDistances, SplitGenerator } from '../generator/sectorDistance.js';
import { factorisedBand } from './bandFactorisation.js';

/** M⁻¹, and R = L − M; null where M is all of L. */
export interface ChargeSplitting<V> {
  readonly inverse: LinearMap<V>;
  readonly remainder: LinearMap<V> | null;
  /** The couplings of M, but for the equation that is given up. */
  readonly inverted: readonly Coupling[];
}

/**
 * The splitting L = M + R on a space whose classes are in the order of their sectors' distances.
 * @param reach sectors up to this distance are coupled in M
 * @param pinned a population whose equation is given up, by its index; the largest is best
 * @throws {SingularMatrixError | StoppedError}
 */
export async function chargeSplitting<V>(
  backend: Backend<V>,
  { total, symmetric }: SplitGenerator,
  { sectors, of, distance }: SectorDistances,
  reach: number,
  pinned: number,
  onProgress?: OnProgress,
): Promise<ChargeSplitting<V>> {
  const { space, couplings } = total;
  const within = (c: number) => distance[of[c]] <= reach;
  const inner = await factorisedBand(backend, coupledBand(total, within, pinned), onProgress);
  if (distance.every((d) => d <= reach))
    return { inverse: inner, remainder: null, inverted: couplings };
  // The band counts as one. What nothing leads to from the populations is left to the odd ones.
  const even = sectors.map((_, k) => distance[k] <= reach || (distance[k] - reach) % 2 === 0);
  const chains = async (parity: boolean) => {
    const outer = sectors.filter((_, k) => distance[k] > reach && even[k] === parity);
    return outer.length === 0 ? null : backend.factorise(symmetric, outer);
  };
  const between = couplings.filter(
    ({ sourceClass: s, targetClass: t }) => of[s] !== of[t] && !(within(s) && within(t)),
  );
  const isKept = ({ sourceClass: s, targetClass: t }: Coupling) => !even[of[s]] && even[of[t]];
  const kept = between.filter(isKept);
  const left = new Set(between.filter((coupling) => !isKept(coupling)));
  const oddChains = await chains(false);
  const evenChains = await chains(true);
  const substitution = await backend.prepare({ space, couplings: kept.map(negative) }, 'hermitian');
  const [right, solved] = [await backend.allocate(space.size), await backend.allocate(space.size)];
  const plus = { re: 1, im: 0 };
  return {
    inverse: {
      apply: async (x, y) => {
        await oddChains?.apply(x, y);
        await substitution.apply(y, right);
        await backend.axpy(plus, x, right);
        await inner.apply(right, y);
        if (evenChains === null) return;
        await evenChains.apply(right, solved);
        await backend.axpy(plus, solved, y);
      },
      release: () => {
        for (const map of [inner, oddChains, evenChains, substitution]) map?.release();
        for (const vector of [right, solved]) backend.release(vector);
      },
      ...([inner, oddChains, evenChains].some((map) => map?.onHost) ? { onHost: true } : {}),
    },
    remainder:
      left.size === 0 ? null : await backend.prepare({ space, couplings: [...left] }, 'hermitian'),
    inverted: couplings.filter((coupling) => !left.has(coupling)),
  };
}
