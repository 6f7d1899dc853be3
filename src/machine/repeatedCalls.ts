/** Which functions of the level are others that are read a level on, as the steps tell that make them. */
import { ShiftedPolynomials } from './shiftedPolynomials.js';
import type { ScalarStep, TableStep } from './tapeSteps.js';

/** A polynomial, and one that is the same a level on but for what rounding takes from either. */
export type NextPolynomial = readonly [at: number, before: number];

/** A function that is another one a level on, to the same bits where so are these polynomials. */
export interface RepeatedCall {
  readonly before: number;
  readonly where: readonly NextPolynomial[];
}

/** A table, and how many levels on it is read. */
interface Reading {
  readonly at: number;
  readonly by: number;
}

/** So many levels on the same polynomial is looked for. */
const NEAR = 3;
/** A single operation takes no longer than a table that is read. */
const SHORT: readonly string[] = ['whole', 'square', 'squareRoot', 'inverse'];

/** The tables that a step is made of. */
export function operandsOf(step: TableStep): readonly number[] {
  if (step.kind === 'sum') return step.terms.flatMap(({ factors }) => factors.map(({ at }) => at));
  if (step.kind !== 'call') return [];
  return step.of.filter(({ kind }) => kind === 'table').map(({ at }) => at);
}

const isLong = (step: TableStep): boolean => step.kind === 'call' && !SHORT.includes(step.name);

/** Whether it is one number at all levels. */
const isSteady = (step: TableStep): boolean =>
  step.kind === 'polynomial' && step.coefficients.length < 2;

/** Of a table one that is the same but for the level, and how many levels on that is read. */
function alike(
  tables: readonly TableStep[],
  scalars: readonly ScalarStep[],
): (at: number) => Reading {
  const known = new Map<string, Reading>();
  const polynomials = new ShiftedPolynomials(scalars);
  const madeOf = (step: TableStep & { kind: 'call' | 'sum' }): Reading => {
    const moving = operandsOf(step).filter((one) => !isSteady(tables[one]));
    const lowest = moving.length === 0 ? 0 : Math.min(...moving.map((one) => reading(one).by));
    const of = (one: number) => {
      const { at, by } = reading(one);
      return isSteady(tables[one]) ? at : [at, by - lowest];
    };
    const made =
      step.kind === 'call'
        ? [step.name, step.of.map((one) => (one.kind === 'table' ? of(one.at) : `${one.at}`))]
        : step.terms.map(({ factors }) => factors.map((one) => [of(one.at), one.exponent]));
    const key = JSON.stringify(made);
    const first = known.get(key) ?? { at: tables.indexOf(step), by: lowest };
    known.set(key, first);
    return { at: first.at, by: lowest - first.by };
  };
  const reading = memoised((at): Reading => {
    const step = tables[at];
    if (step.kind === 'call' || step.kind === 'sum') return madeOf(step);
    const found = step.kind === 'polynomial' ? polynomials.elsewhere(at, step, NEAR) : null;
    return found ?? { at, by: 0 };
  });
  return reading;
}

/** Computed when it is first asked for. */
function memoised<T>(compute: (at: number) => T): (at: number) => T {
  const known = new Map<number, T>();
  return (at) => {
    const found = known.get(at) ?? compute(at);
    known.set(at, found);
    return found;
  };
}

/**
 * Of some tables the functions that are another one of these a level on, by their places; and so many levels above a window
 * have to be computed for that. Left out are those of a single operation. None of those that are read is repeated itself, but
 * what it is made of may be.
 */
export function repeatedCalls(
  tables: readonly TableStep[],
  scalars: readonly ScalarStep[],
  some: readonly number[],
): { readonly repeated: ReadonlyMap<number, RepeatedCall>; readonly above: number } {
  const readingOf = alike(tables, scalars);
  const keyOf = ({ at, by }: Reading) => `${at} ${by}`;
  const calls = some
    .filter((at) => isLong(tables[at]))
    .map((at) => [at, readingOf(at)] as const)
    .sort(([, a], [, b]) => a.by - b.by);
  const places = new Map(calls.map(([at, reading]) => [keyOf(reading), at]));
  const polynomialsOf = (at: number, before: number): readonly NextPolynomial[] => {
    const step = tables[at];
    if (isSteady(step)) return [];
    if (step.kind === 'polynomial') return [[at, before]];
    const others = operandsOf(tables[before]);
    return operandsOf(step).flatMap((one, k) => polynomialsOf(one, others[k]));
  };
  const repeated = new Map<number, RepeatedCall>();
  for (const [at, { at: first, by }] of calls) {
    const before = places.get(keyOf({ at: first, by: by - 1 }));
    if (before === undefined || repeated.has(before)) continue;
    repeated.set(at, { before, where: polynomialsOf(at, before) });
  }
  const above: (at: number) => number = memoised((at) => {
    const call = repeated.get(at);
    const own = Math.max(0, ...operandsOf(tables[at]).map(above));
    return call === undefined ? own : Math.max(own, 1 + above(call.before));
  });
  return { repeated, above: Math.max(0, ...some.map(above)) };
}
