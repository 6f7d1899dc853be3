/** What a GPU computes of a tape's tables: operations, each on tables at the same level or at one some levels on. */
import type { FunctionName } from './functions.js';
import { ShiftedPolynomials } from './shiftedPolynomials.js';
import type { Tape } from './tape.js';
import type { TableStep } from './tapeSteps.js';

/** What is computed by one stretch of code, in the shader's order; each is compiled where it is needed. */
export const GROUPS = [
  'exponentials',
  'trigonometry',
  'mixing',
  'ohmic',
  'powers',
  'products',
] as const;
export type Group = (typeof GROUPS)[number];

/** Functions by group: the word that tells one from another, and how many operands there are, with those not read. */
const FUNCTIONS: {
  readonly [Name in FunctionName]?: {
    readonly group: Exclude<Group, 'powers' | 'products'>;
    readonly kind: readonly number[];
    readonly operands: number;
  };
} = {
  exponential: { group: 'exponentials', kind: [0], operands: 1 },
  exponentialMinusOne: { group: 'exponentials', kind: [1], operands: 1 },
  sine: { group: 'trigonometry', kind: [0], operands: 1 },
  cosine: { group: 'trigonometry', kind: [1], operands: 1 },
  mixingCosine: { group: 'mixing', kind: [0], operands: 4 },
  mixingSine: { group: 'mixing', kind: [1], operands: 4 },
  mixingShift: { group: 'mixing', kind: [2], operands: 4 },
  mixingSplitting: { group: 'mixing', kind: [3], operands: 4 },
  mixingTurn: { group: 'mixing', kind: [4], operands: 4 },
  mixingTogether: { group: 'mixing', kind: [5], operands: 4 },
  ohmicEmission: { group: 'ohmic', kind: [], operands: 4 },
};
/** Functions that are a power of what they are of. */
const POWERS: { readonly [Name in FunctionName]?: number } = {
  whole: 1,
  square: 2,
  squareRoot: 0.5,
  inverse: -1,
};

/** A table, read `by` levels on. */
export interface Reading {
  readonly at: number;
  readonly by: number;
}

/** ± the product of the factors. */
export interface Product {
  readonly sign: 1 | -1;
  readonly factors: readonly (Reading & { readonly exponent: number })[];
}

export type Operation =
  | { readonly kind: 'polynomial'; readonly coefficients: readonly number[] }
  | (TableStep & { readonly kind: 'given' })
  | {
      readonly kind: 'call';
      readonly name: FunctionName;
      readonly of: readonly (
        | ({ readonly kind: 'table' } & Reading)
        | { readonly kind: 'scalar'; readonly at: number }
      )[];
    }
  /** √x, 1/x or 1/√x. */
  | { readonly kind: 'power'; readonly at: number; readonly exponent: 0.5 | -0.5 | -1 }
  | { readonly kind: 'products'; readonly terms: readonly Product[] };

export function functionOf(name: FunctionName) {
  const known = FUNCTIONS[name];
  if (known === undefined) throw new Error(`${name} is a power`);
  return known;
}

export function groupOf(operation: Operation): Group {
  if (operation.kind === 'call') return functionOf(operation.name).group;
  return operation.kind === 'power' ? 'powers' : 'products';
}

export function operandsOf(operation: Operation): readonly Reading[] {
  if (operation.kind === 'power') return [{ at: operation.at, by: 0 }];
  if (operation.kind === 'products') return operation.terms.flatMap(({ factors }) => factors);
  if (operation.kind !== 'call') return [];
  return operation.of.flatMap((of) => (of.kind === 'table' ? [of] : []));
}

/** So many levels on the same function is looked for. */
const NEAR = 3;

/** The operations by which tables are computed: a tape's, in the places that they have there, then what several share. */
export class Operations {
  readonly all: Operation[] = [];
  /** Where each table of the tape is read: at an earlier one, where that is the same some levels on. */
  readonly #readings: Reading[] = [];
  /** Sums by what they are of, and the lowest level that each reads. */
  readonly #sums = new Map<string, Reading>();
  readonly #minusOnes: ReadonlySet<number>;
  readonly #polynomials: ShiftedPolynomials;

  constructor(tape: Tape) {
    const { tables, scalars } = tape.steps;
    this.#polynomials = new ShiftedPolynomials(scalars);
    const isMinusOne = (at: number): boolean => {
      const step = scalars[at];
      if (step.kind !== 'sum' || step.terms.length !== 1) return false;
      const [{ coefficient, factors }] = step.terms;
      return coefficient === -1 && factors.length === 0;
    };
    this.#minusOnes = new Set(
      tables.flatMap((step, at) =>
        step.kind === 'polynomial' &&
        step.coefficients.length === 1 &&
        isMinusOne(step.coefficients[0])
          ? [at]
          : [],
      ),
    );
    tables.forEach((step, at) => {
      const operation = this.#operationOf(step);
      this.all.push(operation);
      this.#readings.push(
        this.#elsewhere(at, tape, step) ?? this.#sameSum(at, operation) ?? { at, by: 0 },
      );
    });
    this.#takePowers();
  }

  get readings(): readonly Reading[] {
    return this.#readings;
  }

  /** Where a function or a polynomial is that is the same some levels on. */
  #elsewhere(at: number, tape: Tape, step: TableStep): Reading | null {
    if (step.kind === 'polynomial') return this.#polynomials.elsewhere(at, step, NEAR);
    if (step.kind !== 'call') return null;
    const [of] = step.of;
    if (step.name === 'whole' && of.kind === 'table') return this.#readings[of.at];
    return FUNCTIONS[step.name] === undefined ? null : tape.elsewhere(at, NEAR);
  }

  /** Where a sum is that is the same some levels on, or the one table that it is. */
  #sameSum(at: number, operation: Operation): Reading | null {
    if (operation.kind !== 'products') return null;
    const { terms } = operation;
    const [{ sign, factors }] = terms;
    if (terms.length === 1 && sign > 0 && factors.length === 1 && factors[0].exponent === 1) {
      return { at: factors[0].at, by: factors[0].by };
    }
    // A number without a level is the same wherever it is read.
    const isConstant = ({ at: of }: Reading) => {
      const table = this.all[of];
      return table.kind === 'polynomial' && table.coefficients.length < 2;
    };
    const moving = terms.flatMap((term) => term.factors.filter((factor) => !isConstant(factor)));
    const lowest = moving.length === 0 ? 0 : Math.min(...moving.map(({ by }) => by));
    const keyOf = (factor: Product['factors'][number]) =>
      `${factor.at} ${isConstant(factor) ? 0 : factor.by - lowest} ${factor.exponent}`;
    const key = terms
      .map((term) => [term.sign, ...term.factors.map(keyOf).sort()].join())
      .sort()
      .join(';');
    const known = this.#sums.get(key);
    if (known === undefined) {
      this.#sums.set(key, { at, by: lowest });
      return null;
    }
    const by = lowest - known.by;
    return Math.abs(by) <= NEAR ? { at: known.at, by } : null;
  }

  #operationOf(step: TableStep): Operation {
    if (step.kind === 'sum') {
      if (step.terms.length === 0) return { kind: 'polynomial', coefficients: [] };
      return { kind: 'products', terms: step.terms.map(({ factors }) => this.#product(factors)) };
    }
    if (step.kind !== 'call') return step;
    const exponent = POWERS[step.name];
    if (exponent === undefined) {
      const of = step.of.map((operand) =>
        operand.kind === 'scalar'
          ? operand
          : { kind: 'table' as const, ...this.#readings[operand.at] },
      );
      return { kind: 'call', name: step.name, of };
    }
    const [operand] = step.of;
    if (operand.kind === 'scalar') {
      throw new Error(`${step.name} of a number without a level is no table`);
    }
    const { at, by } = this.#readings[operand.at];
    const table = this.all[at];
    // The square of a product is that of its factors: none of them has to be a root.
    if (exponent === 2 && table.kind === 'products' && table.terms.length === 1) {
      const factors = table.terms[0].factors.map((f) => ({
        ...{ at: f.at, by: f.by + by },
        exponent: 2 * f.exponent,
      }));
      return { kind: 'products', terms: [{ sign: 1, factors }] };
    }
    return { kind: 'products', terms: [{ sign: 1, factors: [{ at, by, exponent }] }] };
  }

  #product(factors: readonly { readonly at: number; readonly exponent: number }[]): Product {
    const isSign = ({ at, exponent }: (typeof factors)[number]) =>
      this.#minusOnes.has(at) && exponent === 1 && factors.length > 1;
    return {
      sign: factors.filter(isSign).length % 2 === 0 ? 1 : -1,
      factors: factors
        .filter((factor) => !isSign(factor))
        .map(({ at, exponent }) => ({ ...this.#readings[at], exponent })),
    };
  }

  /** Makes roots and inverses operations of their own. */
  #takePowers(): void {
    const known = new Map<string, number>();
    const power = (at: number, exponent: 0.5 | -0.5 | -1): number => {
      const key = `${at} ${exponent}`;
      const found = known.get(key) ?? this.all.push({ kind: 'power', at, exponent }) - 1;
      known.set(key, found);
      return found;
    };
    this.#mapProducts(this.all.keys(), (term) => ({
      ...term,
      factors: term.factors.map(({ at, by, exponent }) => {
        if (!Number.isInteger(exponent)) {
          const root = power(at, exponent < 0 ? -0.5 : 0.5);
          return { at: root, by, exponent: Math.abs(2 * exponent) };
        }
        return exponent > 0 ? { at, by, exponent } : { at: power(at, -1), by, exponent: -exponent };
      }),
    }));
  }

  #mapProducts(places: Iterable<number>, change: (term: Product) => Product): void {
    for (const n of [...places]) {
      const operation = this.all[n];
      if (operation.kind !== 'products') continue;
      this.all[n] = { kind: 'products', terms: operation.terms.map(change) };
    }
  }

  /**
   * Leaves products of at most two: of what more than two have in common, at whatever level, it makes operations of their
   * own, those first that come most often.
   * @param places of what is computed
   */
  share(places: ReadonlySet<number>): void {
    const pairs = new PairCounts();
    for (const at of places) pairs.count(at, this.all[at], 1);
    for (;;) {
      const key = pairs.mostFrequent();
      if (key === null) return;
      const users = pairs.usersOf(key);
      let shared = users.map((at) => ownPair(at, this.all[at])).find((own) => own?.key === key);
      if (shared == null) {
        const factors = factorsOf(key).map((factor) => ({ ...factor, exponent: 1 }));
        const at = this.all.push({ kind: 'products', terms: [{ sign: 1, factors }] }) - 1;
        shared = { key, at, by: 0 };
        pairs.count(at, this.all[at], 1);
      }
      const { at: kept, by } = shared;
      const changed = users.filter((at) => at !== kept);
      for (const at of changed) pairs.count(at, this.all[at], -1);
      this.#mapProducts(changed, (term) => withShared(term, key, { at: kept, by: -by }));
      for (const at of changed) pairs.count(at, this.all[at], 1);
    }
  }
}

/** How often each pair of factors comes. */
class PairCounts {
  readonly #counts = new Map<number, { all: number; inLarger: number; users: Set<number> }>();

  count(at: number, operation: Operation, by: 1 | -1): void {
    if (operation.kind !== 'products') return;
    for (const { factors } of operation.terms) {
      const isLarger = sizeOf(factors) > 2;
      for (const { key } of pairsOf(factors)) {
        const found = this.#counts.get(key) ?? { all: 0, inLarger: 0, users: new Set() };
        this.#counts.set(key, found);
        found.all += by;
        if (isLarger) found.inLarger += by;
        if (by > 0) found.users.add(at);
      }
    }
  }

  /** Of those in products of more than two; null where there is none. */
  mostFrequent(): number | null {
    let [most, found]: [number, number | null] = [0, null];
    for (const [key, { all, inLarger }] of this.#counts) {
      if (inLarger > 0 && all > most) [most, found] = [all, key];
    }
    return found;
  }

  /** Operations that have it, or had it. */
  usersOf(key: number): number[] {
    return [...(this.#counts.get(key)?.users ?? [])];
  }
}

/** The pair whose product an operation is, and how many levels on it has it; null where it is none. */
function ownPair(at: number, operation: Operation): (Reading & { readonly key: number }) | null {
  if (operation.kind !== 'products' || operation.terms.length !== 1) return null;
  const [{ sign, factors }] = operation.terms;
  if (sign < 0 || sizeOf(factors) !== 2) return null;
  const [{ key, a }] = pairsOf(factors);
  return { key, at, by: a.by };
}

const sizeOf = (factors: readonly Factor[]): number =>
  factors.reduce((sum, { exponent }) => sum + exponent, 0);

type Factor = Product['factors'][number];

/** A pair of tables, the second of them some levels on from the first, as one number. */
const PLACES = 2 ** 16;
const LEVELS = 2 ** 6;
const pairKey = (a: Reading, b: Reading): number =>
  (a.at * PLACES + b.at) * LEVELS + b.by - a.by + LEVELS / 2;

function factorsOf(key: number): [Reading, Reading] {
  const by = (key % LEVELS) - LEVELS / 2;
  const places = Math.floor(key / LEVELS);
  return [
    { at: Math.floor(places / PLACES), by: 0 },
    { at: places % PLACES, by },
  ];
}

const inOrder = (a: Reading, b: Reading): boolean => a.at < b.at || (a.at === b.at && a.by <= b.by);

/** The pairs of factors in a product. */
function pairsOf(factors: readonly Factor[]): { key: number; a: Factor; b: Factor }[] {
  return factors.flatMap((one, i) =>
    factors.slice(one.exponent > 1 ? i : i + 1).map((other) => {
      const [a, b] = inOrder(one, other) ? [one, other] : [other, one];
      return { key: pairKey(a, b), a, b };
    }),
  );
}

/** A product with a pair of its factors replaced by a table, which is read `by` levels on from the first of them. */
function withShared(term: Product, key: number, { at, by }: Reading): Product {
  let { factors } = term;
  for (;;) {
    const found = pairsOf(factors).find((pair) => pair.key === key);
    if (found === undefined) return { ...term, factors };
    const { a, b } = found;
    const shared = { at, by: a.by + by };
    const rest = factors.flatMap((factor) => {
      const exponent = factor.exponent - (factor === a ? 1 : 0) - (factor === b ? 1 : 0);
      return exponent > 0 ? [{ ...factor, exponent }] : [];
    });
    const isShared = (factor: Reading) => factor.at === at && factor.by === shared.by;
    const exponent = 1 + sizeOf(rest.filter(isShared));
    factors = [...rest.filter((factor) => !isShared(factor)), { ...shared, exponent }];
  }
}
