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

/** Whether the pivots stay as they are where entries are disturbed by rounding. @throws as `uncertaintyOf` */
export const isDetermined = (assemble: Assemble, start: number): boolean =>
  uncertaintyOf(assemble, start) !== null;

/**
 * How far a population may be off, as disturbing every entry by some roundings shows; null where the pivots do not stay
 * as they are.
 * @param assemble makes the matrix about a centre; what it makes is overwritten
 * @param start the site that is tried first
 * @throws {NonUniqueSteadyStateError} where two sets of populations do not communicate
 */
export function uncertaintyOf(assemble: Assemble, start: number): number | null {
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
  return stay ? one.farthestPopulation(other) : null;
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
