/** Any open system, whose operators are numbers on a window, as an equation. */
import { constant, type Expression, productOf, table, ZERO } from '../machine/expression.js';
import type { ComplexExpression, OperatorForm, Term } from '../machine/operatorForm.js';
import { collect } from '../machine/operatorForm.js';
import { staying } from '../machine/range.js';
import type { Jumps, ResolvedPart } from '../operators/jumps.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Complex, Operator, Table } from '../operators/operator.js';
import { dissipatorOf, type EquationForm } from './equation.js';

const number = (x: number): Expression => (x === 0 ? ZERO : constant(x));

/** (a + ib)(u + iv) */
function coefficientOf({ re: a, im: b }: Complex, values: Table | null): ComplexExpression {
  if (values === null) return { re: number(a), im: number(b) };
  const u = table(values.re);
  const times = (c: number, x: Expression) => (c === 0 ? ZERO : productOf(constant(c), x));
  if (values.im === null) return { re: times(a, u), im: times(b, u) };
  // Complex tables are rare: their products are numbers of their own.
  const { re, im } = values;
  const product = (f: (u: number, v: number) => number) => table(re.map((x, i) => f(x, im[i])));
  return {
    re: product((x, y) => a * x - b * y),
    im: product((x, y) => a * y + b * x),
  };
}

const formOf = ({ transitions }: Operator): OperatorForm =>
  collect(
    transitions.map(({ to, from, shift, coefficient, table: values }) => ({
      to,
      from,
      shift,
      range: staying(shift),
      f: coefficientOf(coefficient, values),
    })),
  );

/** Σ_k A_{k,s} of a level-resolved set: between states of one charge difference it acts as its members do one by one. */
function resolvedForm(parts: readonly ResolvedPart[], s: number): OperatorForm {
  return collect(
    parts.map(({ to, from, departure, arrival, sign, amplitudes }): Term => {
      const shift = arrival - departure;
      const values = amplitudes[s];
      // By the level that it acts on, k + departure.
      const moved = values.map((_, i) => sign * (values[i - departure] ?? 0));
      return { to, from, shift, range: staying(shift), f: { re: table(moved), im: ZERO } };
    }),
  );
}

const jumpForms = ({ operators, resolved }: Jumps): OperatorForm[] => [
  ...operators.map(formOf),
  ...resolved.flatMap(({ parts }) => parts[0].amplitudes.map((_, s) => resolvedForm(parts, s))),
];

/**
 * The equation of an open system. Level-resolved jumps are right in it in the sector of the populations of a
 * conserved charge alone.
 */
export const equationOf = ({ states, hamiltonian, jumps }: OpenSystem): EquationForm => ({
  states,
  hamiltonian: formOf(hamiltonian),
  dissipators: Object.entries(jumps).map(([name, ofBath]) =>
    dissipatorOf(
      name,
      jumpForms(ofBath).filter((form) => form.length > 0),
    ),
  ),
});
