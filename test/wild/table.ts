/** What a set of wild devices has shown: the worst of each observable, and every answer that is wrong without a mark. */
import type { Comparison, Deviation } from './comparison.js';

/** Relative errors of populations that an answer without a mark may have. */
const POPULATION_TOLERANCE = 1e-9;

const isAnswer = ({ refusal, problems }: Comparison): boolean =>
  refusal === null && problems.length === 0;

const MEASURES = ['relative', 'ofLargestFlow', 'ofEstimate'] as const;

const largest = (deviations: readonly Deviation[], measure: (typeof MEASURES)[number]): number =>
  deviations.reduce((most, deviation) => {
    const value = deviation[measure];
    return value > most ? value : most;
  }, 0);

const shown = (x: number): string => x.toExponential(1).padStart(9);

/** Lines of text. */
export function tableOf(comparisons: readonly Comparison[]): string {
  const answers = comparisons.filter(isAnswer);
  const refused = comparisons.filter(({ refusal }) => refusal !== null).length;
  const deviations = answers.flatMap((answer) => answer.deviations);
  const names = [...new Set(deviations.map(({ name }) => name))];
  return [
    `${comparisons.length} devices: ${refused} refused, ${comparisons.length - refused - answers.length} marked`,
    `${''.padEnd(18)}${'relative'.padStart(10)}${'/ largest flow'.padStart(16)}${'/ estimate'.padStart(12)}`,
    ...names.map((name) => {
      const all = deviations.filter((deviation) => deviation.name === name);
      const [relative, ofLargestFlow, ofEstimate] = MEASURES.map((m) => shown(largest(all, m)));
      return `${name.padEnd(18)}${relative.padStart(10)}${ofLargestFlow.padStart(16)}${ofEstimate.padStart(12)}`;
    }),
  ].join('\n');
}

/** The numbers that are off by more than their answers say, worst first, each with the device it is of. */
export function wrongWithoutMark(comparisons: readonly Comparison[]): string[] {
  return comparisons
    .filter(isAnswer)
    .flatMap(({ device, deviations, residual }) =>
      deviations
        .filter(
          ({ name, relative, ofEstimate, value }) =>
            Number.isNaN(value) ||
            ofEstimate > 1 ||
            (name === 'populations' && relative > POPULATION_TOLERANCE),
        )
        .map((deviation) => ({ device, residual, ...deviation })),
    )
    .sort(
      (a, b) => Math.max(b.ofEstimate || 0, b.relative) - Math.max(a.ofEstimate || 0, a.relative),
    )
    .map(
      ({ device, name, exact, value, ofEstimate, residual }) =>
        `${name}: ${value} for ${exact}, ${ofEstimate.toPrecision(2)} times its estimate, residual ${residual.toExponential(1)}: ${JSON.stringify(device)}`,
    );
}
