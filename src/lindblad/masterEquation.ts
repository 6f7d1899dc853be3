/** From a machine's baths to the dissipators of a Lindblad equation: one function for each master equation. */
import {
  call,
  type Expression,
  negative,
  ONE,
  parameter,
  productOf,
  squareRoot,
  sumOf,
} from '../machine/expression.js';
import { type CoupledBath, FREQUENCY, type Machine, type ThermalBath } from '../machine/machine.js';
import {
  adjoint,
  adjointTerm,
  type OperatorForm,
  real,
  scale,
  sum,
  type Term,
  timesComplex,
} from '../machine/operatorForm.js';
import { PairEigenbasis, type Transition } from './eigenbasis.js';
import { type DissipatorForm, decayOf, dissipatorOf, type EquationForm } from './equation.js';

/** The parameter that stands for Ω, the cutoff of the spectral densities. */
export const CUTOFF = 'Omega';

export const hamiltonianOf = ({ energies }: Machine): OperatorForm =>
  sum(...energies.map(({ operator }) => operator));

/** n = 1/(e^{βω} − 1), Eq. (16). */
const occupation = ({ beta, frequency }: ThermalBath): Expression =>
  call('inverse', call('exponentialMinusOne', productOf(beta, frequency)));

/** √(g²(n + 1)) S and √(g²n) S†, Eq. (14). */
function localJumps(bath: ThermalBath): OperatorForm[] {
  const n = occupation(bath);
  const down = productOf(bath.strength, squareRoot(sumOf(n, ONE)));
  const up = productOf(bath.strength, squareRoot(n));
  return [scale(adjoint(bath.coupling), up), scale(bath.coupling, down)].filter(
    (form) => form.length > 0,
  );
}

/** What a master equation makes of a machine. */
export interface MachineEquation {
  readonly equation: EquationForm;
  /** The eigenstates of H between which it is; null where it is between bare states. */
  readonly basis: PairEigenbasis | null;
  /** Every Bohr frequency at which a thermal bath acts, and the bath's inverse temperature, between eigenstates. */
  readonly frequencies: readonly (Transition & { readonly beta: Expression })[];
}
export type EquationOf = (machine: Machine) => MachineEquation;

/** Between bare states: the same jumps wherever the machine is. */
export const bareEquation = (
  machine: Machine,
  jumpsOf: (bath: ThermalBath) => readonly OperatorForm[],
): MachineEquation => ({
  equation: {
    states: machine.states,
    hamiltonian: hamiltonianOf(machine),
    dissipators: machine.baths.map((bath) =>
      dissipatorOf(
        bath.name,
        bath.kind === 'explicit' ? bath.jumps : [...jumpsOf(bath), ...bath.others],
      ),
    ),
  },
  basis: null,
  frequencies: [],
});

/** Local: each thermal bath acts on its own part of the machine as if that was alone, Eqs. (13)–(16). */
export const localEquation: EquationOf = (machine) => bareEquation(machine, localJumps);

/** J(ω)(n(ω) + 1) of Eqs. (A12), (A15)–(A17); of −ω it is J(ω)n(ω). */
const rate = ({ beta, strength }: ThermalBath, omega: Expression): Expression =>
  call('ohmicEmission', omega, beta, strength, parameter(CUTOFF));

/** A machine's thermal baths where all of H has no eigenbasis in closed form: what gives off ω brings −ω in. */
export const coupledBaths = ({ baths }: Machine): CoupledBath[] =>
  baths.flatMap((bath) =>
    bath.kind === 'explicit'
      ? []
      : [
          {
            ...{ name: bath.name, beta: bath.beta },
            couplings: [bath.coupling, adjoint(bath.coupling)],
            rate: rate(bath, negative(parameter(FREQUENCY))),
          },
        ],
  );

const weighted = (term: Term, weight: Expression): Term => ({
  ...term,
  f: timesComplex(real(squareRoot(weight)), term.f),
});

/** Jumps between eigenstates, each at its own frequency, and those that know none. */
function globalDissipator(
  basis: PairEigenbasis,
  bath: ThermalBath,
  transitions: readonly Transition[],
): DissipatorForm {
  const between = transitions.flatMap(({ term, quantum }) => [
    [weighted(term, rate(bath, quantum))],
    [adjointTerm(weighted(term, rate(bath, negative(quantum))))],
  ]);
  // Less cancels in the decay rotated than in the product of what is rotated.
  return {
    name: bath.name,
    jumps: [...between, ...bath.others.map((a) => basis.rotated(a))],
    decay: sum(decayOf(between), basis.rotated(decayOf(bath.others))),
    isOfJumps: bath.others.length === 0,
  };
}

/**
 * Global: thermal baths between eigenstates of the whole H, each transition at its own Bohr frequency,
 * Eqs. (A1)–(A17). In the sector of the populations alone: elsewhere transitions of one frequency interfere.
 * @throws {EigenbasisError}
 */
export function globalEquation(machine: Machine): MachineEquation {
  const basis = new PairEigenbasis(machine.states, hamiltonianOf(machine));
  const frequencies: (Transition & { beta: Expression })[] = [];
  const dissipators = machine.baths.map((bath): DissipatorForm => {
    if (bath.kind === 'thermal') {
      const transitions = basis.transitions(bath.coupling);
      frequencies.push(...transitions.map((each) => ({ ...each, beta: bath.beta })));
      return globalDissipator(basis, bath, transitions);
    }
    return {
      name: bath.name,
      jumps: bath.jumps.map((a) => basis.rotated(a)),
      decay: basis.rotated(decayOf(bath.jumps)),
      isOfJumps: false,
    };
  });
  const equation = { states: machine.states, hamiltonian: basis.hamiltonian(), dissipators };
  return { equation, basis, frequencies };
}
