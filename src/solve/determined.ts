/**
 * Whether an elimination's pivots are more than rounding. Pivots of populations are sums of positive rates. But where
 * those went through coherences, what cancels in them by the equations leaves rounding, which seems to connect
 * populations that nothing connects: a state is then taken for the only one.
 */
import { type Assemble, NonUniqueSteadyStateError } from './conservingElimination.js';
import { ConservingFactors } from './conservingFactors.js';
import { disturbance } from './disturbance.js';

/** Share by which every entry is disturbed: some roundings. */
const DISTURBED = 2 ** -49;
/** Share of a pivot that may come of it. */
const UNCERTAIN = 1e-3;

/**
 * Whether the pivots stay as they are where entries are disturbed by rounding.
 * @param assemble makes the matrix about a centre; what it makes is overwritten
 * @param start the site that is tried first
 * @throws {NonUniqueSteadyStateError} where two sets of populations do not communicate
 */
export function isDetermined(assemble: Assemble, start: number): boolean {
  const disturbed: Assemble = (centre) => {
    const matrix = assemble(centre);
    const { entries } = matrix;
    for (let i = 0; i < entries.length; i++) entries[i] *= 1 + DISTURBED * disturbance(i);
    return matrix;
  };
  const one = ConservingFactors.of(assemble, start);
  const other = ConservingFactors.of(disturbed, start);
  const { centre, free } = one.ending;
  if (other.ending.centre !== centre || other.ending.free !== free) return false;
  const [a, b] = [one.outflows, other.outflows];
  return a.every((outflow, i) => Math.abs(outflow - b[i]) <= UNCERTAIN * outflow);
}

/** Of pivots that are not determined. */
export const roundingAlone = (): NonUniqueSteadyStateError =>
  new NonUniqueSteadyStateError(
    'the steady state is not unique, as far as float64 can tell: rounding alone connects some populations to the others',
  );
