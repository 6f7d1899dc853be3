/** A study as text: one line a row, one factor a comparison. */
import type { Timing } from './measure.js';
import type { Row } from './row.js';
import type { Study } from './study.js';

export function inUnits(seconds: number): string {
  if (seconds >= 1) return `${seconds.toPrecision(3)} s`;
  if (seconds >= 1e-3) return `${(1e3 * seconds).toPrecision(3)} ms`;
  return `${(1e6 * seconds).toPrecision(3)} µs`;
}

const spread = ({ median, fastest, upperQuartile, repetitions }: Timing): string =>
  `${inUnits(median)} (${inUnits(fastest)} – ${inUnits(upperQuartile)}, ${repetitions})`;

/** One line: task, N, solver, time with its spread and repetitions, error, share of the ceiling. */
export function rowLine(row: Row): string {
  const time =
    row.seconds === null ? `no time: wrong by ${row.error.toExponential(1)}` : spread(row.seconds);
  const shares = row.shares
    .map(({ of, value }) => `  ${(100 * value).toPrecision(2)} % of ${of}`)
    .join('');
  const where = row.adapter === null ? '' : `, ${row.adapter}`;
  return (
    `${row.group.padEnd(9)} ${row.task}, N = ${row.N}: ${row.solver} (${row.precision}${where})  ` +
    `${time}  error ${row.error.toExponential(1)}${shares}`
  );
}

export interface Comparison {
  readonly group: Row['group'];
  readonly task: string;
  readonly N: number;
  readonly ours: Row;
  readonly peer: Row;
  /** Peer's median over ours. */
  readonly ratio: number;
}

/** Our fastest right row against each peer's, wherever both did the same task at the same N. */
export function comparisons(rows: readonly Row[]): Comparison[] {
  const timed = rows.flatMap((row) =>
    row.seconds === null ? [] : [{ ...row, time: row.seconds.median }],
  );
  return timed
    .filter(({ peer }) => peer)
    .flatMap((peer) => {
      const same = timed
        .filter((r) => !r.peer && r.group === peer.group && r.task === peer.task && r.N === peer.N)
        .sort((a, b) => a.time - b.time);
      if (same.length === 0) return [];
      const [ours] = same;
      const { group, task, N } = peer;
      return [{ group, task, N, ours, peer, ratio: peer.time / ours.time }];
    });
}

/** The summary after the rows: factors against peers, exponents, what was skipped. */
export function summary({ rows, scalings, skipped }: Study): string {
  const factor = (ratio: number) => (ratio >= 10 ? ratio.toFixed(0) : ratio.toPrecision(2));
  const under = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines];
  return [
    ...under(
      'against peers, same task, same machine, same run:',
      comparisons(rows).map(
        ({ group, task, N, ours, peer, ratio }) =>
          `  ${group}, ${task}, N = ${N}: ${factor(ratio)} times ${peer.solver} (by ${ours.solver})`,
      ),
    ),
    ...under(
      'time against N, fitted:',
      scalings.map(
        ({ group, task, solver, exponent, from, to }) =>
          `  ${group}, ${task}, ${solver}: N^${exponent.toFixed(2)} from N = ${from} to ${to}`,
      ),
    ),
    ...skipped.map((what) => `skipped: ${what}`),
  ].join('\n');
}
