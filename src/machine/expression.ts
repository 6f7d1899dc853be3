/**
 * Real expressions in the ladder's level l and the parameters of a machine, in a form in which equal things
 * look equal: a sum of monomials, each a number times powers of parameters, of l, and of functions.
 *
 * So a difference such as ε(l + 1) − ε(l) loses what cancels before any number is put in, and what is left is
 * evaluated without loss (see tape.ts). Powers of parameters may be halves: √(Iγ/β) squared is Iγ/β again.
 */

import type { FunctionName } from './functions.js';

/** What may stand in a monomial. */
export type Atom =
  | { readonly kind: 'parameter'; readonly name: string; readonly key: string }
  | { readonly kind: 'level'; readonly key: string }
  /** A given number for each level of a window, at l + shift. */
  | {
      readonly kind: 'table';
      readonly values: Float64Array;
      readonly shift: number;
      readonly key: string;
    }
  | {
      readonly kind: 'function';
      readonly name: FunctionName;
      readonly of: readonly Expression[];
      readonly key: string;
    };

interface Factor {
  readonly atom: Atom;
  readonly exponent: number;
}

export interface Monomial {
  readonly coefficient: number;
  /** In the order of their keys, no two with the same. */
  readonly factors: readonly Factor[];
  /** That of the factors. */
  readonly key: string;
}

export interface Expression {
  /** In the order of their keys, no two with the same, none with coefficient 0. */
  readonly monomials: readonly Monomial[];
  readonly key: string;
}

const compare = (a: { readonly key: string }, b: { readonly key: string }): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : 0;

const factorKey = ({ atom, exponent }: Factor): string => `${atom.key}^${exponent}`;

/** Its key is spelt when it is first asked for: of most products it never is. */
class Product implements Monomial {
  private spelt: string | undefined;
  constructor(
    readonly coefficient: number,
    readonly factors: readonly Factor[],
    /** One of the same factors, which may have the key already. */
    private readonly like?: Monomial,
  ) {}
  get key(): string {
    this.spelt ??= this.like?.key ?? this.factors.map(factorKey).join('*');
    return this.spelt;
  }
}

/** The same; of most sums nobody asks for the key, either. */
class Sum implements Expression {
  private spelt: string | undefined;
  constructor(readonly monomials: readonly Monomial[]) {}
  get key(): string {
    this.spelt ??= this.monomials.map((m) => `${m.coefficient}:${m.key}`).join('+');
    return this.spelt;
  }
}

const madeOf = (coefficient: number, factors: readonly Factor[]): Monomial =>
  new Product(coefficient, factors);

const withCoefficient = (m: Monomial, coefficient: number): Monomial =>
  m.coefficient === coefficient ? m : new Product(coefficient, m.factors, m);

/** The product of two monomials, whose factors are in order. */
function times(a: Monomial, b: Monomial): Monomial {
  const coefficient = a.coefficient * b.coefficient;
  if (a.factors.length === 0) return withCoefficient(b, coefficient);
  if (b.factors.length === 0) return withCoefficient(a, coefficient);
  const factors: Factor[] = [];
  let [i, j] = [0, 0];
  while (i < a.factors.length || j < b.factors.length) {
    const x = a.factors[i];
    const y = b.factors[j];
    const order = x === undefined ? 1 : y === undefined ? -1 : compare(x.atom, y.atom);
    if (order === 0) {
      const exponent = x.exponent + y.exponent;
      if (exponent !== 0) factors.push({ atom: x.atom, exponent });
    } else factors.push(order < 0 ? x : y);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return madeOf(coefficient, factors);
}

const isThere = ({ coefficient }: Monomial): boolean => coefficient !== 0;

/** A monomial by itself. */
const alone = (m: Monomial): Expression => (m.coefficient === 0 ? ZERO : new Sum([m]));

/** A sum of monomials in any order. */
function expression(monomials: readonly Monomial[]): Expression {
  if (monomials.length === 0) return ZERO;
  if (monomials.length === 1) return alone(monomials[0]);
  const byKey = new Map<string, Monomial>();
  for (const m of monomials) {
    const known = byKey.get(m.key);
    const same = known === undefined ? m : withCoefficient(m, m.coefficient + known.coefficient);
    byKey.set(m.key, same);
  }
  return new Sum([...byKey.values()].filter(isThere).sort(compare));
}

const single = (atom: Atom): Expression => alone(madeOf(1, [{ atom, exponent: 1 }]));

export const ZERO: Expression = new Sum([]);
export const ONE: Expression = new Sum([madeOf(1, [])]);
export const constant = (value: number): Expression =>
  value === 1 ? ONE : alone(madeOf(value, []));
/** l */
export const level: Expression = single({ kind: 'level', key: 'l' });

export const parameter = (name: string): Expression =>
  single({ kind: 'parameter', name, key: `$${name}` });

let tables = 0;
const tableKeys = new WeakMap<Float64Array, string>();

/** Tells apart what is made of the same numbers, in the order in which it is made. */
const counted = (): string => `#${(tables++).toString(16).padStart(13, '0')}`;
const COUNTED = /#[0-9a-f]{13}(?![0-9a-f])/g;

/**
 * A table's name in keys, which begins with what its numbers are: so sums of tables are added up in an order that does not
 * depend on what was made before. Tables of the same numbers are in the order in which they were made.
 */
function tableKey(values: Float64Array): string {
  let key = tableKeys.get(values);
  if (key === undefined) {
    const words = new Uint32Array(values.slice().buffer);
    // FNV-1a, by words.
    const hash = words.reduce((h, word) => Math.imul(h ^ word, 0x01000193), 0x811c9dc5);
    // Two signs that change leave that as it is, but not what has its upper bits in the lower ones, too.
    const other = words.reduce((h, word) => {
      const mixed = Math.imul(h ^ word, 0x1b873593);
      return mixed ^ (mixed >>> 13);
    }, 0x85ebca6b);
    const [first, second] = [hash, other].map((h) => (h >>> 0).toString(16).padStart(8, '0'));
    key = `#${first}${second}${counted()}`;
    tableKeys.set(values, key);
  }
  return key;
}

/** Given numbers, one for each level of the window that the expression will be evaluated on. */
export function table(values: Float64Array, shift = 0): Expression {
  const key = `${tableKey(values)}@${shift}`;
  return single({ kind: 'table', values, shift, key });
}

export const isZero = ({ monomials }: Expression): boolean => monomials.length === 0;

export function sumOf(...terms: readonly Expression[]): Expression {
  if (terms.length === 2) return sumOfTwo(terms[0], terms[1]);
  if (terms.length === 1) return terms[0];
  return expression(terms.flatMap(({ monomials }) => monomials));
}

/** Both are in order, and so is their sum. */
function sumOfTwo(x: Expression, y: Expression): Expression {
  const [a, b] = [x.monomials, y.monomials];
  if (a.length === 0) return y;
  if (b.length === 0) return x;
  const all: Monomial[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const order = compare(a[i], b[j]);
    if (order === 0) {
      const coefficient = b[j].coefficient + a[i].coefficient;
      if (coefficient !== 0) all.push(withCoefficient(a[i], coefficient));
    } else all.push(order < 0 ? a[i] : b[j]);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  while (i < a.length) all.push(a[i++]);
  while (j < b.length) all.push(b[j++]);
  return new Sum(all);
}

/** The number that an expression is; null where it is none, or 0. */
export const numberIn = ({ monomials }: Expression): number | null =>
  monomials.length === 1 && monomials[0].factors.length === 0 ? monomials[0].coefficient : null;

function scaled(number: number, a: Expression): Expression {
  const { monomials } = a;
  if (number === 1 || monomials.length === 0) return a;
  const scaledOne = (m: Monomial) => withCoefficient(m, number * m.coefficient);
  if (monomials.length === 1) return alone(scaledOne(monomials[0]));
  return new Sum(monomials.map(scaledOne).filter(isThere));
}

/** Whether two monomials are seen at once to have the same factors, because one was made from the other. */
export const isOfSameFactors = (a: Monomial, b: Monomial): boolean => a.factors === b.factors;

/** Whether a is seen at once to be a number times b, as it is where one was made from the other. */
export const isMultiple = (a: Expression, number: number, b: Expression): boolean =>
  a.monomials.length === b.monomials.length &&
  a.monomials.every((m, i) => {
    const n = b.monomials[i];
    return isOfSameFactors(m, n) && m.coefficient === number * n.coefficient;
  });

function productOfTwo(a: Expression, b: Expression): Expression {
  const [x, y] = [numberIn(a), numberIn(b)];
  if (x !== null) return scaled(x, b);
  if (y !== null) return scaled(y, a);
  if (isZero(a) || isZero(b)) return ZERO;
  if (a.monomials.length === 1 && b.monomials.length === 1) {
    return alone(times(a.monomials[0], b.monomials[0]));
  }
  return expression(a.monomials.flatMap((x) => b.monomials.map((y) => times(x, y))));
}

export const productOf = (...factors: readonly Expression[]): Expression =>
  factors.length === 2 ? productOfTwo(factors[0], factors[1]) : factors.reduce(productOfTwo, ONE);

/** A monomial by itself, each of its factors to a power. */
export const powerOfMonomial = (m: Monomial, power: number): Expression =>
  expression([
    madeOf(
      m.coefficient ** power,
      m.factors.map(({ atom, exponent }) => ({ atom, exponent: exponent * power })),
    ),
  ]);

export const negative = (a: Expression): Expression => scaled(-1, a);
export const difference = (a: Expression, b: Expression): Expression => sumOf(a, negative(b));

/** Functions of expressions by what they are, and the short names that they have in keys. */
const calls = new Map<string, Expression>();
const shortNames = new Set<string>();

/**
 * A short name for what a function is of, which is a part of many keys: the same in every process, whatever was made
 * before, since the order of terms, and so the last bit of their sum, follows from it. Of tables it begins with what their
 * numbers are, as their own names do.
 */
function shortName(whole: string): string {
  const spelt = whole.replace(COUNTED, '');
  let [a, b] = [0x9e3779b9, 0x85ebca6b];
  for (let i = 0; i < spelt.length; i++) {
    const code = spelt.charCodeAt(i);
    a = Math.imul(a ^ code, 0xcc9e2d51);
    b = Math.imul(b ^ code, 0x1b873593);
    a ^= b >>> 15;
    b ^= a >>> 13;
  }
  let name = `f${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
  if (spelt !== whole) return name + counted();
  while (shortNames.has(name)) name += "'";
  shortNames.add(name);
  return name;
}

export function call(name: FunctionName, ...of: readonly Expression[]): Expression {
  const spelt = `${name}(${of.map((x) => x.key).join(',')})`;
  let known = calls.get(spelt);
  if (known === undefined) {
    known = single({ kind: 'function', name, of, key: shortName(spelt) });
    calls.set(spelt, known);
  }
  return known;
}

export const quotient = (a: Expression, b: Expression): Expression =>
  productOf(a, inversePower(b, -1));

/** √a: of a monomial with a number whose root is exact, powers are halved; of anything else a function. */
export function squareRoot(a: Expression): Expression {
  if (isZero(a)) return ZERO;
  return inversePower(a, 0.5);
}

const isLevel = ({ atom }: Factor): boolean => atom.kind === 'level' || atom.kind === 'table';

function inversePower(a: Expression, exponent: -1 | 0.5): Expression {
  const [m] = a.monomials;
  const simple = a.monomials.length === 1 && !(exponent === 0.5 && m.factors.some(isLevel));
  const number = exponent === -1 ? 1 / (m?.coefficient ?? 0) : Math.sqrt(m?.coefficient ?? 0);
  const exact =
    exponent === -1 ? number * m?.coefficient === 1 : number * number === m?.coefficient;
  if (simple && exact) {
    const factors = m.factors.map(({ atom, exponent: e }) => ({ atom, exponent: e * exponent }));
    return expression([madeOf(number, factors)]);
  }
  return call(exponent === -1 ? 'inverse' : 'squareRoot', a);
}

/** aⁿ for a whole n ≥ 0. */
export const powerOf = (a: Expression, n: number): Expression =>
  productOf(...Array.from({ length: n }, () => a));

/** Expressions that were shifted, by their keys: the same ones come again and again. */
const moved = new Map<string, Expression>();
const MOST_MOVED = 20_000;

/** The expression with l + by in the place of l. */
export function shifted(a: Expression, by: number): Expression {
  if (by === 0 || isLevelFree(a)) return a;
  const key = `${by} ${a.key}`;
  let known = moved.get(key);
  if (known === undefined) {
    known = sumOf(...a.monomials.map((m) => shiftedMonomial(m, by)));
    // Numbers of one device are not kept for the next one.
    if (key.includes('#')) return known;
    if (moved.size >= MOST_MOVED) moved.clear();
    moved.set(key, known);
  }
  return known;
}

/** Whether it can be shifted: no level by itself is under a root or in a quotient. */
export const isShiftable = ({ monomials }: Expression): boolean =>
  monomials.every(({ factors }) =>
    factors.every(({ atom, exponent }) =>
      atom.kind === 'level'
        ? Number.isInteger(exponent) && exponent > 0
        : atom.kind !== 'function' || atom.of.every(isShiftable),
    ),
  );

function shiftedMonomial({ coefficient, factors }: Monomial, by: number): Expression {
  const still = factors.filter(({ atom }) => isAtomLevelFree(atom));
  const rest = factors.filter(({ atom }) => !isAtomLevelFree(atom));
  return productOf(
    expression([madeOf(coefficient, still)]),
    ...rest.map(({ atom, exponent }): Expression => {
      const there = shiftedAtom(atom, by);
      if (Number.isInteger(exponent) && exponent > 0) return powerOf(there, exponent);
      const [m, ...others] = there.monomials;
      if (others.length > 0) {
        throw new RangeError('a level stands under a root or in a quotient by itself');
      }
      const powers = m.factors.map((f) => ({ atom: f.atom, exponent: f.exponent * exponent }));
      return expression([madeOf(m.coefficient ** exponent, powers)]);
    }),
  );
}

function shiftedAtom(atom: Atom, by: number): Expression {
  if (atom.kind === 'level') return sumOf(level, constant(by));
  if (atom.kind === 'table') return table(atom.values, atom.shift + by);
  if (atom.kind === 'function') return call(atom.name, ...atom.of.map((x) => shifted(x, by)));
  return single(atom);
}

const freeOfLevel = new WeakMap<Expression, boolean>();

/** Whether it is the same number at every level. */
export function isLevelFree(a: Expression): boolean {
  let known = freeOfLevel.get(a);
  if (known === undefined) {
    known = a.monomials.every(({ factors }) => factors.every(({ atom }) => isAtomLevelFree(atom)));
    freeOfLevel.set(a, known);
  }
  return known;
}

export const isAtomLevelFree = (atom: Atom): boolean =>
  atom.kind === 'parameter' || (atom.kind === 'function' && atom.of.every(isLevelFree));

/** The names of the parameters in it. */
export function parametersOf(
  a: Pick<Expression, 'monomials'>,
  found: Set<string> = new Set(),
): Set<string> {
  for (const { factors } of a.monomials) {
    for (const { atom } of factors) {
      if (atom.kind === 'parameter') found.add(atom.name);
      if (atom.kind === 'function') for (const x of atom.of) parametersOf(x, found);
    }
  }
  return found;
}
