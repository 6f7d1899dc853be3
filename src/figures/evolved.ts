/** Evolutions for figures: from thermal qubits and the rotor in |0⟩, as the paper starts. */

import { initialState } from '../model/initial.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { onCpu } from '../simulate/evolutionStage.js';
import { Evolution, type EvolutionResult } from '../simulate/evolve.js';
import type { Tolerances } from '../solve/evolver.js';

/** Far below what a figure shows, and what a claim is judged by. */
const FIGURE_TOLERANCES = { rtol: 1e-12, atol: 1e-15 } as const;

/** @param report called with the number of times reached */
export async function evolvedFromRest(
  parameters: DeviceParameters,
  truncation: Truncation,
  times: readonly number[],
  report: (done: number) => void,
  tolerances: Tolerances = FIGURE_TOLERANCES,
): Promise<EvolutionResult> {
  const request = {
    parameters,
    truncation,
    initial: initialState(parameters),
    times,
    tolerances,
    angles: 0,
    states: false,
  };
  const evolution = await Evolution.start(request, onCpu);
  return evolution.run(async (t) => {
    const next = times.findIndex((time) => time > t);
    report(next < 0 ? times.length : next);
  });
}
