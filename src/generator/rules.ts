/**
 * The Lindblad superoperator as rules: what each of its terms does to a class of elements.
 *
 *   ρ̇ = Gρ + ρG† + Σ_j A_jρA_j†,   G = −iH − ½ Σ_j A_j†A_j.
 *
 * A rule multiplies an element by a number that depends on l_ket alone times one that depends on
 * l_bra alone, and moves it to another class. Every operator made of transitions gives rules of this
 * form, whatever physics it stands for.
 */
import type { Jumps, ResolvedJumps, ResolvedPart } from '../operators/jumps.js';
import {
  adjointProduct,
  type Complex,
  conjugate,
  conjugateTable,
  ONE,
  type Operator,
  sum,
  type Table,
  type Transition,
  times,
} from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { zeros } from '../zeros.js';
import type { ClassName } from './classes.js';
import { collectedJumps, collectedRules, isCollected, type Sandwich } from './collectedJumps.js';

export interface Rule {
  /** What happens to the ket; null leaves it alone. */
  readonly ket: Transition | null;
  /** What happens to the bra, already conjugated; null leaves it alone. */
  readonly bra: Transition | null;
  /** The one delta of the classes that the rule acts on; null for all. */
  readonly delta: number | null;
}

const onBra = (t: Transition): Transition => ({
  to: t.to,
  from: t.from,
  shift: t.shift,
  coefficient: conjugate(t.coefficient),
  table: conjugateTable(t.table),
});

/** Gρ + ρG†, G = factor · X. */
function twoSided({ transitions }: Operator, factor: Complex): Rule[] {
  const rules: Rule[] = [];
  for (const { to, from, shift, coefficient, table } of transitions) {
    const ket = { to, from, shift, coefficient: times(factor, coefficient), table };
    rules.push({ ket, bra: null, delta: null }, { ket: null, bra: onBra(ket), delta: null });
  }
  return rules;
}

/** −i[H, ρ]. */
export function commutatorRules(hamiltonian: Operator): Rule[] {
  return twoSided(hamiltonian, { re: 0, im: -1 });
}

/** −½{X, ρ} of a Hermitian X. */
export const decayRules = (x: Operator): Rule[] => twoSided(x, { re: -0.5, im: 0 });

/** factor · AρB† */
export function sandwichRules(a: Operator, b: Operator, factor: number): Rule[] {
  const bras = b.transitions.map(onBra);
  return a.transitions.flatMap(({ coefficient, ...moved }) => {
    const ket = { ...moved, coefficient: times({ re: factor, im: 0 }, coefficient) };
    return bras.map((bra) => ({ ket, bra, delta: null }));
  });
}

/** Σ factor · AρB†; many of them collected. */
export const sandwiches = (terms: readonly Sandwich[]): readonly Rule[] =>
  isCollected(terms) ? collectedRules(terms) : oneByOne(terms);

const oneByOne = (terms: readonly Sandwich[]): readonly Rule[] =>
  terms.flatMap(({ left, right, factor }) => sandwichRules(left, right, factor));

const sandwichOf = (a: Operator, factor = 1): Sandwich => ({ left: a, right: a, factor });

/** ± Σ_j A_jρA_j† */
export const jumpRules = (operators: readonly Operator[], sign: 1 | -1 = 1): readonly Rule[] =>
  sandwiches(operators.map((a) => sandwichOf(a, sign)));

/** Σ_j D[A_j]ρ = Σ_j (A_jρA_j† − ½{A_j†A_j, ρ}). */
export function dissipatorRules(window: Window, { operators, resolved }: Jumps): Rule[] {
  const products = resolved.map((jumps) => productsOf(window, jumps));
  const terms = operators.map((a) => sandwichOf(a));
  const collected = isCollected(terms) ? collectedJumps(operators) : null;
  const rates = collected === null ? operators.map((a) => adjointProduct(a, a)) : [collected.rate];
  for (const pairs of products) {
    for (const { a, b, table } of pairs) {
      const rate = rateOf(window, a, b, table);
      if (rate !== null) rates.push(rate);
    }
  }
  const rules = decayRules(sum(window, ...rates));
  for (const rule of collected?.jumps ?? oneByOne(terms)) rules.push(rule);
  for (const pairs of products) for (const pair of pairs) rules.push(transferOf(pair));
  return rules;
}

/** Two parts of a level-resolved set, and Σ_s of their amplitudes' product by the ket's level. */
interface PartProduct {
  readonly a: ResolvedPart;
  readonly b: ResolvedPart;
  readonly table: Table;
}

function productsOf({ size }: Window, { parts }: ResolvedJumps): PartProduct[] {
  const known: PartProduct[] = [];
  for (const a of parts) {
    for (const b of parts) {
      known.push({ a, b, table: knownTable(known, a, b) ?? productTable(size, a, b) });
    }
  }
  return known;
}

/** The table of an earlier product of the same amplitudes, in either order, from the same level. */
function knownTable(
  known: readonly PartProduct[],
  a: ResolvedPart,
  b: ResolvedPart,
): Table | undefined {
  for (const p of known) {
    if (p.a.departure !== a.departure) continue;
    const [x, y] = [p.a.amplitudes, p.b.amplitudes];
    const alike = x === a.amplitudes && y === b.amplitudes;
    if (alike || (x === b.amplitudes && y === a.amplitudes)) return p.table;
  }
  return undefined;
}

function productTable(size: number, a: ResolvedPart, b: ResolvedPart): Table {
  const re = zeros(size);
  const end = Math.min(size, size - a.departure);
  for (let s = 0; s < a.amplitudes.length; s++) {
    const x = a.amplitudes[s];
    const y = b.amplitudes[s];
    for (let k = Math.max(0, -a.departure); k < end; k++) re[k + a.departure] += x[k] * y[k];
  }
  return { re, im: null };
}

/** Of Σ_k A_kρA_k†: what a does to the ket while b does what it does to the bra, at the same k. */
const transferOf = ({ a, b, table }: PartProduct): Rule => ({
  ket: {
    to: a.to,
    from: a.from,
    shift: a.arrival - a.departure,
    coefficient: { re: a.sign * b.sign, im: 0 },
    table,
  },
  bra: { to: b.to, from: b.from, shift: b.arrival - b.departure, coefficient: ONE, table: null },
  delta: a.departure - b.departure,
});

/** Of Σ_k A_k†A_k: b† after a, which must arrive where b does. */
function rateOf(window: Window, a: ResolvedPart, b: ResolvedPart, table: Table): Operator | null {
  if (a.to !== b.to || a.arrival !== b.arrival) return null;
  const shift = b.departure - a.departure;
  const coefficient = { re: a.sign * b.sign, im: 0 };
  return { window, transitions: [{ to: b.from, from: a.from, shift, coefficient, table }] };
}

/** The number by which both factors of a rule are multiplied. */
export const coefficientOf = ({ ket, bra }: Rule): Complex =>
  times(ket === null ? ONE : ket.coefficient, bra === null ? ONE : bra.coefficient);

/** The class a rule sends the given one to, or null where the rule does not act on it. */
export function image({ ket, bra, delta }: Rule, from: ClassName): ClassName | null {
  if (delta !== null && delta !== from.delta) return null;
  if (ket !== null && ket.from !== from.ket) return null;
  if (bra !== null && bra.from !== from.bra) return null;
  return {
    ket: ket === null ? from.ket : ket.to,
    bra: bra === null ? from.bra : bra.to,
    delta: from.delta + (ket === null ? 0 : ket.shift) - (bra === null ? 0 : bra.shift),
  };
}

/** For each pair of states ket · states + bra: the rules that act on classes of it, by their places in the list. */
export function rulesByPair(states: number, rules: readonly Rule[]): number[][] {
  const acting: number[][] = Array.from({ length: states ** 2 }, () => []);
  for (let at = 0; at < rules.length; at++) {
    const { ket, bra } = rules[at];
    for (let k = ket === null ? 0 : ket.from; k < (ket === null ? states : ket.from + 1); k++) {
      for (let b = bra === null ? 0 : bra.from; b < (bra === null ? states : bra.from + 1); b++) {
        acting[k * states + b].push(at);
      }
    }
  }
  return acting;
}
