/** What `qmill sensitivity` prints: one object for programs, a table of each observable for people. */
import { type WindowEdges, windowEdges } from '../simulate/edgeProblems.js';
import { sectorVerdict } from '../simulate/sectorVerdict.js';
import type { Derivative, Sensitivities } from '../simulate/sensitivity.js';
import { type About, headOf } from './about.js';
import { shown, windowInWords } from './words.js';

/** The same of each, under its name. */
const each = <T, U>(all: Readonly<Record<string, T>>, of: (one: T) => U) =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, of(one)]));

function numbersOf({ observables, fisherInformation, notes }: Sensitivities) {
  const by = (pick: (derivative: Derivative) => number | null) =>
    each(observables, (observable) => each(observable.by, (found) => found && pick(found)));
  const values = (key: 'value' | 'error') => each(observables, (found) => found[key]);
  const information = (key: 'value' | 'error') =>
    each(fisherInformation, (found) => found?.[key] ?? null);
  return {
    values: values('value'),
    derivatives: by(({ value }) => value),
    elasticities: by(({ elasticity }) => elasticity),
    quantumFisherInformation: information('value'),
    errors: {
      values: values('error'),
      derivatives: by(({ error }) => error),
      quantumFisherInformation: information('error'),
    },
    notes,
  };
}

/**
 * The object that `qmill sensitivity --json` prints.
 * @param begin when the work began, in milliseconds of `performance.now`
 */
export function sensitivityReport(about: About, found: Sensitivities, begin: number) {
  return {
    ...headOf(about, found.cutoff),
    backend: { name: 'cpu', adapter: null, precision: 'f64' as const },
    solver: sectorVerdict(found, about.open, about.edgeTolerance, begin),
    truncation: windowEdges(found.window, found.edges, about.open),
    complete: true,
    ...numbersOf(found),
  };
}

const show = (value: number | null): string => shown(value, 10);
const error = (value: number): string => (value === 0 ? '' : `± ${value.toExponential(1)}`);

/** The same for people. */
export function describeSensitivity(
  { observables, fisherInformation, notes }: Sensitivities,
  truncation: WindowEdges,
): string {
  const lines = [`window ${windowInWords(truncation)}`];
  for (const [name, observable] of Object.entries(observables)) {
    lines.push('', `${name} = ${show(observable.value)} ${error(observable.error)}`.trimEnd());
    lines.push(`  ${'by'.padEnd(10)}${'derivative'.padEnd(32)}elasticity`);
    for (const [key, found] of Object.entries(observable.by)) {
      const number = found === null ? '–' : `${show(found.value)} ${error(found.error)}`;
      const elasticity = found?.elasticity ?? null;
      const last = elasticity === null ? '–' : elasticity.toPrecision(4);
      lines.push(`  ${key.padEnd(10)}${number.padEnd(32)}${last}`);
    }
  }
  const information = Object.entries(fisherInformation);
  if (information.some(([, found]) => found !== null)) {
    lines.push('', 'quantum Fisher information of the state about');
  } else information.length = 0;
  for (const [key, found] of information) {
    const number = found === null ? '–' : `${show(found.value)} ${error(found.error)}`;
    lines.push(`  ${key.padEnd(10)}${number}`.trimEnd());
  }
  if (notes.length > 0) lines.push('', ...notes);
  return `${lines.join('\n')}\n`;
}
