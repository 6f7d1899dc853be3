/** Steady states of a compiled machine's points by elimination on a GPU, many at once. */
import type { Precision } from '../backend/backend.js';
import type {
  ChainBatch,
  ChainSolutions,
  CountingForm,
  OpenChains,
  Verdict,
} from '../backend/batches.js';
import { CutsReader } from '../lindblad/cutsReader.js';
import type { BoundMachine, CompiledSector } from '../lindblad/sectorSolution.js';
import { SectorWords } from '../lindblad/sectorWords.js';
import type { Lost, SectorState } from '../lindblad/solvedSector.js';
import type { Values } from '../machine/tape.js';
import { perObject } from '../perObject.js';

/** A compiled machine's code for the GPU, made once. */
export const wordsOf = perObject(
  ({ program }: CompiledSector): SectorWords => new SectorWords(program),
);

/** How a point went. */
export type ChainState =
  | { readonly verdict: 'solved'; readonly state: SectorState }
  | { readonly verdict: Exclude<Verdict, 'solved'>; readonly state: null };

/** Solves points on one window. @param batch whether states come back, and what is said of those that are counted */
export async function solvedChains(
  open: OpenChains,
  precision: Precision,
  { sector }: BoundMachine,
  points: readonly Values[],
  words: SectorWords,
  batch: Pick<ChainBatch, 'states' | 'unit'>,
  counting: CountingForm | null = null,
): Promise<ChainSolutions> {
  const start = sector.nearestEnding(sector.startAt());
  const chains = await open(precision, { ...words.on(sector), counting });
  try {
    return await chains.solve({
      count: points.length,
      centres: points.map(() => start),
      nearest: (site) => sector.nearestEnding(site),
      pack: (p, out) => {
        sector.numbers.fill(points[p]);
        words.pack(sector, out);
      },
      ...batch,
    });
  } finally {
    chains.release();
  }
}

/**
 * States of points on one window, whose numbers are read on the host.
 * @param lostOf what the device's arithmetic may have lost of a point's state, while the sector has its numbers
 * @throws {RangeError} where a site has more unknowns than the kernel takes
 * @throws {OutOfDeviceMemoryError} where a few points do not fit
 */
export async function statesOnChains(
  open: OpenChains,
  precision: Precision,
  bound: BoundMachine,
  points: readonly Values[],
  lostOf: (point: number) => Lost,
): Promise<ChainState[]> {
  const { sector, compiled } = bound;
  const solved = await solvedChains(open, precision, bound, points, wordsOf(compiled), {
    states: true,
  });
  const { verdicts, unknowns } = solved;
  const length = sector.sites * sector.siteWidth;
  return points.map((values, p): ChainState => {
    const verdict = verdicts[p];
    if (verdict !== 'solved') return { verdict, state: null };
    const x = unknowns.slice(p * length, (p + 1) * length);
    sector.normalise(x);
    sector.numbers.fill(values);
    return { verdict, state: bound.stateOf(values, x, lostOf(p), CutsReader) };
  });
}
