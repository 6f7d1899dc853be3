/** Quantities, and what a channel changes one of them by when it changes another: the same for all devices. */
import {
  constant,
  type Expression,
  isLevelFree,
  isMultiple,
  isOfSameFactors,
  negative,
  numberIn,
  ONE,
  powerOfMonomial,
  productOf,
  sumOf,
} from '../machine/expression.js';
import { isBetweenSame, type OperatorForm, scale, sum } from '../machine/operatorForm.js';
import { isSame, keyOf } from '../machine/range.js';
import { joined } from './adjointAction.js';
import type { EquationForm } from './equation.js';
import type { Representation } from './functional.js';

/** A quantity as an operator; null where it is not known in a representation. */
export interface Quantity {
  readonly key: string;
  readonly bare: OperatorForm | null;
  readonly eigen: OperatorForm | null;
  /** Whether H conserves it. */
  readonly isCharge: boolean;
}

export interface FlowForms {
  /** Between bare states: of channels that are not local there it says nothing. */
  readonly bare: EquationForm;
  /** Between eigenstates, where the sector is solved in these. */
  readonly eigen: EquationForm | null;
  /** The channels that are known between eigenstates alone. */
  readonly thermal: ReadonlySet<string>;
  /** What flows are asked of, by name. */
  readonly quantities: Readonly<Record<string, Quantity>>;
  /**
   * Quantities of which a channel may change another one in proportion: charges, of which few channels change any,
   * and parts of the energy.
   */
  readonly balances: readonly Quantity[];
  /** A function of the level alone. */
  ofLevel(f: Expression): Quantity;
}

/** The same for equal forms. */
export const actionKey = (form: OperatorForm, representation: Representation): string => {
  const terms = form.map(
    ({ to, from, shift, range, f }) =>
      `${to} ${from} ${shift} ${keyOf(range)} ${f.re.key} ${f.im.key}`,
  );
  return `${representation} ${terms.sort().join(' | ')}`;
};

/**
 * What a quantum of a quantity carries of X, as far as it is the same at every level: x/q of the first term of both
 * in which that is a number of the device.
 */
export function quantumOf(x: OperatorForm, q: OperatorForm): Expression | null {
  for (const a of x) {
    for (const b of q) {
      if (!isBetweenSame(a, b)) continue;
      const ratio = ratioOf(a.f.re, b.f.re);
      if (ratio !== null) return ratio;
    }
  }
  return null;
}

/** x − quantum · q. */
export function remainderOf(x: OperatorForm, quantum: Expression, q: OperatorForm): OperatorForm {
  const number = numberIn(quantum);
  const isAll =
    number !== null &&
    x.length === q.length &&
    x.every(({ range, f, ...a }, n) => {
      const b = q[n];
      return (
        isBetweenSame(a, b) &&
        isSame(range, b.range) &&
        isMultiple(f.re, number, b.f.re) &&
        isMultiple(f.im, number, b.f.im)
      );
    });
  return isAll ? [] : joined(sum(x, scale(q, negative(quantum))));
}

/** The level-free part of x/q where q is one monomial; null where there is none. */
function ratioOf(x: Expression, q: Expression): Expression | null {
  const [m, ...others] = q.monomials;
  if (m === undefined) return null;
  if (others.length === 0 && x.monomials.length === 1 && isOfSameFactors(x.monomials[0], m)) {
    return constant(x.monomials[0].coefficient * m.coefficient ** -1);
  }
  if (x.key === q.key) return ONE;
  if (others.length > 0) return null;
  const ratio = productOf(x, powerOfMonomial(m, -1));
  const free = ratio.monomials.map((n) => powerOfMonomial(n, 1)).filter(isLevelFree);
  return free.length === 0 ? null : sumOf(...free);
}
