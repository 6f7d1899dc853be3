/** A device in a potential as a point of a map or of a curve. */
import { cpuBackend } from '../../backend/cpu/backend.js';
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import type { Window } from '../../operators/window.js';
import { solveSteadyOn, startWindow } from '../../simulate/solveSteady.js';
import { SteadyReading } from '../../simulate/steadyReading.js';
import { firstWindow, widerWindow } from '../../simulate/windowSearch.js';

const backend = cpuBackend();

/** The steady state, the search for its window begun with a neighbour's; null where it is not found. */
export async function solveInLayers(
  parameters: DeviceParameters,
  truncation: Truncation,
  near: Window | null,
): Promise<SteadyReading | null> {
  let window =
    truncation.lmin === undefined
      ? (near ?? startWindow(parameters, truncation))
      : firstWindow(truncation);
  for (;;) {
    const { state, solver } = await solveSteadyOn(
      parameters,
      window,
      { space: 'auto', method: 'auto' },
      backend,
    );
    if (!solver.converged) return null;
    const reading = new SteadyReading(state);
    const wider = widerWindow(truncation, window, reading.edges, null);
    if (wider === null) return reading;
    window = wider;
  }
}
