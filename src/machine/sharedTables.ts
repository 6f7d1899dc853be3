/** Which tables are others that are read at the next level, or at the same one, as the steps tell that make them. */
import { ShiftedPolynomials } from './shiftedPolynomials.js';
import type { ScalarStep, TableStep } from './tapeSteps.js';

/** A table that is read `by` levels on. */
export interface Reading {
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

/** Whether numbers in it have so few digits that small multiples of them are added up without rounding. */
const isRound = (step: ScalarStep): boolean =>
  step.kind !== 'sum' ||
  step.terms.every(({ coefficient }) => Math.fround(coefficient) === coefficient);

/** Whether it is one number at all levels. */
const isSteady = (step: TableStep): boolean =>
  step.kind === 'polynomial' && step.coefficients.length < 2;

/** Of each table the first one that is the same but for the level, and how many levels on that is read. */
function alike(tables: readonly TableStep[], scalars: readonly ScalarStep[]): Reading[] {
  const readings: Reading[] = [];
  const known = new Map<string, Reading>();
  const polynomials = new ShiftedPolynomials(scalars);
  tables.forEach((step, at) => {
    let found: Reading | null = null;
    if (step.kind === 'polynomial') {
      const isExact = step.coefficients.every((one) => isRound(scalars[one]));
      found = isExact ? polynomials.elsewhere(at, step, NEAR) : null;
    } else if (step.kind !== 'given') {
      const moving = operandsOf(step).filter((one) => !isSteady(tables[one]));
      const lowest = moving.length === 0 ? 0 : Math.min(...moving.map((one) => readings[one].by));
      const of = (one: number) => {
        const { at: there, by } = readings[one];
        return isSteady(tables[one]) ? there : [there, by - lowest];
      };
      const made =
        step.kind === 'call'
          ? [step.name, step.of.map((one) => (one.kind === 'table' ? of(one.at) : `${one.at}`))]
          : step.terms.map(({ factors }) => factors.map((one) => [of(one.at), one.exponent]));
      const key = JSON.stringify(made);
      const first = known.get(key);
      if (first === undefined) known.set(key, { at, by: lowest });
      else found = { at: first.at, by: lowest - first.by };
    }
    readings.push(found ?? { at, by: 0 });
  });
  return readings;
}

/**
 * Of some tables those that are another one of these, read at the same level or at the next, by their places; and so many
 * levels above a window have to be computed for that. Left out are tables of a single operation. None of those that are
 * read so is shared itself, but what it is made of may be.
 */
export function sharedTables(
  tables: readonly TableStep[],
  scalars: readonly ScalarStep[],
  some: readonly number[],
): { readonly readings: ReadonlyMap<number, Reading>; readonly above: number } {
  const all = alike(tables, scalars);
  const lowest = new Map<number, number>();
  for (const at of some) {
    const least = lowest.get(all[at].at);
    if (least === undefined || all[at].by < all[least].by) lowest.set(all[at].at, at);
  }
  const readings = new Map<number, Reading>();
  for (const at of some) {
    const step = tables[at];
    const first = lowest.get(all[at].at) as number;
    const by = all[at].by - all[first].by;
    const isLong =
      step.kind === 'polynomial' || (step.kind === 'call' && !SHORT.includes(step.name));
    if (isLong && at !== first && by < 2) readings.set(at, { at: first, by });
  }
  const known: number[] = [];
  const above = (at: number): number => {
    const { at: first, by } = readings.get(at) ?? { at, by: 0 };
    known[at] ??=
      first === at ? Math.max(0, ...operandsOf(tables[at]).map(above)) : by + above(first);
    return known[at];
  };
  return { readings, above: Math.max(0, ...some.map(above)) };
}
