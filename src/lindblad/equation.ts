/**
 * A Lindblad equation  ρ̇ = −i[H, ρ] + Σ_channel Σ_j D[A_j]ρ  with expressions in its operators, and what it does
 * to the elements of ρ.
 */
import {
  call,
  constant,
  type Expression,
  isLevelFree,
  isZero,
  productOf,
  sumOf,
  ZERO,
} from '../machine/expression.js';
import {
  adjoint,
  type ComplexExpression,
  conjugateComplex,
  type OperatorForm,
  plusComplex,
  product,
  real,
  scale,
  shiftedComplex,
  sum,
  type Term,
  timesComplex,
} from '../machine/operatorForm.js';
import { before, both, EVERYWHERE, isEmpty, keyOf, type Range } from '../machine/range.js';
import type { Moves } from './charges.js';

/** The jump operators of one bath. */
export interface DissipatorForm {
  readonly name: string;
  readonly jumps: readonly OperatorForm[];
  /** Σ A†A */
  readonly decay: OperatorForm;
  /** Whether that is the product of the jumps as they stand here, and not one in which less has cancelled. */
  readonly isOfJumps: boolean;
}

export const decayOf = (jumps: readonly OperatorForm[]): OperatorForm =>
  sum(...jumps.map((a) => product(adjoint(a), a)));

/** A bath whose jumps are all that is known of it. */
export const dissipatorOf = (name: string, jumps: readonly OperatorForm[]): DissipatorForm => ({
  name,
  jumps,
  decay: decayOf(jumps),
  isOfJumps: true,
});

export interface EquationForm {
  /** The number of few-level states; a state is numbered 0 … states − 1. */
  readonly states: number;
  readonly hamiltonian: OperatorForm;
  readonly dissipators: readonly DissipatorForm[];
}

/** What changes the state: the Hamiltonian, and each bath. */
export const channelNames = ({ dissipators }: EquationForm): string[] => [
  'hamiltonian',
  ...dissipators.map(({ name }) => name),
];

export const movesOf = ({ states, hamiltonian, dissipators }: EquationForm): Moves => ({
  states,
  hamiltonian,
  jumps: dissipators.flatMap(({ jumps }) => jumps),
});

/** A set of elements ⟨ket, l|ρ|bra, l + apart⟩, one for each level l that both have. */
export interface ElementClass {
  readonly ket: number;
  readonly bra: number;
  readonly apart: number;
}

/**
 * What is added to the derivative of one class for each element of another: its coefficient by the level l of the
 * element's ket.
 */
export interface Contribution {
  readonly source: number;
  readonly target: number;
  /** By how much the ket's level changes. */
  readonly shift: number;
  readonly range: Range;
  readonly coefficient: ComplexExpression;
}

/** What happens to the ket, and to the bra; null leaves it alone. */
interface Rule {
  readonly ket: Term | null;
  /** Its f is that of the operator, not yet conjugated. */
  readonly bra: Term | null;
}

/** −iH − ½ΣA†A of a channel on either side, and A…A†. */
function rulesOf(equation: EquationForm, channel: number): Rule[] {
  const sided = (form: OperatorForm): Rule[] =>
    form.flatMap((term) => [
      { ket: term, bra: null },
      { ket: null, bra: term },
    ]);
  if (channel === 0) {
    return sided(scale(equation.hamiltonian, { re: ZERO, im: constant(-1) }));
  }
  const { jumps, decay } = equation.dissipators[channel - 1];
  return [
    ...sided(scale(decay, -0.5)),
    ...jumps.flatMap((a) => a.flatMap((ket) => a.map((bra): Rule => ({ ket, bra })))),
  ];
}

/** |f|², what a jump moves of populations. */
function squaredMagnitude({ re, im }: ComplexExpression): Expression {
  const square = (x: Expression) => (isLevelFree(x) ? productOf(x, x) : call('square', x));
  if (isZero(im)) return square(re);
  return isZero(re) ? square(im) : sumOf(square(re), square(im));
}

/** A sector of classes, and what all channels do in it. */
export interface SectorForm {
  readonly classes: readonly ElementClass[];
  readonly contributions: readonly Contribution[];
}

/**
 * The classes that the populations reach, in which ket and bra have the same charge l + c_s, and what happens in
 * them.
 * @param offsets c_s of a charge that is conserved
 * @param others further classes to begin with, such as those that a larger equation reaches; they keep their order
 */
export function populationSector(
  equation: EquationForm,
  offsets: Int32Array,
  others: readonly ElementClass[] = [],
): SectorForm {
  const { states } = equation;
  const rules = channelNames(equation).flatMap((_, channel) => rulesOf(equation, channel));
  const classes: ElementClass[] = [];
  const known = new Map<number, number>();
  const classOf = (ket: number, bra: number): number => {
    const key = ket * states + bra;
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, classes.length);
    classes.push({ ket, bra, apart: offsets[ket] - offsets[bra] });
    return classes.length - 1;
  };
  for (const { ket, bra } of others) classOf(ket, bra);
  for (let s = 0; s < states; s++) classOf(s, s);
  const found = new Map<string, Contribution>();
  for (let source = 0; source < classes.length; source++) {
    const from = classes[source];
    for (const { ket, bra } of rules) {
      if (ket !== null && ket.from !== from.ket) continue;
      if (bra !== null && bra.from !== from.bra) continue;
      const target = classOf(ket?.to ?? from.ket, bra?.to ?? from.bra);
      const { apart } = from;
      const [k, b] = [ket ?? IDLE, bra ?? IDLE];
      const range = both(k.range, before(b.range, apart));
      if (isEmpty(range)) continue;
      const onBra = bra === null ? null : shiftedComplex(conjugateComplex(bra.f), apart);
      const coefficient =
        ket !== null && ket === bra && from.ket === from.bra
          ? real(squaredMagnitude(ket.f))
          : ket === null
            ? (onBra as ComplexExpression)
            : onBra === null
              ? ket.f
              : timesComplex(ket.f, onBra);
      const contribution = {
        source,
        target,
        shift: k.shift,
        range,
        coefficient,
      };
      const key = `${source} ${target} ${k.shift} ${keyOf(range)}`;
      const earlier = found.get(key);
      found.set(
        key,
        earlier === undefined
          ? contribution
          : { ...earlier, coefficient: plusComplex(earlier.coefficient, coefficient) },
      );
    }
  }
  return {
    classes,
    contributions: [...found.values()].filter(
      ({ coefficient: { re, im } }) => !isZero(re) || !isZero(im),
    ),
  };
}

const IDLE = { shift: 0, range: EVERYWHERE } as const;
