/** The peers' rows: asked, held against our numbers, reported; or skipped with a peer's own words. */
import type { DeviceParameters } from '../../model/parameters.js';
import { each } from '../measure.js';
import { PeerError, type PeerRequest } from '../peers.js';
import { admitted, type Group } from '../row.js';
import type { Settings } from '../study.js';
import { largestDifference, windowOf } from './devices.js';

export interface Question {
  readonly group: Group;
  readonly task: string;
  readonly N: number;
  readonly request: PeerRequest;
  /** Our numbers, in the order of the peer's, and where they are from. */
  readonly wanted: readonly number[];
  readonly oracle: string;
  readonly tolerance: number;
  /** How many results the peer's time is for: the row is of one. */
  readonly results?: number;
}

/** QuTiP's own default accuracy of a steady state is about this. */
const STEADY_TOLERANCE = 1e-6;

/** Rows of one device's steady state: ⟨L_z⟩, ⟨L_z²⟩ and Q̇₂ by each of QuTiP's solvers that takes no minutes. */
export function steadyPeers(
  settings: Settings,
  parameters: DeviceParameters,
  { runs, ...named }: Pick<Question, 'task' | 'N' | 'wanted' | 'oracle'> & { runs: number },
): void {
  const { lmin, lmax } = windowOf(named.N);
  // Its iterative solvers take minutes on larger windows, where they converge at all.
  const methods =
    settings.quick || named.N > 31
      ? (['direct'] as const)
      : (['direct', 'power', 'gmres'] as const);
  for (const method of methods) {
    const request = { task: 'steady', method, parameters, lmin, lmax, runs } as const;
    peerRow(settings, { ...named, group: 'steady', request, tolerance: STEADY_TOLERANCE });
  }
}

export function peerRow(
  { peers, onRow, onSkip }: Settings,
  { request, wanted, results = 1, ...named }: Question,
): void {
  for (const answer of peers.ask(request)) {
    if (answer instanceof PeerError) {
      const how = 'method' in request ? `, ${request.method}` : '';
      onSkip(`a peer's ${named.task}${how}, N = ${named.N}: ${answer.message}`);
      continue;
    }
    const { name, timing, values } = answer;
    onRow(
      admitted({
        ...named,
        solver: name,
        peer: true,
        error: largestDifference(values, wanted),
        seconds: each(timing, results),
      }),
    );
  }
}
