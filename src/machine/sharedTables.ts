/** Which tables are others that are read at the next level, or at the same one, as the steps tell that make them. */
import type { FunctionName } from './functions.js';
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
const SHORT: readonly FunctionName[] = ['whole', 'square', 'squareRoot', 'inverse'];

const isShort = (step: TableStep): boolean =>
  step.kind !== 'polynomial' && !(step.kind === 'call' && !SHORT.includes(step.name));

/** Whether numbers in it have so few digits that small multiples of them are added up without rounding. */
const isRound = (step: ScalarStep): boolean =>
  step.kind !== 'sum' ||
  step.terms.every(({ coefficient }) => Math.fround(coefficient) === coefficient);

/** Tables by what they have in common with those that are the same but for the level. */
class Alike {
  readonly #readings: Reading[] = [];
  readonly #known = new Map<string, Reading>();
  readonly #polynomials: ShiftedPolynomials;

  constructor(
    private readonly tables: readonly TableStep[],
    private readonly scalars: readonly ScalarStep[],
  ) {
    this.#polynomials = new ShiftedPolynomials(scalars);
    for (const [at, step] of tables.entries()) {
      this.#readings.push(this.#elsewhere(at, step) ?? { at, by: 0 });
    }
  }

  /** Of some tables those that are made with more than one operation: those that are alike together. */
  groups(some: readonly number[]): Iterable<readonly [at: number, by: number][]> {
    const groups = new Map<number, [at: number, by: number][]>();
    for (const at of some) {
      if (isShort(this.tables[at])) continue;
      const { at: first, by } = this.#readings[at];
      const group = groups.get(first);
      if (group === undefined) groups.set(first, [[at, by]]);
      else group.push([at, by]);
    }
    return groups.values();
  }

  #elsewhere(at: number, step: TableStep): Reading | null {
    switch (step.kind) {
      case 'polynomial':
        return step.coefficients.every((one) => isRound(this.scalars[one]))
          ? this.#polynomials.elsewhere(at, step, NEAR)
          : null;
      case 'given':
        return null;
      case 'call': {
        return this.#same(at, (key) =>
          [step.name, ...step.of.map((o) => (o.kind === 'table' ? key(o.at) : o.at))].join(),
        );
      }
      case 'sum': {
        const all = step.terms.map(({ factors }) => factors);
        return this.#same(at, (key) =>
          all.map((term) => term.map((f) => `${key(f.at)}^${f.exponent}`).join('*')).join('+'),
        );
      }
    }
  }

  /** @param keyOf makes a key of a table, from one for each that it is made of */
  #same(at: number, keyOf: (operand: (at: number) => string) => string): Reading | null {
    const moving = operandsOf(this.tables[at]).filter((one) => !this.#isSteady(one));
    const first =
      moving.length === 0 ? 0 : Math.min(...moving.map((one) => this.#readings[one].by));
    const key = keyOf((one) => {
      const { at: there, by } = this.#readings[one];
      return this.#isSteady(one) ? `of ${there}` : `of ${there} ${by - first}`;
    });
    const known = this.#known.get(key);
    if (known !== undefined) return { at: known.at, by: first - known.by };
    this.#known.set(key, { at, by: first });
    return null;
  }

  /** Whether it has one number at all levels. */
  #isSteady(at: number): boolean {
    const step = this.tables[at];
    return step.kind === 'polynomial' && step.coefficients.length < 2;
  }
}

/** The tables that a step is made of. */
export function operandsOf(step: TableStep): readonly number[] {
  if (step.kind === 'sum') return step.terms.flatMap(({ factors }) => factors.map(({ at }) => at));
  if (step.kind !== 'call') return [];
  return step.of.filter(({ kind }) => kind === 'table').map(({ at }) => at);
}

/**
 * Of some tables those that are another one of these, read at the same level or at the next, by their places. Left out are
 * tables of a single operation. None of those that are read so is shared itself, but what it is made of may be.
 */
export class SharedTables {
  readonly readings = new Map<number, Reading>();
  /** So many levels above a window have to be computed. */
  readonly above: number;

  constructor(
    tables: readonly TableStep[],
    scalars: readonly ScalarStep[],
    some: readonly number[],
  ) {
    for (const group of new Alike(tables, scalars).groups(some)) {
      const [first, lowest] = group.reduce((least, one) => (one[1] < least[1] ? one : least));
      for (const [at, by] of group) {
        if (at !== first && by - lowest < 2) this.readings.set(at, { at: first, by: by - lowest });
      }
    }
    const known = new Map<number, number>();
    const above = (at: number): number => {
      const found = known.get(at);
      if (found !== undefined) return found;
      const reading = this.readings.get(at);
      const levels =
        reading === undefined
          ? Math.max(0, ...operandsOf(tables[at]).map(above))
          : reading.by + above(reading.at);
      known.set(at, levels);
      return levels;
    };
    this.above = Math.max(0, ...some.map(above));
  }
}
