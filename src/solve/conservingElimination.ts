/**
 * The null vector of a block-tridiagonal matrix that conserves the sum of its populations.
 *
 * After Grassmann, Taksar and Heyman's elimination for Markov chains: the row vector with 1 on
 * populations and 0 on pairs is a left null vector of the matrix and of each of its Schur complements,
 * so that a population's pivot is minus the sum of the other population rows in its column. Nothing is
 * subtracted from a diagonal, and the answer is accurate component by component, whatever the condition
 * number. Sites are eliminated from both ends towards `centre`, whose last population is set free:
 * every other unknown follows from those nearer to the centre, so the tails may fall as low as floating
 * point goes. Cost: O(sites · width³).
 */

import { copied, zeros } from '../zeros.js';
import { eliminateSite, substitute } from './eliminateSite.js';
import type { EliminationKernel, Leftover } from './eliminationKernel.js';
import type { EliminationShape } from './eliminationShape.js';
import { preparedNullVector } from './preparedNullVector.js';
import { NoSteadyStateError } from './verdict.js';

/** A real matrix that couples neighbouring sites; its rows are equations of motion, its columns the unknowns. */
export interface BlockTridiagonal extends EliminationShape {
  readonly sites: number;
  /** The site towards which the blocks of a row are ordered. */
  readonly centre: number;
  /**
   * Entry (row r of site s; column c of a site near it) at ((s·width + r)·3 + b)·width + c, where b = 0 for the
   * neighbour away from the centre, 1 for s itself, 2 for the neighbour towards the centre; at the centre b = 0 for
   * s − 1 and 2 for s + 1. The diagonals of populations are not read.
   */
  readonly entries: Float64Array;
  /** Where the entries are code's own: what eliminates them, to the same bits as it is done without. */
  readonly kernel?: EliminationKernel;
}

/** The steady state is not unique (or not determined by the equations at hand). */
export class NonUniqueSteadyStateError extends NoSteadyStateError {
  override readonly name = 'NonUniqueSteadyStateError';
}

/** Makes the matrix with its blocks ordered about the given centre. */
export type Assemble = (centre: number) => BlockTridiagonal;

/** Where an elimination ends: a site, and the place there of the population that is set free. */
export interface Ending {
  readonly centre: number;
  readonly free: number;
  /** What code has left of the matrix, where it has not been asked for another one since. */
  readonly eliminated?: Eliminated;
}

/** A matrix as its elimination leaves it in its code's memory, with the null vector, until another is filled in. */
export class Eliminated implements Leftover {
  constructor(
    readonly matrix: BlockTridiagonal,
    private readonly kernel: EliminationKernel,
  ) {
    kernel.leave(this);
  }

  get isThere(): boolean {
    return this.kernel.isLeftTo(this);
  }

  /** Whoever needs it later eliminates again. */
  save(): void {}
}

/** Populations summing to 1, site by site, and where the elimination ended. */
export interface NullVector extends Ending {
  readonly unknowns: Float64Array;
}

/** A population (its place at its site) that cannot reach the ones not yet eliminated. */
export interface Closed {
  readonly site: number;
  readonly unknown: number;
}

/** Beyond this ratio of the largest unknown to the centre's, the elimination is redone from there. */
const FAR_FROM_CENTRE = 1e100;

/**
 * The null vector.
 * @param assemble makes the matrix about a centre; called for each elimination, which overwrites it
 * @param start the site first taken as the centre
 * @throws {NonUniqueSteadyStateError} when two sets of populations do not communicate.
 */
export function conservingNullVector(assemble: Assemble, start: number): NullVector {
  const first = assemble(start);
  const last = first.width - 1;
  const { kernel, centre } = first;
  if (kernel === undefined) {
    const quick = preparedNullVector(first, FAR_FROM_CENTRE);
    if (quick !== null) return { unknowns: copied(quick), centre, free: last };
  } else {
    const quick = kernel.nullVector(centre, FAR_FROM_CENTRE);
    if (quick !== null) {
      const eliminated = new Eliminated(first, kernel);
      return { unknowns: copied(quick), centre, free: last, eliminated };
    }
  }
  const matrix = kernel === undefined ? first : assemble(start);
  const result = eliminate(matrix);
  if (result instanceof Float64Array) return { ...centred(assemble, matrix, result), free: last };
  // Every steady state has weight on a closed population. Freed last, it is found if it belongs to
  // the only closed set; a second population that cannot reach it belongs to another.
  const reorder: Assemble = (centre) => reordered(assemble(centre), result.unknown);
  const again = eliminate(reorder(result.site));
  if (again instanceof Float64Array) {
    const { unknowns, centre } = centred(reorder, reorder(result.site), again);
    return {
      unknowns: swapUnknownsOf(unknowns, matrix.width, result.unknown, last),
      centre,
      free: result.unknown,
    };
  }
  throw closedSets();
}

/** Two sets of populations do not communicate. */
export const closedSets = (): NonUniqueSteadyStateError =>
  new NonUniqueSteadyStateError(
    'the steady state is not unique: some populations never reach the others ' +
      '(no dissipation or no coupling connects them)',
  );

/** Repeats the elimination from the peak of the populations where the first centre was far from it. */
function centred(
  assemble: Assemble,
  shape: BlockTridiagonal,
  first: Float64Array,
): { readonly unknowns: Float64Array; readonly centre: number } {
  let x = first;
  let { centre } = shape;
  for (let attempt = 0; attempt < shape.sites; attempt++) {
    const peak = peakSite(shape, x);
    if (peak === null) return { unknowns: normalised(shape, x), centre };
    const result = eliminate(assemble(peak));
    if (!(result instanceof Float64Array)) break;
    x = result;
    centre = peak;
  }
  throw new NonUniqueSteadyStateError('the steady state is not determined: no peak was found');
}

export function swapUnknownsOf(x: Float64Array, width: number, a: number, b: number): Float64Array {
  const swapped = x.slice();
  for (let at = 0; at < x.length; at += width) {
    swapped[at + a] = x[at + b];
    swapped[at + b] = x[at + a];
  }
  return swapped;
}

/** The matrix with two unknowns of every site exchanged, in rows and columns. */
export function swapUnknowns(
  { sites, width }: Pick<BlockTridiagonal, 'sites' | 'width'>,
  matrix: Float64Array,
  a: number,
  b: number,
): Float64Array {
  const entries = swapUnknownsOf(matrix, width, a, b);
  const row = 3 * width;
  for (let site = 0; site < sites; site++) {
    const rowA = (site * width + a) * row;
    const rowB = (site * width + b) * row;
    const kept = entries.slice(rowA, rowA + row);
    entries.copyWithin(rowA, rowB, rowB + row);
    entries.set(kept, rowB);
  }
  return entries;
}

/** The reach of a matrix whose unknowns stand in another order. */
export function everyUnknown(width: number): BlockTridiagonal['reach'] {
  const all = new Int32Array(width).fill(width);
  return { below: all, above: all };
}

/** The matrix with another unknown as each site's last one, in memory of its own. */
export function reordered(
  { kernel: _kernel, ...matrix }: BlockTridiagonal,
  free: number,
): BlockTridiagonal {
  const { width } = matrix;
  const entries = swapUnknowns(matrix, matrix.entries, free, width - 1);
  return { ...matrix, entries, reach: everyUnknown(width) };
}

/** The site to start from instead, or null where the centre was near enough to the peak. */
function peakSite({ sites, width, paired }: BlockTridiagonal, x: Float64Array): number | null {
  let largest = 0;
  let at = 0;
  for (let site = 0; site < sites; site++) {
    for (let r = paired; r < width; r++) {
      const value = Math.abs(x[site * width + r]);
      if (!(value < Number.MAX_VALUE)) return site;
      if (value > largest) {
        largest = value;
        at = site;
      }
    }
  }
  return largest > FAR_FROM_CENTRE ? at : null;
}

function normalised({ sites, width, paired }: BlockTridiagonal, x: Float64Array): Float64Array {
  let total = 0;
  for (let site = 0; site < sites; site++) {
    for (let r = paired; r < width; r++) total += x[site * width + r];
  }
  for (let i = 0; i < x.length; i++) x[i] /= total;
  return x;
}

/**
 * Eliminates every site towards the centre and substitutes back from its last population, set to 1.
 *
 * In place: a site's rows end up holding each of its unknowns as a combination of the later ones
 * (own site first, then the inner neighbour's), and the inner neighbour's own block the Schur
 * complement. What came before is left as it was met: in the later rows the multipliers, and the 2×2
 * block of each pair. In the centre's rows blocks 0 and 2 have changed places.
 */
export function eliminate(matrix: BlockTridiagonal): Float64Array | Closed {
  const { sites, centre, width, paired, reach, entries, kernel } = matrix;
  if (kernel !== undefined) {
    const found = kernel.solve(centre);
    if (typeof found === 'number')
      return { site: Math.floor(found / width), unknown: found % width };
    return copied(found);
  }
  const row = 3 * width;
  const step = width * row;

  for (let site = 0; site < centre; site++) {
    const unknown = eliminateSite(
      entries,
      site * step,
      site * step + step,
      0,
      width,
      width,
      paired,
      reach.below,
    );
    if (unknown >= 0) return { site, unknown };
  }
  // The centre has two outer neighbours. The lower one is done with, so the upper takes its place.
  for (let at = centre * step; at < centre * step + step; at += row) {
    for (let k = at; k < at + width; k++) {
      const lower = entries[k];
      entries[k] = entries[k + 2 * width];
      entries[k + 2 * width] = lower;
    }
  }
  for (let site = sites - 1; site > centre; site--) {
    const unknown = eliminateSite(
      entries,
      site * step,
      site * step - step,
      0,
      width,
      width,
      paired,
      reach.above,
    );
    if (unknown >= 0) return { site, unknown };
  }
  const last = width - 1;
  const here = centre * step;
  const unknown = eliminateSite(entries, here, -1, 0, last, width, paired, reach.below);
  if (unknown >= 0) return { site: centre, unknown };

  const x = zeros(sites * width);
  x[centre * width + last] = 1;
  substitute(entries, x, centre, centre, last, width, paired);
  for (let site = centre + 1; site < sites; site++) {
    substitute(entries, x, site, site - 1, width, width, paired);
  }
  for (let site = centre - 1; site >= 0; site--) {
    substitute(entries, x, site, site + 1, width, width, paired);
  }
  return x;
}
