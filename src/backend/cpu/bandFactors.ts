/**
 * A coupled band, factorised block by block from both of its ends towards one of its levels: below it
 * S_s = D_s − L_s S_{s−1}⁻¹ U_{s−1}, above it the mirror image, in the middle both. Each S_s⁻¹ is kept.
 */
import type { CoupledBand } from '../../generator/coupledBand.js';
import { type OnProgress, StoppedError } from '../backend.js';
import { ABOVE, BandLayout, BandMemory, BELOW } from './bandMemory.js';

/** What elimination leaves of a band, in float64. */
export interface EliminatedBand {
  /** The level that is eliminated last: those below it from the first on, those above from the last on. */
  readonly middle: number;
  /** By level S⁻¹, row by row, at the order `paddedOrder` of its number of unknowns. */
  readonly inverses: readonly Float64Array[];
  /** What holds them. */
  readonly memory: BandMemory;
}

export interface BandFactors {
  /** Writes the solution of the band's system with right-hand side x into y, elsewhere untouched. */
  solve(x: Float64Array, y: Float64Array): void;
}

/** The elements that a vector must have for a band to find its own. */
export const elementsOf = ({ places, mirrors }: CoupledBand): number =>
  1 + [places, mirrors].reduce((most, all) => all.reduce((a, b) => Math.max(a, b), most), -1);

/**
 * The level whose equation is given up. What is eliminated on either side of it conserves the trace but for
 * what it passes on to the middle, which is most of the populations.
 */
export function pinnedLevel({ start, pinned }: CoupledBand): number {
  let level = 0;
  while (start[level + 1] <= pinned) level++;
  return level;
}

/**
 * @param middle the level that is eliminated last
 * @throws {SingularMatrixError | StoppedError}
 */
export async function eliminateBand(
  band: CoupledBand,
  middle: number,
  onProgress?: OnProgress,
): Promise<EliminatedBand> {
  const memory = await BandMemory.of(new BandLayout(band), band.values);
  const { levels } = memory;
  let done = 0;
  const eliminate = async (s: number, neighbours: readonly number[]) => {
    for (const t of neighbours) memory.subtract(s, t);
    memory.invert(s);
    const going = (await onProgress?.(++done / levels)) ?? true;
    if (!going) throw new StoppedError('stopped while a band was factorised');
  };
  for (let s = 0; s < middle; s++) await eliminate(s, s > 0 ? [s - 1] : []);
  for (let s = levels - 1; s > middle; s--) await eliminate(s, s < levels - 1 ? [s + 1] : []);
  const beside = [middle - 1, middle + 1].filter((t) => t >= 0 && t < levels);
  await eliminate(middle, beside);
  return { middle, memory, inverses: memory.blocks() };
}

/**
 * In one direction: where next to nothing decays, two that meet lose two more of float64's digits.
 * @throws {SingularMatrixError | StoppedError}
 */
export async function factoriseBand(
  band: CoupledBand,
  onProgress?: OnProgress,
): Promise<BandFactors> {
  return bandFactors(band, await eliminateBand(band, band.start.length - 2, onProgress));
}

export function bandFactors(
  { start, places, parts, mirrors }: CoupledBand,
  { middle, memory }: EliminatedBand,
): BandFactors {
  const { levels, z } = memory;
  /** Where each unknown is in z. */
  const at = new Int32Array(places.length);
  for (let s = 0; s < levels; s++) {
    for (let i = start[s]; i < start[s + 1]; i++) at[i] = memory.begin[s] + i - start[s];
  }
  return {
    solve: (x, y) => {
      for (let i = 0; i < at.length; i++) z[at[i]] = x[2 * places[i] + parts[i]];
      for (let s = 0; s < middle; s++) memory.substitute(s, 'inwards', [BELOW]);
      for (let s = levels - 1; s > middle; s--) memory.substitute(s, 'inwards', [ABOVE]);
      memory.substitute(middle, 'inwards', [BELOW, ABOVE]);
      for (let s = middle - 1; s >= 0; s--) memory.substitute(s, 'outwards', [ABOVE]);
      for (let s = middle + 1; s < levels; s++) memory.substitute(s, 'outwards', [BELOW]);
      for (let i = 0; i < at.length; i++) {
        const value = z[at[i]];
        y[2 * places[i] + parts[i]] = value;
        if (mirrors[i] < 0) y[2 * places[i] + 1] = 0;
        else y[2 * mirrors[i] + parts[i]] = parts[i] === 0 ? value : -value;
      }
    },
  };
}
