/** The peers' rows: asked, held against our numbers, reported; or skipped with a peer's own words. */
import { each } from '../measure.js';
import { PeerError, type PeerRequest } from '../peers.js';
import { admitted, type Group } from '../row.js';
import type { Settings } from '../study.js';
import { largestDifference } from './devices.js';

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
