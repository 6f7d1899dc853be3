/**
 * What a channel of a Lindblad equation does to the mean of an operator X: d⟨X⟩/dt = ⟨𝓛†X⟩, with
 *   𝓛†X = i[H, X]  or  Σ_j (A_j†XA_j − ½{A_j†A_j, X}).
 * What cancels in it cancels before any number is put in.
 */
import {
  constant,
  difference,
  type Expression,
  isLevelFree,
  isZero,
  productOf,
  shifted,
  ZERO,
} from '../machine/expression.js';
import {
  adjoint,
  isBetweenSame,
  type OperatorForm,
  plusComplex,
  product,
  real,
  scale,
  sum,
  type Term,
  timesComplex,
} from '../machine/operatorForm.js';
import { besides, both, EVERYWHERE, isEmpty, isSame, type Range } from '../machine/range.js';
import { perObject } from '../perObject.js';
import type { EquationForm } from './equation.js';

const hasEdge = ({ head, tail }: Range): boolean => Number.isFinite(head) || Number.isFinite(tail);

/** Terms between the same states, by as many levels. */
export function groupsOf(form: OperatorForm): Term[][] {
  const groups = new Map<string, Term[]>();
  for (const term of form) {
    const key = `${term.to} ${term.from} ${term.shift}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [term]);
    else group.push(term);
  }
  return [...groups.values()];
}

/** The same operator, its terms between the same states joined on the levels that they share. */
export function joined(form: OperatorForm): OperatorForm {
  const isApart = form.every((a, n) => {
    for (let m = 0; m < n; m++) if (isBetweenSame(a, form[m])) return false;
    return true;
  });
  if (isApart) return form;
  return sum(
    ...groupsOf(form).map((terms) => {
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

/** The numbers that an operator is on each state; null where it leads from one element to another. */
export function diagonalOf(x: OperatorForm): ReadonlyMap<number, Expression> | null {
  const values = new Map<number, Expression>();
  for (const { to, from, shift, range, f } of x) {
    const isNumber = to === from && shift === 0 && isSame(range, EVERYWHERE) && isZero(f.im);
    if (!isNumber) return null;
    values.set(to, f.re);
  }
  return values;
}

/** What a term changes an X by that is diagonal. */
export function changeBy(
  { to, from, shift }: Term,
  x: ReadonlyMap<number, Expression>,
): Expression {
  const [there, here] = [x.get(to) ?? ZERO, x.get(from) ?? ZERO];
  if (there === here && isLevelFree(here)) return ZERO;
  return difference(shifted(there, shift), here);
}

/** [X, A] of an X that is diagonal: each term of A times what it changes X by. */
const commutatorWith = (x: ReadonlyMap<number, Expression>, a: OperatorForm): OperatorForm =>
  a.flatMap((term) => {
    const change = changeBy(term, x);
    return isZero(change) ? [] : [{ ...term, f: timesComplex(real(change), term.f) }];
  });

/** A† of a jump A, made once. */
const adjointOf = perObject(adjoint);

/** A†B for a term B of a jump A. */
interface Part {
  readonly jump: Term;
  readonly form: OperatorForm;
  /** Whether it is its own adjoint. */
  readonly isOwnAdjoint: boolean;
}

/** They are the same for every X. */
const partsOf = perObject((a: OperatorForm): readonly Part[] =>
  a.map((jump) => {
    const form = product(adjointOf(a), [jump]);
    const isOwnAdjoint = form.every(
      ({ to, from, shift, f }) => to === from && shift === 0 && isZero(f.im),
    );
    return { jump, form, isOwnAdjoint };
  }),
);

/** A†XA − ½{A†A, X} = ½(A†[X, A] + its adjoint) of an X that is diagonal: nothing is made that cancels. */
function changeOf(
  x: ReadonlyMap<number, Expression>,
  jumps: readonly OperatorForm[],
): OperatorForm {
  const forms: OperatorForm[] = [];
  const ofAdjoints: OperatorForm[] = [];
  for (const { jump, form, isOwnAdjoint } of jumps.flatMap(partsOf)) {
    const change = changeBy(jump, x);
    if (isZero(change)) continue;
    const changed = scale(form, isOwnAdjoint ? change : productOf(constant(0.5), change));
    forms.push(changed);
    if (!isOwnAdjoint) ofAdjoints.push(adjoint(changed));
  }
  return sum(...forms, ...ofAdjoints);
}

/** @param channel 0 for the Hamiltonian, then the dissipators in their order */
export function adjointAction(
  equation: EquationForm,
  channel: number,
  x: OperatorForm,
): OperatorForm {
  const diagonal = diagonalOf(x);
  if (channel === 0) {
    const { hamiltonian } = equation;
    const commutator =
      diagonal === null
        ? sum(product(x, hamiltonian), scale(product(hamiltonian, x), -1))
        : commutatorWith(diagonal, hamiltonian);
    return joined(scale(commutator, { re: ZERO, im: constant(-1) }));
  }
  const { jumps, decay, isOfJumps } = equation.dissipators[channel - 1];
  if (diagonal !== null && isOfJumps) return joined(changeOf(diagonal, jumps));
  const gained = jumps.map((a) => product(adjointOf(a), product(x, a)));
  const lost = scale(sum(product(decay, x), product(x, decay)), -0.5);
  return joined(sum(...gained, lost));
}
