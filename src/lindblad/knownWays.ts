/** Ways by which a number was read off states before: most states are read as one of those before them. */
import type { ExactEstimate } from './estimate.js';
import { ReadingSteps, StepsBeingTaken } from './readingSteps.js';
import { NOTHING, type StateReader } from './stateReader.js';

/** After so many no others are written down. */
const MOST_WRITTEN = 256;

/** Reads a number off a state; null where it is not known. */
export type ReadNumber = (state: StateReader) => ExactEstimate | null;

/** Those of states that are read from the same numbers. */
class KnownWays {
  readonly #steps = new ReadingSteps();
  #written = 0;

  read(state: SteppedReader, find: ReadNumber): ExactEstimate | null {
    const known = this.#steps.read(state);
    if (known !== undefined) return known;
    const isFull = this.#written === MOST_WRITTEN || !this.#steps.isOpen;
    if (isFull || state.foundMeans('eigen') === null) return find(state);
    this.#written++;
    const steps = new StepsBeingTaken(NOTHING, this.#steps.begin());
    const found = find(state.writtenDown(steps));
    steps.end(found);
    return found;
  }
}

/**
 * Reads a number by a way that is known, where one leads to it, and to the same bits.
 * @param find looks for its best way
 */
export function byKnownWays(find: ReadNumber): ReadNumber {
  const byMeans = new KnownWays();
  const byCuts = new KnownWays();
  return (state) => {
    if (!isStepped(state)) return find(state);
    return (state.foundCuts === undefined ? byMeans : byCuts).read(state, find);
  };
}

type SteppedReader = StateReader &
  Required<Pick<StateReader, 'rounded' | 'foundMeans' | 'writtenDown'>>;

const isStepped = (state: StateReader): state is SteppedReader => state.writtenDown !== undefined;
