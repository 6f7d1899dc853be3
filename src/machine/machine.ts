/** What a machine is: few levels ⊗ a ladder, its energies and its baths, as data. */
import type { Expression, Monomial } from './expression.js';
import type { OperatorForm } from './operatorForm.js';
import type { Values } from './tape.js';

/** In formulas of rates and spectra the frequency, as a parameter. */
export const FREQUENCY = 'omega';

/** A part of the Hamiltonian that thermodynamics tells apart. */
export interface EnergyPart {
  readonly name: string;
  /** In the paper's notation, for tables. */
  readonly symbol: string;
  /** Whether what a local bath brings into it is heat; of the other parts it is work. */
  readonly isHeat: boolean;
  readonly operator: OperatorForm;
}

/** A bath in thermal equilibrium, of which a master equation makes jump operators. */
export interface ThermalBath {
  readonly kind: 'thermal';
  readonly name: string;
  /** Its inverse temperature. */
  readonly beta: Expression;
  /** g, so that rates are g² times occupations. */
  readonly strength: Expression;
  /** What lowers the energy of the part of the machine that the bath is coupled to … */
  readonly coupling: OperatorForm;
  /** … and by how much, where that part is alone. */
  readonly frequency: Expression;
  /** Jump operators that are the same in every master equation. */
  readonly others: readonly OperatorForm[];
}

/** A bath by its jump operators themselves. */
export interface ExplicitBath {
  readonly kind: 'explicit';
  readonly name: string;
  readonly jumps: readonly OperatorForm[];
}

export type BathForm = ThermalBath | ExplicitBath;

/** A bath by what it couples to, whose jumps are between eigenstates of all of H, and numbers. */
export interface CoupledBath {
  readonly name: string;
  /** Its inverse temperature: its rates balance one another at that. */
  readonly beta: Expression;
  readonly couplings: readonly OperatorForm[];
  /** The rate of what brings the energy `FREQUENCY` into the machine. */
  readonly rate: Expression;
}

/**
 * H = Σ energies, and baths. States of the few levels are numbered from 0; of several subsystems the last one
 * counts fastest.
 */
export interface Machine {
  readonly name: string;
  readonly states: number;
  readonly energies: readonly EnergyPart[];
  readonly baths: readonly BathForm[];
}

/** Whether a monomial has a parameter in it that is 0. */
const isGone = ({ factors }: Monomial, values: Values): boolean =>
  factors.some(
    ({ atom, exponent }) => atom.kind === 'parameter' && exponent > 0 && values[atom.name] === 0,
  );

const vanishes = ({ monomials }: Expression, values: Values): boolean =>
  monomials.every((m) => isGone(m, values));

const activeForm = (form: OperatorForm, values: Values): OperatorForm =>
  form.filter(({ f }) => !(vanishes(f.re, values) && vanishes(f.im, values)));

const activeForms = (forms: readonly OperatorForm[], values: Values): OperatorForm[] =>
  forms.map((form) => activeForm(form, values)).filter((form) => form.length > 0);

/** The machine without the terms that these values make 0. */
export function activeMachine(machine: Machine, values: Values): Machine {
  return {
    ...machine,
    energies: machine.energies.map((part) => ({
      ...part,
      operator: activeForm(part.operator, values),
    })),
    baths: machine.baths.map((bath) => {
      if (bath.kind === 'explicit') return { ...bath, jumps: activeForms(bath.jumps, values) };
      const idle = vanishes(bath.strength, values);
      return {
        ...bath,
        coupling: idle ? [] : activeForm(bath.coupling, values),
        others: activeForms(bath.others, values),
      };
    }),
  };
}

const switchesOf = new WeakMap<Machine, readonly string[]>();

/** The parameters that make terms of a machine 0 where they are 0. */
export function switches(machine: Machine): readonly string[] {
  let known = switchesOf.get(machine);
  if (known === undefined) {
    const found = new Set<string>();
    const note = ({ monomials }: Expression) => {
      for (const { factors } of monomials) {
        for (const { atom, exponent } of factors) {
          if (atom.kind === 'parameter' && exponent > 0) found.add(atom.name);
        }
      }
    };
    const noteForm = (form: OperatorForm) => {
      for (const { f } of form) [f.re, f.im].forEach(note);
    };
    for (const { operator } of machine.energies) noteForm(operator);
    for (const bath of machine.baths) {
      if (bath.kind === 'explicit') bath.jumps.forEach(noteForm);
      else {
        note(bath.strength);
        noteForm(bath.coupling);
        bath.others.forEach(noteForm);
      }
    }
    known = [...found];
    switchesOf.set(machine, known);
  }
  return known;
}

/** A key of the terms that are 0: sets of values that share it share these. */
export function activityKey(machine: Machine, values: Values): string {
  let key = '';
  for (const name of switches(machine)) key += values[name] === 0 ? '0' : '1';
  return key;
}

/** '0' of a key. */
const GONE = 48;

/** Whether the terms that are 0 are those of a key, without writing another one. */
export function hasActivity(machine: Machine, key: string, values: Values): boolean {
  const names = switches(machine);
  for (let k = 0; k < names.length; k++) {
    if ((values[names[k]] === 0) !== (key.charCodeAt(k) === GONE)) return false;
  }
  return true;
}
