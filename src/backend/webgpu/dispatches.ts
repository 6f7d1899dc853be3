/** Work cut into dispatches that a device allows, and that are short. */

/** Workgroups along one axis that every device allows. */
export const MOST_GROUPS = 65535;
/** Time that one dispatch may take. */
const SECONDS_PER_DISPATCH = 0.1;

/** Workgroups along each axis: at least `count` of them in all. */
export function spread(count: number): [number, number, number] {
  const across = Math.min(count, MOST_GROUPS);
  return [across, Math.ceil(count / across), 1];
}

/** A part of some work: `count` pieces from the one numbered `first`. */
export interface Run {
  readonly first: number;
  readonly count: number;
  /** Bytes that it reads and writes. */
  readonly traffic: number;
}

/**
 * Cuts work into runs of about equal length, each short enough for a dispatch.
 * @param pieces what the work can be cut into
 * @param traffic bytes that all of it reads and writes
 * @param rate bytes per second that the device moves
 */
export function shortRuns(pieces: number, traffic: number, rate: number): Run[] {
  const most = Math.ceil(pieces / Math.ceil(traffic / (rate * SECONDS_PER_DISPATCH)));
  const runs: Run[] = [];
  for (let first = 0; first < pieces; first += most) {
    const count = Math.min(most, pieces - first);
    runs.push({ first, count, traffic: (traffic * count) / pieces });
  }
  return runs;
}
