/** What is asked of every machine: its energies, its level, and what its baths take from eigenstates. */
import { level } from '../machine/expression.js';
import type { Machine } from '../machine/machine.js';
import { ladderOperator, type OperatorForm, sum } from '../machine/operatorForm.js';
import type { Tape } from '../machine/tape.js';
import type { PairEigenbasis } from './eigenbasis.js';
import { dissipatorOf, type EquationForm } from './equation.js';
import type { Quantity } from './flowForms.js';
import { type Functional, functionalOf } from './functional.js';
import { hamiltonianOf } from './masterEquation.js';

/** Σ_j A_j†A_j of one bath on one state. */
export interface Departures {
  readonly state: number;
  readonly rates: Functional;
}

export const departuresOf = (
  tape: Tape,
  states: number,
  { dissipators }: Pick<EquationForm, 'dissipators'>,
  baths: readonly string[],
): Departures[] =>
  dissipators
    .filter(({ name }) => baths.includes(name))
    .flatMap(({ decay }) =>
      Array.from({ length: states }, (_, state) => ({
        state,
        rates: functionalOf(
          tape,
          decay.filter(({ to, from }) => to === state && from === state),
        ),
      })),
    )
    .filter(({ rates }) => rates.length > 0);

/**
 * The same between bare states, each bath by itself: of the thermal ones, by which a load is judged, or of all where none
 * is. What leaves a state where it is, takes nothing elsewhere; where no bath is thermal, any of them may be what moves
 * the ladder.
 */
export function departuresByBath(
  tape: Tape,
  states: number,
  { dissipators }: EquationForm,
  thermal: readonly string[],
): Departures[][] {
  const isAny = thermal.length === 0;
  const baths = isAny ? dissipators.map(({ name }) => name) : thermal;
  return dissipators
    .map(({ name, jumps }) => {
      const moving = jumps.map((a) =>
        a.filter(({ to, from, shift }) => to !== from || (isAny && shift !== 0)),
      );
      return departuresOf(tape, states, { dissipators: [dissipatorOf(name, moving)] }, baths);
    })
    .filter((departures) => departures.length > 0);
}

export const quantityOf = (
  key: string,
  form: OperatorForm,
  basis: PairEigenbasis | null,
): Quantity => ({ key, bare: form, eigen: basis?.rotated(form) ?? null, isCharge: false });

export function quantitiesOf(
  machine: Machine,
  basis: PairEigenbasis | null,
): Record<string, Quantity> {
  const { states, energies } = machine;
  const quantity = (key: string, form: OperatorForm): [string, Quantity] => [
    key,
    quantityOf(key, form, basis),
  ];
  return {
    ...Object.fromEntries(energies.map(({ name, operator }) => quantity(name, operator))),
    ...Object.fromEntries([
      quantity('free', sum(...energies.filter((e) => e.isHeat).map(({ operator }) => operator))),
      quantity('level', ladderOperator(states, 0, level)),
    ]),
    total: {
      key: 'total',
      bare: hamiltonianOf(machine),
      eigen: basis?.hamiltonian() ?? null,
      isCharge: false,
    },
  };
}
