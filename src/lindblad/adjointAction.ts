/**
 * What a channel of a Lindblad equation does to the mean of an operator X: d⟨X⟩/dt = ⟨𝓛†X⟩, with
 *   𝓛†X = i[H, X]  or  Σ_j (A_j†XA_j − ½{A_j†A_j, X}).
 * What cancels in it cancels before any number is put in.
 */
import {
  constant,
  type Expression,
  isLevelFree,
  isZero,
  shifted,
  ZERO,
} from '../machine/expression.js';
import {
  adjoint,
  type OperatorForm,
  plusComplex,
  product,
  scale,
  sum,
  type Term,
} from '../machine/operatorForm.js';
import { besides, both, EVERYWHERE, isEmpty, isSame, type Range } from '../machine/range.js';
import type { EquationForm } from './equation.js';

const hasEdge = ({ head, tail }: Range): boolean => Number.isFinite(head) || Number.isFinite(tail);

/** The same operator, its terms between the same states joined on the levels that they share. */
export function joined(form: OperatorForm): OperatorForm {
  const groups = new Map<string, Term[]>();
  for (const term of form) {
    const key = `${term.to} ${term.from} ${term.shift}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [term]);
    else group.push(term);
  }
  return sum(
    ...[...groups.values()].map((terms) => {
      const inner = terms.filter(({ range }) => !hasEdge(range));
      if (inner.length < 2) return terms;
      const shared = inner.map(({ range }) => range).reduce(both);
      const f = inner.map((term) => term.f).reduce(plusComplex);
      const rest = inner.flatMap((term) =>
        besides(term.range, shared).map((range) => ({ ...term, range })),
      );
      return [
        { ...inner[0], range: shared, f },
        ...rest,
        ...terms.filter(({ range }) => hasEdge(range)),
      ].filter(({ range }) => !isEmpty(range));
    }),
  );
}

const minus = (a: OperatorForm, b: OperatorForm): OperatorForm => sum(a, scale(b, -1));

/**
 * Whether X is a number on each state that no term of A changes: then they commute, and no product need be made.
 * Where it is false they may commute all the same.
 */
function visiblyCommutes(x: OperatorForm, a: OperatorForm): boolean {
  const values = new Map<number, Expression>();
  for (const { to, from, shift, range, f } of x) {
    const isNumber = to === from && shift === 0 && isSame(range, EVERYWHERE) && isZero(f.im);
    if (!isNumber) return false;
    values.set(to, f.re);
  }
  return a.every(({ to, from, shift }) => {
    const [there, here] = [values.get(to) ?? ZERO, values.get(from) ?? ZERO];
    return (there === here && isLevelFree(here)) || shifted(there, shift).key === here.key;
  });
}

/** @param channel 0 for the Hamiltonian, then the dissipators in their order */
export function adjointAction(
  equation: EquationForm,
  channel: number,
  x: OperatorForm,
): OperatorForm {
  if (channel === 0) {
    const { hamiltonian } = equation;
    if (visiblyCommutes(x, hamiltonian)) return [];
    const commutator = minus(product(hamiltonian, x), product(x, hamiltonian));
    return joined(scale(commutator, { re: ZERO, im: constant(1) }));
  }
  const { jumps, decay } = equation.dissipators[channel - 1];
  if (jumps.every((a) => visiblyCommutes(x, a))) return [];
  const gained = jumps.map((a) => product(adjoint(a), product(x, a)));
  const lost = scale(sum(product(decay, x), product(x, decay)), -0.5);
  return joined(sum(...gained, lost));
}
