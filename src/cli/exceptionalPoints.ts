/** `qmill modes --along`: where modes coalesce along a parameter. */
import { ParameterError } from '../model/parameters.js';
import { slowestOf } from '../simulate/anyModes.js';
import { type ExceptionalPoint, exceptionalPoints } from '../spectrum/exceptionalPoints.js';
import { solverOf } from './about.js';
import { statusOf } from './command.js';
import type { ResultFile } from './resultFile.js';
import type { Subject } from './subject.js';
import { toldSolution } from './watch.js';
import { numberIn, wholeIn } from './words.js';

export const DEFAULT_SAMPLES = 24;
const MOST_SAMPLES = 10_000;

function readAlong(text: string): { readonly name: string; readonly ends: readonly number[] } {
  const [, name, first, last] = /^\s*([^=\s]+)\s*=\s*([^:]+):([^:]+)$/.exec(text) ?? [];
  const ends = [first, last].map((end = '') => numberIn(end));
  if (name !== undefined && ends[0] < ends[1] && ends.every(Number.isFinite)) return { name, ends };
  throw new ParameterError('along', text, 'NAME=FROM:TO with FROM < TO');
}

interface Along {
  readonly parameter: string;
  readonly from: number;
  readonly to: number;
  readonly samples: number;
  readonly modes: number;
}

/**
 * @param count modes of charge 0 that are looked at
 * @param begin when the work began, in milliseconds of `performance.now`
 */
export async function runAlong(
  subject: Subject,
  along: string,
  givenSamples: unknown,
  count: number,
  written: ResultFile,
  begin: number,
): Promise<number> {
  const { name, ends } = readAlong(along);
  const samples = wholeIn('samples', givenSamples ?? DEFAULT_SAMPLES, [2, MOST_SAMPLES]);
  const [from, to] = ends;
  const values = Array.from(
    { length: samples },
    (_, k) => from + (k / (samples - 1)) * (to - from),
  );
  const unknown = new Set<number>();
  const found = await toldSolution((hooks) => {
    let sampled = 0;
    const onSearch = (share: number) => hooks.onSearch(Math.min(1, (sampled + share) / samples));
    return exceptionalPoints(async (value) => {
      const system = subject.changed(name, value);
      const eigenvalues = await slowestOf(system, count, { ...hooks, onSearch });
      const isSample = values.includes(value);
      if (isSample) sampled++;
      await onSearch(0);
      if (isSample && eigenvalues.some(({ isKnown }) => !isKnown)) unknown.add(value);
      return eigenvalues;
    }, values);
  });
  const problems =
    unknown.size === 0
      ? []
      : [
          `at ${unknown.size} of ${samples} values of ${name}, the first ${Math.min(...unknown)}, some modes are not known to 1e-6: nothing is said of these`,
        ];
  const report = {
    ...subject.head,
    solver: solverOf(problems, begin),
    complete: true,
    along: { parameter: name, from, to, samples, modes: count },
    exceptionalPoints: found,
  };
  await written.print(report, () => describe(subject.name, report.along, found));
  return statusOf(report.solver);
}

function describe(
  machine: string,
  { parameter, from, to, samples, modes }: Along,
  points: readonly ExceptionalPoint[],
): string {
  const lines = [
    machine,
    `along       ${parameter} from ${from} to ${to}, ${modes} slowest modes of charge 0 at ${samples} values`,
    ...points.map(
      ({ at, error, rate, order }) =>
        `${order} modes coalesce at ${parameter} = ${at.toPrecision(12)} ± ${error.toExponential(1)}, with the rate ${rate.toPrecision(10)}`,
    ),
    ...(points.length === 0 ? ['no two real rates become a pair between neighbouring values'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
