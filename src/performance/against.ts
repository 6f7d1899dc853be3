/** Two versions of this program held against each other, row by row. */
import { inUnits } from './report.js';
import type { Row } from './row.js';
import type { Study } from './study.js';

/** In the order of their weight. */
export const VERDICTS = ['now wrong', 'wrong', 'slower', 'now right', 'faster', 'same'] as const;

export interface Change {
  readonly group: Row['group'];
  readonly task: string;
  readonly N: number;
  readonly solver: string;
  readonly precision: Row['precision'];
  readonly adapter: string | null;
  /** Seconds: the least median of the studies of each version; null where an answer was wrong. */
  readonly before: number | null;
  readonly now: number | null;
  /** Time now over time before. */
  readonly ratio: number | null;
  /** The largest factor between medians of one version: what the machine alone makes of the same code. */
  readonly spread: number;
  readonly verdict: (typeof VERDICTS)[number];
}

/** Less than this factor is no change, however still the machine is. */
const LEAST_CHANGE = 1.1;

const keyOf = ({ group, task, N, solver, precision, adapter }: Row): string =>
  JSON.stringify([group, task, N, solver, precision, adapter]);

/** The medians of each of our rows in several studies of one version; null where one of them is wrong. */
function medians(studies: readonly Study[]): Map<string, { row: Row; seconds: number[] | null }> {
  const found = new Map<string, { row: Row; seconds: number[] | null }>();
  for (const row of studies.flatMap(({ rows }) => rows)) {
    if (row.peer) continue;
    const key = keyOf(row);
    const seconds = found.has(key) ? found.get(key)?.seconds : [];
    const right = row.seconds !== null && seconds !== null && seconds !== undefined;
    found.set(key, { row, seconds: right ? [...seconds, row.seconds.median] : null });
  }
  return found;
}

const spreadOf = (seconds: readonly number[]): number =>
  Math.max(...seconds) / Math.min(...seconds);

function verdictOf(ratio: number, spread: number): Change['verdict'] {
  const least = Math.max(LEAST_CHANGE, spread);
  if (ratio > least) return 'slower';
  return ratio < 1 / least ? 'faster' : 'same';
}

type Judged = Pick<Change, 'before' | 'now' | 'ratio' | 'spread' | 'verdict'>;

function judge(earlier: readonly number[] | null, later: readonly number[] | null): Judged {
  if (earlier === null || later === null) {
    const [before, now] = [earlier, later].map((all) => (all === null ? null : Math.min(...all)));
    const verdict = before !== null ? 'now wrong' : now !== null ? 'now right' : 'wrong';
    return { before, now, ratio: null, spread: 1, verdict };
  }
  const [before, now] = [Math.min(...earlier), Math.min(...later)];
  const ratio = now / before;
  const spread = Math.max(spreadOf(earlier), spreadOf(later));
  return { before, now, ratio, spread, verdict: verdictOf(ratio, spread) };
}

/** What both versions have measured, in the order of the later one. */
export function changes(before: readonly Study[], now: readonly Study[]): Change[] {
  const old = medians(before);
  return [...medians(now)].flatMap(([key, { row, seconds }]) => {
    const known = old.get(key);
    if (known === undefined) return [];
    const { group, task, N, solver, precision, adapter } = row;
    const named = { group, task, N, solver, precision, adapter };
    return [{ ...named, ...judge(known.seconds, seconds) }];
  });
}

const timeOf = (seconds: number | null): string => (seconds === null ? 'wrong' : inUnits(seconds));

export function changeLine(change: Change): string {
  const { group, task, N, solver, precision, before, now, ratio, spread, verdict } = change;
  const factor =
    ratio === null ? '' : `  ${ratio.toFixed(2)} times (the same code ${spread.toFixed(2)})`;
  return (
    `${verdict.padEnd(12)} ${group}, ${task}, N = ${N}: ${solver} (${precision})  ` +
    `${timeOf(before)} → ${timeOf(now)}${factor}`
  );
}
