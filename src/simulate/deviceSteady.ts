/** One steady state by elimination on a GPU, with every observable. */

import type { Precision } from '../backend/backend.js';
import type { OpenChains } from '../backend/batches.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { DEVICE_FAILURES, FAINT } from './deviceFailures.js';
import { statesOnDevice } from './deviceStates.js';
import { isFaint } from './digits.js';
import type { Unsolved } from './sectorChains.js';
import { SteadyReading } from './steadyReading.js';
import type { SteadyState } from './steadyState.js';
import { firstWindow, widerWindow } from './windowSearch.js';

/** The steady state on a window, its numbers read on the host. */
async function solvedOn(
  open: OpenChains,
  precision: Precision,
  parameters: DeviceParameters,
  window: Window,
): Promise<SteadyState> {
  const found: (SteadyState | Unsolved)[] = [];
  await statesOnDevice(open, precision, [{ parameters, window }], {
    solved: (_, state) => found.push(state().state),
    unsolved: (_, why) => found.push(why),
  });
  const [state] = found;
  if (typeof state === 'string') throw new NonUniqueSteadyStateError(DEVICE_FAILURES[state]);
  return state;
}

/**
 * One device's steady state, on the window asked for or on one that grows as on the CPU.
 * @throws {NonUniqueSteadyStateError} where it may not be unique, or is beyond float32's range
 */
export async function steadyStateOnDevice(
  open: OpenChains,
  precision: Precision,
  parameters: DeviceParameters,
  truncation: Truncation,
): Promise<SteadyState> {
  let window = firstWindow(truncation);
  for (;;) {
    const state = await solvedOn(open, precision, parameters, window);
    const read = new SteadyReading(state);
    const wider = widerWindow(truncation, window, read.edges, parameters);
    if (wider === null) {
      if (isFaint(read)) throw new NonUniqueSteadyStateError(FAINT);
      return state;
    }
    window = wider;
  }
}
