/** Operators by the names that commands know them by: to say what modes are, and to correlate. */
import type { Device } from '../model/device.js';
import { angularMomentum, angularMomentumSquared } from '../model/hamiltonian.js';
import { isUp, lowering, type Qubit } from '../model/qubits.js';
import {
  type Operator,
  operator,
  QUBIT_STATES,
  type QubitOperator,
} from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import type { NamedOperator } from '../spectrum/modes.js';
import type { MachineNumbers } from './machineSystem.js';

const one = { re: 1, im: 0 };

const identity = (states: number): QubitOperator =>
  Array.from({ length: states }, (_, s) => ({ to: s, from: s, value: one }));

/** e^{iφ} on every state. */
const phase = (window: Window, states: number): Operator =>
  operator(window, identity(states), { shift: 1 });

/** Of the paper's machine. */
export function millOperators({
  system: { window, hamiltonian },
  energies,
}: Device): NamedOperator[] {
  const ofQubits = (x: QubitOperator) => operator(window, x, { shift: 0 });
  const occupied = (qubit: Qubit) => identity(QUBIT_STATES).filter(({ to }) => isUp(qubit, to));
  const named = {
    Lz: angularMomentum(window),
    Lz2: angularMomentumSquared(window),
    n1: ofQubits(occupied(1)),
    n2: ofQubits(occupied(2)),
    interaction: energies.interaction,
    H: hamiltonian,
    sigma1: ofQubits(lowering(1)),
    sigma2: ofQubits(lowering(2)),
    phase: phase(window, QUBIT_STATES),
  };
  return Object.entries(named).map(([name, of]) => ({ name, operator: of }));
}

/** Of a machine that a file describes: its observables and energies, populations, and the ladder's own. */
export function machineOperators(numbers: MachineNumbers): NamedOperator[] {
  const { described, window, quantity, observables, energies, system } = numbers;
  const { states } = system;
  const all = identity(states);
  const found = new Map<string, Operator>(Object.entries(observables));
  const add = (name: string, of: Operator) => {
    if (!found.has(name)) found.set(name, of);
  };
  const { symbol } = described.ladder;
  if (symbol !== null && window.size > 1) {
    const at = (power: number) => (l: number) => quantity[l - window.lmin] ** power;
    add(symbol, operator(window, all, { shift: 0, f: at(1) }));
    add(`${symbol}^2`, operator(window, all, { shift: 0, f: at(2) }));
    add('phase', phase(window, states));
  }
  described.subsystems.all.forEach(({ name, levels }, which) => {
    levels.slice(1).forEach((level, k) => {
      const populated = all.filter(({ to }) => described.subsystems.levelOf(which, to) === k + 1);
      add(`P(${name}, ${level})`, operator(window, populated, { shift: 0 }));
    });
  });
  for (const [name, of] of Object.entries(energies)) add(name, of);
  add('H', system.hamiltonian);
  return [...found].map(([name, of]) => ({ name, operator: of }));
}
