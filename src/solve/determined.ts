/**
 * Whether an elimination's pivots are more than rounding. Pivots of populations are sums of positive rates. But where
 * those went through coherences, what cancels in them by the equations leaves rounding, which seems to connect
 * populations that nothing connects: a state is then taken for the only one. Those of coherences are rounding where one
 * of them, or a sum over levels, never decays, as ⟨σx⟩ where H and all jumps commute with σx.
 */
import { type Assemble, NonUniqueSteadyStateError } from './conservingElimination.js';
import { ConservingFactors } from './conservingFactors.js';
import { disturbance } from './disturbance.js';

/** Share by which every entry is disturbed: some roundings. */
const DISTURBED = 2 ** -49;
/** Share of a pivot that may come of it. */
const UNCERTAIN = 1e-3;

/** Whether the pivots stay as they are where entries are disturbed by rounding, and all populations communicate. */
export function isDetermined(assemble: Assemble, start: number): boolean {
  try {
    return disturbedNullVector(assemble, start) !== null;
  } catch (error) {
    if (error instanceof NonUniqueSteadyStateError) return false;
    throw error;
  }
}

/** What a population may be off by for it to be computed with more digits. */
export const FEW_DIGITS = 1e-11;

/** What disturbing every entry by some roundings does to a null vector, of populations that sum to 1. */
export interface DisturbedNullVector {
  readonly change: Float64Array;
  /** By how much a population changes, at most. */
  readonly farthest: number;
}

/**
 * @param assemble makes the matrix about a centre; what it makes is overwritten
 * @param start the site that is tried first
 * @returns null where the pivots do not stay as they are
 * @throws {NonUniqueSteadyStateError} where two sets of populations do not communicate
 */
export function disturbedNullVector(assemble: Assemble, start: number): DisturbedNullVector | null {
  const disturbed: Assemble = (centre) => {
    const matrix = assemble(centre);
    const { entries } = matrix;
    for (let i = 0; i < entries.length; i++) entries[i] *= 1 + DISTURBED * disturbance(i);
    return matrix;
  };
  const one = ConservingFactors.of(assemble, start);
  const other = ConservingFactors.of(disturbed, start);
  const { centre, free } = one.ending;
  if (other.ending.centre !== centre || other.ending.free !== free) return null;
  const [a, b] = [one.outflows, other.outflows];
  const stay =
    a.every((outflow, i) => Math.abs(outflow - b[i]) <= UNCERTAIN * outflow) &&
    areAlike(one.pairPivots, other.pairPivots);
  if (!stay) return null;
  const change = one.nullVector.map((x, i) => other.nullVector[i] - x);
  return { change, farthest: one.largestPopulation(change) };
}

/** Whether blocks of four numbers are the same but for what is uncertain of each. */
function areAlike(a: Float64Array, b: Float64Array): boolean {
  for (let at = 0; at < a.length; at += 4) {
    let [off, size] = [0, 0];
    for (let i = at; i < at + 4; i++) {
      off = Math.max(off, Math.abs(a[i] - b[i]));
      size = Math.max(size, Math.abs(a[i]));
    }
    if (!(off <= UNCERTAIN * size)) return false;
  }
  return true;
}

/** Of pivots that are not determined. */
export const roundingAlone = (): NonUniqueSteadyStateError =>
  new NonUniqueSteadyStateError(
    'the steady state is not unique, as far as float64 can tell: rounding alone connects some populations to the others, ' +
      'or makes some coherences decay',
  );
