/**
 * Operators on few levels ⊗ a ladder as sums of  c |to⟩⟨from| ⊗ e^{i·shift·φ} f(l),  with f an expression.
 *
 * f is evaluated at the level that the operator acts on, the shift comes second. Each term says on which levels of
 * a window it acts, so that a product of operators is the product of their truncated matrices.
 */
import {
  constant,
  difference,
  type Expression,
  isZero,
  negative,
  ONE,
  productOf,
  shifted,
  sumOf,
  ZERO,
} from './expression.js';
import { before, both, EVERYWHERE, isEmpty, isSame, type Range, staying } from './range.js';

/** A complex number that depends on l and the parameters. */
export interface ComplexExpression {
  readonly re: Expression;
  readonly im: Expression;
}

export interface Term {
  readonly to: number;
  readonly from: number;
  readonly shift: number;
  /** The levels that it acts on; all else it sends to 0. */
  readonly range: Range;
  readonly f: ComplexExpression;
}

/** Above the number of few-level states. */
const MOST_STATES = 2 ** 20;

/** Whether two terms lead from the same state to the same one, by as many levels. */
export const isBetweenSame = (
  a: Pick<Term, 'to' | 'from' | 'shift'>,
  b: Pick<Term, 'to' | 'from' | 'shift'>,
): boolean => a.to === b.to && a.from === b.from && a.shift === b.shift;

/** A sum of terms; no two that differ in f alone. */
export type OperatorForm = readonly Term[];

export const real = (re: Expression): ComplexExpression => ({ re, im: ZERO });

const isNothing = ({ re, im }: ComplexExpression): boolean => isZero(re) && isZero(im);

export function timesComplex(a: ComplexExpression, b: ComplexExpression): ComplexExpression {
  if (isZero(a.im) && isZero(b.im)) return real(productOf(a.re, b.re));
  return {
    re: difference(productOf(a.re, b.re), productOf(a.im, b.im)),
    im: sumOf(productOf(a.re, b.im), productOf(a.im, b.re)),
  };
}

export const plusComplex = (a: ComplexExpression, b: ComplexExpression): ComplexExpression => ({
  re: sumOf(a.re, b.re),
  im: sumOf(a.im, b.im),
});

export const conjugateComplex = ({ re, im }: ComplexExpression): ComplexExpression => ({
  re,
  im: negative(im),
});

export const shiftedComplex = ({ re, im }: ComplexExpression, by: number): ComplexExpression => ({
  re: shifted(re, by),
  im: shifted(im, by),
});

const withF = ({ to, from, shift, range }: Term, f: ComplexExpression): Term => ({
  to,
  from,
  shift,
  range,
  f,
});

/** Joins terms that differ in f alone, and drops those that are 0. */
export function collect(terms: readonly Term[]): OperatorForm {
  const joined: Term[] = [];
  /** Where the terms between two states are in `joined`. */
  const places = new Map<number, number[]>();
  for (const term of terms) {
    if (isEmpty(term.range)) continue;
    const key = term.to * MOST_STATES + term.from;
    const between = places.get(key);
    const known = between?.find(
      (k) => joined[k].shift === term.shift && isSame(joined[k].range, term.range),
    );
    if (known !== undefined) {
      joined[known] = withF(joined[known], plusComplex(joined[known].f, term.f));
      continue;
    }
    if (between === undefined) places.set(key, [joined.length]);
    else between.push(joined.length);
    joined.push(term);
  }
  return joined.filter(({ f }) => !isNothing(f));
}

export const sum = (...operators: readonly OperatorForm[]): OperatorForm =>
  collect(operators.flat());

export const scale = (
  a: OperatorForm,
  factor: ComplexExpression | Expression | number,
): OperatorForm => {
  const c =
    typeof factor === 'number' ? real(constant(factor)) : 're' in factor ? factor : real(factor);
  if (isNothing(c)) return [];
  return a.map((term) => withF(term, timesComplex(c, term.f)));
};

/** A B: B acts first. */
export function product(a: OperatorForm, b: OperatorForm): OperatorForm {
  const terms: Term[] = [];
  for (const y of b) {
    for (const x of a) {
      if (x.from !== y.to) continue;
      terms.push({
        to: x.to,
        from: y.from,
        shift: x.shift + y.shift,
        range: both(y.range, before(x.range, y.shift)),
        f: timesComplex(shiftedComplex(x.f, y.shift), y.f),
      });
    }
  }
  return collect(terms);
}

export const adjointTerm = ({ to, from, shift, range, f }: Term): Term => ({
  to: from,
  from: to,
  shift: -shift,
  range: before(range, -shift),
  f: conjugateComplex(shiftedComplex(f, -shift)),
});

export const adjoint = (a: OperatorForm): OperatorForm => collect(a.map(adjointTerm));

/** e^{i·shift·φ} f(l) on every state. */
export const ladderOperator = (states: number, shift: number, f: Expression = ONE): OperatorForm =>
  Array.from({ length: states }, (_, s) => ({
    to: s,
    from: s,
    shift,
    range: staying(shift),
    f: real(f),
  }));

/** An operator of the few levels alone, by its entries that are not 0. */
export const levelOperator = (
  entries: readonly { readonly to: number; readonly from: number; readonly value: number }[],
): OperatorForm =>
  entries.map(({ to, from, value }) => ({
    to,
    from,
    shift: 0,
    range: EVERYWHERE,
    f: real(constant(value)),
  }));
