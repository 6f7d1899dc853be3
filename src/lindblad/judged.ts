/** How well a state solves the equations of its sector, and what its unknowns may be off by. */
import { zeros } from '../zeros.js';
import { boundCoherences } from './coherenceErrors.js';
import type { Applied, FilledSector } from './run.js';

/** A state against its equations. */
export interface Judged {
  /** ‖𝓛x‖, and the same of the magnitudes of all terms. */
  readonly residual: number;
  readonly scale: number;
  /** Of each unknown. */
  readonly errors: Float64Array;
  /** As `resonanceOf` has it. */
  readonly resonance: number;
}

/** The 2×2 block of each pair (Re, Im), row by row, at twice the index of Re. */
export function pairBlocks({ sites, siteWidth, withinPairs, numbers }: FilledSector): Float64Array {
  const blocks = zeros(2 * sites * siteWidth);
  for (const { target, from, to, first, stride, count, sign, table } of withinPairs) {
    const values = numbers.table(table);
    let at = 2 * (target * siteWidth + to) + (from % 2);
    let p = first;
    for (let i = 0; i < count; i++, p += stride, at += 2 * siteWidth) {
      blocks[at] += sign * values[p];
    }
  }
  return blocks;
}

/**
 * |ω'| |ω|/(ω² + Γ²) at its largest, where a jump takes a coherence that turns with ω and decays with Γ into one that
 * turns with ω', or back: near a resonance what it brings to the populations cancels by so much.
 * @param blocks of the pairs
 */
export function resonanceOf(sector: FilledSector, blocks: Float64Array): number {
  const { siteWidth, amongPairs, numbers } = sector;
  let most = 0;
  for (const { source, target, from, to, first, stride, count, table } of amongPairs) {
    const values = numbers.table(table);
    let a = 2 * (source * siteWidth + from - (from % 2));
    let b = 2 * (target * siteWidth + to - (to % 2));
    for (let i = 0, p = first; i < count; i++, p += stride) {
      if (values[p] !== 0) {
        const product = Math.abs(blocks[a + 1] * blocks[b + 1]);
        const here = blocks[a] * blocks[a] + blocks[a + 1] * blocks[a + 1];
        const there = blocks[b] * blocks[b] + blocks[b + 1] * blocks[b + 1];
        const least = here < there ? here : there;
        if (product > most * least) most = product / least;
      }
      a += 2 * siteWidth;
      b += 2 * siteWidth;
    }
  }
  return most;
}

/**
 * How far each number of a null vector may be off. Populations come out of the elimination right to rounding, relative
 * to themselves; a coherence follows from what drives it, and is as far off as rounding of that makes it.
 * @param magnitudes those of 𝓛x
 */
function errorsOf(
  x: Float64Array,
  sector: FilledSector,
  blocks: Float64Array,
  magnitudes: Float64Array,
  relative: number,
  isKnown: boolean,
): Float64Array {
  const { siteWidth, sitePaired } = sector;
  const errors = zeros(x.length);
  for (let start = 0; start < x.length; start += siteWidth) {
    for (let at = start + sitePaired; at < start + siteWidth; at++) {
      errors[at] = relative * Math.abs(x[at]);
    }
  }
  boundCoherences(errors, sector, blocks, magnitudes, relative, isKnown);
  return errors;
}

/**
 * A state against its equations.
 * @param applied to it, and the norm of what that gives
 * @param relative what rounding takes from a population, relative to itself
 * @param isKnown whether the numbers and the solution of the equations are right to rounding
 */
export function judged(
  x: Float64Array,
  sector: FilledSector & { norm(x: Float64Array): number },
  { y, magnitudes }: Applied,
  relative: number,
  isKnown: boolean,
): Judged {
  const blocks = pairBlocks(sector);
  return {
    residual: sector.norm(y),
    scale: sector.norm(magnitudes),
    errors: errorsOf(x, sector, blocks, magnitudes, relative, isKnown),
    resonance: resonanceOf(sector, blocks),
  };
}
