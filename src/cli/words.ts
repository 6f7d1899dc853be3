/** Numbers and units in words. */
import { ParameterError } from '../model/parameters.js';
import type { WindowEdges } from '../simulate/edgeProblems.js';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A size to three digits: 1.23 GB. */
export function bytesInWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1e3 ** power).toPrecision(3))} ${UNITS[power]}`;
}

/** Names with commas between them; undefined where none are given. */
export const namesIn = (given: unknown): string[] | undefined =>
  given === undefined
    ? undefined
    : String(given)
        .split(',')
        .map((name) => name.trim());

/** A number of a text, which is none where it is blank. */
export const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/**
 * A whole number that an option is given.
 * @param field its name, for messages
 * @throws {ParameterError}
 */
export function wholeIn(
  field: string,
  given: unknown,
  [least, most]: readonly [number, number],
  allowed = `an integer from ${least} to ${most}`,
): number {
  const value = typeof given === 'string' ? numberIn(given) : Number(given);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ParameterError(field, given, allowed);
}

/** Parameters as a line has them: a=1 b=2. @param digits of numbers; all of them by default */
export const parametersInWords = (parameters: object, digits?: number): string =>
  Object.entries(parameters)
    .map(([name, x]) => `${name}=${digits === undefined ? x : Number(x.toPrecision(digits))}`)
    .join(' ');

/** A window, and the populations of its outermost levels; `whole` where the ladder itself ends. */
export const windowInWords = ({ lmin, lmax, edgeLow, edgeHigh }: WindowEdges): string =>
  `[${lmin}, ${lmax}], edges ${edgeInWords(edgeLow)} ${edgeInWords(edgeHigh)}`;

const edgeInWords = (population: number | null): string =>
  population === null ? 'whole' : population.toExponential(1);

/** A number with its digits, or a dash where there is none. */
export const shown = (value: number | null, digits = 12): string =>
  value === null || Number.isNaN(value) ? '–' : value === 0 ? '0' : value.toPrecision(digits);

/** The same with its error, where that is within the digits shown. */
export const withError = (value: number | null, error: number | null = 0): string =>
  value !== null && error !== null && error > 1e-11 * Math.abs(value)
    ? `${shown(value)} ± ${error.toExponential(1)}`
    : shown(value);

interface SolvedBy {
  readonly backend: { readonly name: string; readonly precision: string };
  readonly solver: {
    readonly space: string;
    readonly dmax: number | null;
    readonly method: string;
    readonly iterations: number;
    readonly passes: number;
    readonly seconds: number;
  };
}

/** What has solved it, where and how. */
export function solvedBy({ backend: b, solver: s }: SolvedBy): string {
  const space = s.dmax === null ? s.space : `${s.space} |δ| ≤ ${s.dmax}`;
  const work = s.iterations === 0 ? '' : `, ${s.iterations} iterations in ${s.passes} passes`;
  return `${b.name} ${b.precision}, ${space}, ${s.method}${work}, ${(1e3 * s.seconds).toFixed(1)} ms`;
}

/** Lines of names and what they are, in two columns. */
export const inColumns = (lines: readonly (readonly string[])[], width: number): string =>
  `${lines.map(([name, value]) => `${name.padEnd(width)}${value}`.trimEnd()).join('\n')}\n`;

/** A unit as people read it: `hbar^2` is ħ². */
export const unitInText = (unit: string): string => unit.replace('hbar', 'ħ').replace('^2', '²');
