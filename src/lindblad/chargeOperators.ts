/** The charges that an equation conserves, as operators. */
import { constant, level, productOf, sumOf } from '../machine/expression.js';
import { type OperatorForm, real } from '../machine/operatorForm.js';
import { EVERYWHERE } from '../machine/range.js';
import { conservedCharges } from './charges.js';
import { type EquationForm, movesOf } from './equation.js';

/** Charges that are tried as multiples of one another. */
const TRIED = [-1, 0, 1] as const;

const MOST_CHARGES = 3;

/**
 * Σ_s Σ_l (c_s + m l)|s, l⟩⟨s, l| of small combinations of the conserved charges.
 * @param equation between bare states: pairs that H mixes have one charge, which so is that of their eigenstates
 */
export function chargeOperators(equation: EquationForm): OperatorForm[] {
  const { states } = equation;
  const charges = conservedCharges(movesOf(equation))
    .filter((c) => c[states] !== 0 || c.some((x, s) => s < states && x !== c[0]))
    .slice(0, MOST_CHARGES);
  let combinations: Float64Array[] = [new Float64Array(states + 1)];
  for (const charge of charges) {
    combinations = combinations.flatMap((c) =>
      TRIED.map((t) => c.map((x, i) => x + t * charge[i])),
    );
  }
  const found: OperatorForm[] = [];
  for (const c of combinations) {
    // Of a charge and its negative one is enough, and a constant is none.
    const first = c.findIndex((x, s) => (s === states ? x !== 0 : x !== c[0]));
    const relative = first === states ? c[states] : c[first] - c[0];
    if (first < 0 || relative < 0) continue;
    found.push(
      Array.from({ length: states }, (_, s) => ({
        to: s,
        from: s,
        shift: 0,
        range: EVERYWHERE,
        f: real(sumOf(constant(c[s] - c[0]), productOf(constant(c[states]), level))),
      })),
    );
  }
  return found;
}
