/** Operators by the names that commands know them by: to say what modes are, and to correlate. */
import type { Device } from '../model/device.js';
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

/** Bits of a qubit state: 2·n1 + n2. */
const occupied = (bit: number): QubitOperator =>
  identity(QUBIT_STATES).filter(({ to }) => (to & bit) !== 0);

const lowering = (bit: number): QubitOperator =>
  occupied(bit).map(({ from }) => ({ to: from - bit, from, value: one }));

/** e^{iφ} on every state. */
const phase = (window: Window, states: number): Operator =>
  operator(window, identity(states), { shift: 1 });

/** Of the paper's machine. */
export function millOperators({
  system: { window, hamiltonian },
  energies,
}: Device): NamedOperator[] {
  const all = identity(QUBIT_STATES);
  const named = (name: string, of: Operator): NamedOperator => ({ name, operator: of });
  return [
    named('Lz', operator(window, all, { shift: 0, f: (l) => l })),
    named('Lz2', operator(window, all, { shift: 0, f: (l) => l * l })),
    named('n1', operator(window, occupied(2), { shift: 0 })),
    named('n2', operator(window, occupied(1), { shift: 0 })),
    named('interaction', energies.interaction),
    named('H', hamiltonian),
    named('sigma1', operator(window, lowering(2), { shift: 0 })),
    named('sigma2', operator(window, lowering(1), { shift: 0 })),
    named('phase', phase(window, QUBIT_STATES)),
  ];
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
