/**
 * Dissipators of many jump operators with much the same transitions, such as those between eigenstates: what two
 * transitions do to ket and bra is summed over all operators, Σ_j a_j(l) b_j(l′)*, and each of its diagonals l − l′ is
 * one rule, however many operators there are.
 */
import {
  eachElement,
  ONE,
  type Operator,
  sum,
  type Table,
  type Transition,
} from '../operators/operator.js';
import { perObject } from '../perObject.js';
import { zeros } from '../zeros.js';

/** A rule of elements with l − l′ = delta. */
interface CollectedRule {
  readonly ket: Transition;
  readonly bra: Transition;
  readonly delta: number;
}

/** factor · AρB†, A on the left and B on the right. */
export interface Sandwich {
  readonly left: Operator;
  readonly right: Operator;
  readonly factor: number;
}

/** What jump operators do to a state, collected. */
export interface Collected {
  /** Σ_j A_jρA_j† */
  readonly jumps: readonly CollectedRule[];
  /** Σ_j A_j†A_j */
  readonly rate: Operator;
}

/** Where a transition leads, whatever its numbers. */
type Move = Pick<Transition, 'to' | 'from' | 'shift'>;

const nameOf = ({ to, from, shift }: Move): string => `${to} ${from} ${shift}`;

/** The moves of operators, each with its place. */
function movesOf(operators: readonly Operator[]): Map<string, { at: number; move: Move }> {
  const moves = new Map<string, { at: number; move: Move }>();
  for (const { transitions } of operators) {
    for (const { to, from, shift } of transitions) {
      const name = nameOf({ to, from, shift });
      if (!moves.has(name)) moves.set(name, { at: moves.size, move: { to, from, shift } });
    }
  }
  return moves;
}

/** Whether terms have fewer rules collected than one by one. */
export function isCollected(terms: readonly Sandwich[]): boolean {
  if (terms.length < 2) return false;
  const diagonals = 2 * terms[0].left.window.size - 1;
  // A term has no more pairs of moves than all have together.
  if (terms.length <= diagonals) return false;
  const single = terms.reduce(
    (n, { left, right }) => n + left.transitions.length * right.transitions.length,
    0,
  );
  const [kets, bras] = [movesOf(terms.map((t) => t.left)), movesOf(terms.map((t) => t.right))];
  return single > kets.size * bras.size * diagonals;
}

type Moves = ReturnType<typeof movesOf>;

/** An operator's elements other than 0, each at move · levels + l. */
interface Elements {
  readonly at: Int32Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function elementsOf(operator: Operator, moves: Moves): Elements {
  const { size } = operator.window;
  const at: number[] = [];
  const re: number[] = [];
  const im: number[] = [];
  eachElement(operator, (transition, level, x, y) => {
    const move = moves.get(nameOf(transition))?.at as number;
    at.push(move * size + level);
    re.push(x);
    im.push(y);
  });
  return { at: Int32Array.from(at), re: Float64Array.from(re), im: Float64Array.from(im) };
}

/** Σ factor · a b* of all elements a on the left and b on the right, by rows of the left. */
function productsOf(terms: readonly Sandwich[], kets: Moves, bras: Moves) {
  const { size } = terms[0].left.window;
  const order = bras.size * size;
  const re = new Float64Array(kets.size * size * order);
  const im = new Float64Array(re.length);
  for (const { left, right, factor } of terms) {
    const a = elementsOf(left, kets);
    const b = elementsOf(right, bras);
    const areReal = a.im.every((x) => x === 0) && b.im.every((x) => x === 0);
    for (let i = 0; i < a.at.length; i++) {
      const [row, u, v] = [a.at[i] * order, factor * a.re[i], factor * a.im[i]];
      for (let j = 0; j < b.at.length; j++) re[row + b.at[j]] += u * b.re[j] + v * b.im[j];
      if (areReal) continue;
      for (let j = 0; j < b.at.length; j++) im[row + b.at[j]] += v * b.re[j] - u * b.im[j];
    }
  }
  return { order, re, im };
}

/** Of one term or more on one window. */
export function collectedRules(terms: readonly Sandwich[]): CollectedRule[] {
  const { size } = terms[0].left.window;
  const [kets, bras] = [movesOf(terms.map((t) => t.left)), movesOf(terms.map((t) => t.right))];
  const { order, re, im } = productsOf(terms, kets, bras);
  /** The products of two moves with l − l′ = delta, by l; null where all are 0. */
  const diagonalOf = (ket: number, bra: number, delta: number): Table | null => {
    let table: { re: Float64Array; im: Float64Array | null } | null = null;
    for (let l = Math.max(0, delta); l < Math.min(size, size + delta); l++) {
      const at = (ket * size + l) * order + bra * size + l - delta;
      if (re[at] === 0 && im[at] === 0) continue;
      table ??= { re: zeros(size), im: null };
      table.re[l] = re[at];
      if (im[at] === 0) continue;
      table.im ??= zeros(size);
      table.im[l] = im[at];
    }
    return table;
  };
  const rules: CollectedRule[] = [];
  for (const { at: first, move: ket } of kets.values()) {
    for (const { at: second, move: bra } of bras.values()) {
      for (let delta = 1 - size; delta < size; delta++) {
        const table = diagonalOf(first, second, delta);
        if (table === null) continue;
        rules.push({
          ket: { ...ket, coefficient: ONE, table },
          bra: { ...bra, coefficient: ONE, table: null },
          delta,
        });
      }
    }
  }
  return rules;
}

/** Of jump operators on one window; known for the same list of them. */
export const collectedJumps = perObject((operators: readonly Operator[]): Collected => {
  const [{ window }] = operators;
  const jumps = collectedRules(operators.map((a) => ({ left: a, right: a, factor: 1 })));
  const rates = jumps.flatMap(({ ket, bra, delta }): Operator[] => {
    // ⟨l′|A†A|l⟩, where both arrive at one level.
    const shift = ket.shift - bra.shift;
    if (ket.to !== bra.to || delta + shift !== 0) return [];
    return [{ window, transitions: [{ ...ket, to: bra.from, shift }] }];
  });
  return { jumps, rate: sum(window, ...rates) };
});
