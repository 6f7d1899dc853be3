/** Steps by which numbers are read, as a tree: what leads along it, and what does not. */
import { expect, test } from 'vitest';
import { type ExactEstimate, estimated } from '../../src/lindblad/estimate.js';
import type { Functional } from '../../src/lindblad/functional.js';
import {
  ReadingSteps,
  type SteppedState,
  StepsBeingTaken,
} from '../../src/lindblad/readingSteps.js';

const NOTHING = estimated(0, 0, 0);
const MEANS: readonly Functional[] = [[], []];

/** A state with two means, by their values and errors. */
function stateOf(...results: readonly number[]): SteppedState {
  const placeOf = (one: Functional) => MEANS.indexOf(one);
  return {
    ...{ good: 1e-12, enough: 1e-11, floor: 0 },
    rounded: (at) => at,
    foundMeans: () => ({ results: Float64Array.from(results), placeOf }),
  };
}

/** Writes down that a state's surer mean is read, so many times the other way round. */
function write(steps: ReadingSteps, { foundMeans }: SteppedState, turns = 0, isDone = true): void {
  const writer = new StepsBeingTaken(NOTHING, steps.begin());
  const { results } = foundMeans('eigen') as { results: Float64Array };
  const [a, b] = MEANS.map((of, n): ExactEstimate => {
    const read = estimated(results[2 * n], 0, results[2 * n + 1]);
    writer.read(read, { source: 'eigen', of });
    return read;
  });
  const isLess = a.error < b.error;
  writer.isLess(isLess, a, b);
  let found = isLess ? a : b;
  for (let k = 0; k < turns; k++) {
    const turned = estimated(-found.high, 0, found.error);
    writer.minus(turned, found);
    found = turned;
  }
  if (isDone) writer.end(found);
}

test('a state goes on where comparisons come out as they did', () => {
  const steps = new ReadingSteps();
  expect(steps.read(stateOf(3, 1, 4, 2))).toBeUndefined();
  write(steps, stateOf(3, 1, 4, 2));
  expect(steps.read(stateOf(5, 0.1, 4, 2))).toMatchObject({ high: 5, error: 0.1 });
  expect(steps.read(stateOf(5, 3, 4, 2))).toBeUndefined();
  write(steps, stateOf(5, 3, 4, 2), 1);
  expect(steps.read(stateOf(5, 3, 6, 2))).toMatchObject({ high: -6, error: 2 });
  expect(steps.read(stateOf(5, 1, 6, 2))).toMatchObject({ high: 5, error: 1 });
});

test('steps that lead nowhere, or to more numbers than are kept, are not followed', () => {
  const steps = new ReadingSteps();
  write(steps, stateOf(3, 1, 4, 2));
  write(steps, stateOf(3, 2, 4, 1), 1, false);
  expect(steps.read(stateOf(3, 2, 4, 1))).toBeUndefined();
  write(steps, stateOf(3, 2, 4, 1), 2000);
  expect(steps.read(stateOf(3, 2, 4, 1))).toBeUndefined();
  write(steps, stateOf(3, 2, 4, 1), 500);
  expect(steps.read(stateOf(3, 2, 4, 1))).toMatchObject({ high: 4, error: 1 });
  expect(steps.read(stateOf(3, 1, 4, 2))).toMatchObject({ high: 3, error: 1 });
});
