/**
 * The Lindblad superoperator as rules: what each of its terms does to a class of elements.
 *
 *   ρ̇ = Gρ + ρG† + Σ_j A_jρA_j†,   G = −iH − ½ Σ_j A_j†A_j.
 *
 * A rule multiplies an element by a number that depends on l_ket alone times one that depends on
 * l_bra alone, and moves it to another class. Every operator made of transitions gives rules of this
 * form, whatever physics it stands for.
 */
import {
  adjoint,
  conjugate,
  conjugateTable,
  multiply,
  type Operator,
  scale,
  sum,
  type Transition,
  zero,
} from '../model/operator.js';
import type { Window } from '../model/window.js';
import type { ClassName } from './classes.js';

export interface Rule {
  /** What happens to the ket; null leaves it alone. */
  readonly ket: Transition | null;
  /** What happens to the bra, already conjugated; null leaves it alone. */
  readonly bra: Transition | null;
}

const onBra = (t: Transition): Transition => ({
  to: t.to,
  from: t.from,
  shift: t.shift,
  coefficient: conjugate(t.coefficient),
  table: conjugateTable(t.table),
});

/** Gρ + ρG†. */
function twoSided(g: Operator): Rule[] {
  const rules: Rule[] = [];
  for (const t of g.transitions) rules.push({ ket: t, bra: null }, { ket: null, bra: onBra(t) });
  return rules;
}

/** −i[H, ρ]. */
export function commutatorRules(hamiltonian: Operator): Rule[] {
  return twoSided(scale(hamiltonian, { re: 0, im: -1 }));
}

/** Σ_j D[A_j]ρ = Σ_j (A_jρA_j† − ½{A_j†A_j, ρ}). */
export function dissipatorRules(window: Window, jumps: readonly Operator[]): Rule[] {
  const rates = jumps.map((a) => multiply(adjoint(a), a));
  const decay = jumps.length === 0 ? zero(window) : scale(sum(window, ...rates), -0.5);
  const rules = twoSided(decay);
  for (const { transitions } of jumps) {
    const bras = transitions.map(onBra);
    for (const ket of transitions) for (const bra of bras) rules.push({ ket, bra });
  }
  return rules;
}

/** The class a rule sends the given one to, or null where the rule does not act on it. */
export function image({ ket, bra }: Rule, from: ClassName): ClassName | null {
  if (ket !== null && ket.from !== from.ket) return null;
  if (bra !== null && bra.from !== from.bra) return null;
  return {
    ket: ket === null ? from.ket : ket.to,
    bra: bra === null ? from.bra : bra.to,
    delta: from.delta + (ket === null ? 0 : ket.shift) - (bra === null ? 0 : bra.shift),
  };
}
