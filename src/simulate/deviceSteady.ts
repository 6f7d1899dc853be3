/** One steady state by elimination on a GPU, with every observable. */

import type { Precision } from '../backend/backend.js';
import type { OpenChains } from '../backend/batches.js';
import { device } from '../model/device.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { DEVICE_FAILURES } from './deviceFailures.js';
import { deviceRounding, faintestOf, lostOnDevice } from './deviceRounding.js';
import { compiledFor } from './millSector.js';
import { statesOnChains } from './sectorChains.js';
import { SolvedInSector } from './steady.js';
import { SteadyReading } from './steadyReading.js';
import type { SteadyState } from './steadyState.js';
import { firstWindow, widerWindow } from './windowSearch.js';

/** Heat flows below it are at the end of float32's exponents. */
const SMALLEST_FLOW = 1e-28;

/** The steady state on a window, its numbers read on the host. */
async function solvedOn(
  open: OpenChains,
  precision: Precision,
  parameters: DeviceParameters,
  window: Window,
): Promise<SteadyState> {
  const built = device(parameters, window);
  const lost = deviceRounding({ parameters, lmin: window.lmin }, window.size, precision);
  const { values } = built;
  const bound = compiledFor(parameters, values).on(window);
  const [{ verdict, state }] = await statesOnChains(open, precision, bound, [values], () =>
    lostOnDevice(lost, true),
  );
  if (verdict !== 'solved') throw new NonUniqueSteadyStateError(DEVICE_FAILURES[verdict]);
  return new SolvedInSector(built, state, faintestOf(lost));
}

/** Whether bath, interaction and load are there and every flow is below what float32's exponents reach. */
function isFaint({ state, flowEstimates }: SteadyReading): boolean {
  const { lambda, gamma } = state.device.parameters;
  if (lambda === 0 || gamma === 0) return false;
  return Object.values(flowEstimates.heat).every(({ value }) => Math.abs(value) < SMALLEST_FLOW);
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
      if (isFaint(read)) throw new NonUniqueSteadyStateError(DEVICE_FAILURES.faint);
      return state;
    }
    window = wider;
  }
}
