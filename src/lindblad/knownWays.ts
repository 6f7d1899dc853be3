/** Ways by which a number was read off states before: most states are read as one of those before them. */
import type { ExactEstimate } from './estimate.js';
import { type ReadingSteps, StepsBeingTaken } from './readingSteps.js';
import { NOTHING, type StateReader } from './stateReader.js';

/** So many are kept, and after so many no others are written down. */
const MOST_KEPT = 8;
const MOST_WRITTEN = 256;

/** Reads a number off a state; null where it is not known. */
export type ReadNumber = (state: StateReader) => ExactEstimate | null;

/**
 * Reads a number by a way that is known, where one leads to it, and to the same bits.
 * @param find looks for its best way
 */
export function byKnownWays(find: ReadNumber): ReadNumber {
  const ways: ReadingSteps[] = [];
  let written = 0;
  return (state) => {
    if (!isStepped(state)) return find(state);
    for (let k = 0; k < ways.length; k++) {
      const found = ways[k].read(state);
      if (found === undefined) continue;
      if (k > 0) ways.unshift(...ways.splice(k, 1));
      return found;
    }
    if (written === MOST_WRITTEN || state.foundMeans('eigen') === null) return find(state);
    written++;
    const steps = new StepsBeingTaken(NOTHING);
    const found = find(state.writtenDown(steps));
    const way = steps.end(found);
    if (way !== null) ways.unshift(way);
    if (ways.length > MOST_KEPT) ways.pop();
    return found;
  };
}

type SteppedReader = StateReader &
  Required<Pick<StateReader, 'rounded' | 'foundMeans' | 'writtenDown'>>;

const isStepped = (state: StateReader): state is SteppedReader => state.writtenDown !== undefined;
