/**
 * A splitting of a generator that a symmetry almost separates into chains.
 *
 * What keeps the symmetry is inverted exactly, chain by chain. Near the populations, where what breaks
 * it matters most, the chains are inverted together with it, as one band.
 */
import type { Backend, LinearMap } from '../backend/backend.js';
import { coupledBand } from '../generator/coupledBand.js';
import type { Coupling } from '../generator/generator.js';
import type { SectorDistances, SplitGenerator } from '../generator/sectorDistance.js';
import type { OnProgress } from './bandFactors.js';

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
  const inner = await backend.factoriseBand(coupledBand(total, within, pinned), onProgress);
  if (distance.every((d) => d <= reach))
    return { inverse: inner, remainder: null, inverted: couplings };
  const outer = await backend.factorise(
    symmetric,
    sectors.filter((_, k) => distance[k] > reach),
  );
  const isLeft = ({ sourceClass: s, targetClass: t }: Coupling) =>
    of[s] !== of[t] && !(within(s) && within(t));
  const left = couplings.filter(isLeft);
  return {
    inverse: {
      apply: async (x, y) => {
        await outer.apply(x, y);
        await inner.apply(x, y);
      },
      release: () => {
        outer.release();
        inner.release();
      },
      ...(outer.onHost ? { onHost: true } : {}),
    },
    remainder: left.length === 0 ? null : await backend.prepare({ space, couplings: left }),
    inverted: couplings.filter((coupling) => !isLeft(coupling)),
  };
}
