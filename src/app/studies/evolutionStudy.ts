/** A device in time, as frames that can be played. */
import { type InitialInput, initialState } from '../../model/initial.js';
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import { onCpu } from '../../simulate/evolutionStage.js';
import { Evolution } from '../../simulate/evolve.js';
import type { Snapshot } from '../../simulate/snapshot.js';
import { type Report, seldom } from './report.js';

export interface EvolutionStudyRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly initial: InitialInput;
  /** In increasing order. */
  readonly times: readonly number[];
}

export interface EvolutionStudyResult {
  readonly lmin: number;
  readonly lmax: number;
  readonly snapshots: readonly Snapshot[];
  readonly converged: boolean;
  readonly method: string;
  readonly steps: number;
  readonly seconds: number;
}

/** Angles at which P(φ) is drawn. */
export const ANGLES = 120;
const TOLERANCES = { rtol: 1e-10, atol: 1e-14 } as const;

export async function evolutionStudy(
  { parameters, truncation, initial, times }: EvolutionStudyRequest,
  report: Report,
): Promise<EvolutionStudyResult> {
  const begin = performance.now();
  const tell = seldom(report);
  const request = {
    parameters,
    truncation,
    initial: initialState(parameters, initial),
    times,
    tolerances: TOLERANCES,
    angles: ANGLES,
    states: false,
  };
  const evolution = await Evolution.start(request, onCpu);
  try {
    const { window, snapshots, converged, method, steps } = await evolution.run(async (t) => {
      const next = times.findIndex((time) => time >= t);
      tell(next < 0 ? times.length : next);
    });
    return {
      lmin: window.lmin,
      lmax: window.lmax,
      snapshots,
      converged,
      method: `${method.space}, ${method.method}`,
      steps: steps.accepted + steps.rejected,
      seconds: (performance.now() - begin) / 1e3,
    };
  } finally {
    evolution.close();
  }
}
