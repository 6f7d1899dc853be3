/** The row of the limit of one core, and the shares of it that ours reach. */
import { steadyStateOn } from '../../simulate/steady.js';
import { SteadyReading } from '../../simulate/steadyReading.js';
import { compileLimit, type LimitQuestion } from '../limit.js';
import type { Timing } from '../measure.js';
import { admitted, type Group, type Share } from '../row.js';
import type { Settings } from '../study.js';
import { largestDifference } from './devices.js';

const TOLERANCE = 1e-9;

/** The share of the limit that a time on one core is; none where there is no limit. */
export type ShareOfLimit = (timing: Timing) => readonly Share[];

/**
 * Measures the limit, reports its row or why there is none.
 * @param task what it computes; another name than that of our rows, which use all cores and give more numbers
 */
export function limitRow(
  { onRow, onSkip }: Settings,
  { group, task, question }: { group: Group; task: string; question: LimitQuestion },
): ShareOfLimit {
  const limit = compileLimit();
  if ('missing' in limit) {
    onSkip(limit.missing);
    return () => [];
  }
  const { parameters, window, beta2, points } = question;
  const { timing, first, last } = limit.ask(question);
  limit.close();
  const wanted = (hot: number) => {
    const reading = new SteadyReading(steadyStateOn({ ...parameters, beta2: hot }, window));
    const { Lz, Lz2, heat } = reading;
    return [Lz, Lz2, heat.Q1, heat.Q2, heat.Qr];
  };
  const row = admitted({
    group,
    task,
    solver: `C on one core (${limit.name})`,
    N: window.size,
    error: Math.max(
      largestDifference(first, wanted(beta2.first)),
      largestDifference(last, wanted(beta2.first + (points - 1) * beta2.step)),
    ),
    oracle: 'sector direct',
    tolerance: TOLERANCE,
    seconds: timing,
  });
  onRow(row);
  // A wrong answer is no limit.
  const { seconds } = row;
  if (seconds === null) return () => [];
  return (ours) => [{ of: 'C on one core', value: seconds.median / ours.median }];
}
