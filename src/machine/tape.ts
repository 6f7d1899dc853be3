/**
 * Expressions made ready to be evaluated for many devices, one after another: what they share is computed once,
 * and what depends on the level is computed for all levels of a window at once. Numbers without a level are
 * double-doubles, polynomials in l are had in double-double and rounded once (doubleDouble.ts), all else is float64.
 */
import {
  type Atom,
  call,
  type Expression,
  isAtomLevelFree,
  isLevelFree,
  isShiftable,
  type Monomial,
  negative,
  shifted,
} from './expression.js';
import { Numbers } from './numbers.js';
import { type MadeOperations, ScalarProgram } from './scalarProgram.js';
import { TapeKernels } from './tapeKernels.js';
import type { Place, ProductOfTables, ScalarStep, TableStep, TapeSteps } from './tapeSteps.js';

export { DEVICES_BEFORE_KERNEL, Numbers } from './numbers.js';
export { capacityOf, tapeCode } from './tapeKernels.js';
export type { Place, Values } from './tapeSteps.js';

/** Steps and, where expressions have been put in, how many of them these have led to. */
interface Gathered<Step> {
  readonly steps: Step[];
  readonly known: Map<string, number>;
  count: number;
}

const gathered = <Step>(steps: readonly Step[] = []): Gathered<Step> => ({
  steps: [...steps],
  known: new Map(),
  count: 0,
});

/** What a tape can begin with. */
export interface MadeTape extends TapeSteps {
  readonly program: MadeOperations;
}

/**
 * Gathers expressions, whose numbers can then be had on any window; more may be added at any time.
 *
 * It may begin with steps that were made before. Which expressions they are for it learns when one is first asked for.
 */
export class Tape {
  #gatheredScalars: Gathered<ScalarStep> | undefined;
  readonly #tables: Gathered<TableStep>;
  readonly #program: ScalarProgram;
  /** Code for its numbers. */
  readonly kernels: TapeKernels;
  #again: (() => void) | null;
  /** Of tables that are a function, which one, by their places. */
  readonly #functions: (Atom & { kind: 'function' })[] = [];

  /**
   * @param begun steps that it begins with, and the operations of their numbers, where these were made, too: then steps
   * of numbers without a level are not read before they are asked for
   * @param again asks for the expressions that these were made for, in the same order
   */
  constructor(
    private readonly begun: Partial<MadeTape> = {},
    again: (() => void) | null = null,
  ) {
    this.#tables = gathered(begun.tables);
    this.#program = new ScalarProgram(() => this.#scalars.steps, begun.program);
    this.kernels = new TapeKernels(this.#program, this.#tables.steps);
    this.#again = again;
  }

  get #scalars(): Gathered<ScalarStep> {
    this.#gatheredScalars ??= gathered(this.begun.scalars);
    return this.#gatheredScalars;
  }

  /** Puts the expressions in that its first steps were made for, if that was not done yet. */
  recall(): void {
    const again = this.#again;
    if (again === null) return;
    this.#again = null;
    again();
    if (this.#scalars.count < this.#scalars.steps.length) throw new OtherStepsError();
    if (this.#tables.count < this.#tables.steps.length) throw new OtherStepsError();
  }

  /** The place of an expression, which is computed once however often it is asked for. */
  place(expression: Expression): Place {
    return isLevelFree(expression)
      ? { kind: 'scalar', at: this.#scalar(expression) }
      : { kind: 'table', at: this.table(expression) };
  }

  /** The place of its table; where it has no level, one number repeated. */
  table(expression: Expression): number {
    this.recall();
    const found = this.#tables.known.get(expression.key);
    if (found !== undefined) return found;
    const terms = this.#tableTerms(expression);
    const [{ factors: [factor, ...factors] = [] } = {}, ...others] = terms;
    if (others.length === 0 && factors.length === 0 && factor?.exponent === 1) {
      this.#tables.known.set(expression.key, factor.at);
      return factor.at;
    }
    return this.#once(this.#tables, expression.key, (): TableStep => ({ kind: 'sum', terms }));
  }

  /**
   * The first table that is the same function as another but for the level, and how many levels on it is read there;
   * null where there is none.
   * @param farthest the most levels
   */
  elsewhere(at: number, farthest: number): { readonly at: number; readonly by: number } | null {
    this.recall();
    const atom = this.#functions[at];
    if (atom === undefined || !atom.of.every(isShiftable)) return null;
    const own = call(atom.name, ...atom.of);
    let first: { at: number; by: number } | null = null;
    for (let by = -farthest; by <= farthest; by++) {
      // Read by levels on, the other one is this one.
      const [{ factors }] = shifted(own, -by).monomials;
      const other = this.#tables.known.get(`atom ${factors[0].atom.key}`);
      if (other !== undefined && other < (first?.at ?? at)) first = { at: other, by };
    }
    return first;
  }

  /** The table that is the same function of the opposite first argument; null where there is none. */
  mirrored(at: number): number | null {
    this.recall();
    const atom = this.#functions[at];
    if (atom === undefined) return null;
    const [first, ...others] = atom.of;
    const [{ factors }] = call(atom.name, negative(first), ...others).monomials;
    return this.#tables.known.get(`atom ${factors[0].atom.key}`) ?? null;
  }

  scalar(expression: Expression): number {
    return this.#scalar(expression);
  }

  #once<Step>(all: Gathered<Step>, key: string, make: () => Step): number {
    const { steps, known } = all;
    const found = known.get(key);
    if (found !== undefined) return found;
    const step = make();
    const at = all.count++;
    if (at === steps.length) steps.push(step);
    else if (JSON.stringify(steps[at]) !== JSON.stringify(step)) throw new OtherStepsError();
    known.set(key, at);
    return at;
  }

  #scalar(expression: Expression): number {
    this.recall();
    return this.#once(
      this.#scalars,
      expression.key,
      (): ScalarStep => ({
        kind: 'sum',
        terms: expression.monomials.map(({ coefficient, factors }) => ({
          coefficient,
          factors: factors.map(({ atom, exponent }) => ({ at: this.#scalarAtom(atom), exponent })),
        })),
      }),
    );
  }

  #scalarAtom(atom: Atom): number {
    return this.#once(this.#scalars, `atom ${atom.key}`, (): ScalarStep => {
      if (atom.kind === 'parameter') return { kind: 'parameter', name: atom.name };
      if (atom.kind !== 'function') throw new Error('a level is no number of a device');
      return { kind: 'call', name: atom.name, of: atom.of.map((x) => this.#scalar(x)) };
    });
  }

  /** Σ of polynomials in l, each times functions of l. */
  #tableTerms(expression: Expression): ProductOfTables[] {
    const groups = new Map<
      string,
      { atoms: Monomial['factors']; byPower: Map<number, Monomial[]> }
    >();
    for (const m of expression.monomials) {
      let power = 0;
      const atoms: Monomial['factors'][number][] = [];
      const rest: Monomial['factors'][number][] = [];
      for (const factor of m.factors) {
        const { atom, exponent } = factor;
        if (isAtomLevelFree(atom)) rest.push(factor);
        else if (atom.kind === 'level' && Number.isInteger(exponent) && exponent > 0)
          power = exponent;
        else atoms.push(factor);
      }
      const key = atoms.map(({ atom, exponent }) => `${atom.key}^${exponent}`).join('*');
      const group = groups.get(key) ?? { atoms, byPower: new Map<number, Monomial[]>() };
      groups.set(key, group);
      const same = group.byPower.get(power) ?? [];
      group.byPower.set(power, same);
      same.push({
        coefficient: m.coefficient,
        factors: rest,
        key: rest.map(({ atom, exponent }) => `${atom.key}^${exponent}`).join('*'),
      });
    }
    return [...groups.values()].map(({ atoms, byPower }) => {
      const degree = Math.max(...byPower.keys());
      const coefficients = Array.from({ length: degree + 1 }, (_, n) => {
        const monomials = byPower.get(n) ?? [];
        const key = monomials.map((m) => `${m.coefficient}:${m.key}`).join('+');
        return this.#scalar({ monomials, key });
      });
      const factors = atoms.map(({ atom, exponent }) => ({ at: this.#tableAtom(atom), exponent }));
      const step: TableStep = { kind: 'polynomial', coefficients };
      const key = `polynomial ${coefficients.join(' ')}`;
      const isOne = degree === 0 && isOnlyOne(byPower.get(0));
      if (isOne && factors.length > 0) return { factors };
      const at = this.#once(this.#tables, key, () => step);
      return { factors: [{ at, exponent: 1 }, ...factors] };
    });
  }

  #tableAtom(atom: Atom): number {
    const at = this.#once(this.#tables, `atom ${atom.key}`, (): TableStep => {
      if (atom.kind === 'table') return { kind: 'given', values: atom.values, shift: atom.shift };
      if (atom.kind === 'level') {
        const [zero, one] = [0, 1].map((c) => this.#scalar(constantOf(c)));
        return { kind: 'polynomial', coefficients: [zero, one] };
      }
      if (atom.kind !== 'function') throw new Error('a parameter has no table of its own');
      return { kind: 'call', name: atom.name, of: atom.of.map((x) => this.place(x)) };
    });
    if (atom.kind === 'function') this.#functions[at] ??= atom;
    return at;
  }

  /** How each number is computed. */
  get steps(): TapeSteps {
    return { scalars: this.#scalars.steps, tables: this.#tables.steps };
  }

  /** All that another tape for the same expressions can begin with. */
  get made(): MadeTape {
    return { ...this.steps, program: this.#program.made };
  }

  /** Numbers on a window, in memory of their own. @param hasCode whether code is written for many devices */
  numbers(lmin: number, size: number, hasCode = true): Numbers {
    return new Numbers(this.kernels, this.#program, this.#tables.steps, lmin, size, hasCode);
  }
}

/** That a tape was given steps that are not those of its expressions. */
class OtherStepsError extends Error {
  override readonly name = 'OtherStepsError';
  constructor() {
    super('steps that were made before are not those of these expressions');
  }
}

const constantOf = (c: number): Expression => ({
  monomials: c === 0 ? [] : [{ coefficient: c, factors: [], key: '' }],
  key: c === 0 ? '' : `${c}:`,
});

const isOnlyOne = (monomials: readonly Monomial[] = []): boolean =>
  monomials.length === 1 && monomials[0].coefficient === 1 && monomials[0].factors.length === 0;
