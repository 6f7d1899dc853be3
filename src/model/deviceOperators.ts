/** The operators of the paper's machine that are the same on every window but for its size. */
import { bareEquation } from '../lindblad/masterEquation.js';
import { type PlacedOperators, placedOperators } from '../machine/evaluateOperator.js';
import { activeMachine } from '../machine/machine.js';
import { mill } from '../machine/mill.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import type { Values } from '../machine/tape.js';
import type { MasterEquation } from './masterEquations/masterEquation.js';

/** Where heat can come from: the baths of qubits 1 and 2, and the rotor's load. */
export const BATHS = ['bath1', 'bath2', 'load'] as const;
export type Bath = (typeof BATHS)[number];

/** Names of operators beside those of the energies: H, and what of it acts on the rotor alone. */
export const HAMILTONIAN = 'hamiltonian';
export const OF_ROTOR = 'rotor alone';

/** As data. */
export interface DeviceOperators {
  readonly placed: PlacedOperators<string>;
  /** By bath the names of its jump operators, but for those that the master equation makes on a window. */
  readonly jumps: Readonly<Record<Bath, readonly string[]>>;
}

/** Those of the terms that these values leave. */
export function deviceOperators({ of, jumpsOn }: MasterEquation, values: Values): DeviceOperators {
  const machine = activeMachine(mill, values);
  const forms: Record<string, OperatorForm> = {};
  for (const { name, operator } of machine.energies) forms[name] = operator;
  forms[HAMILTONIAN] = machine.energies.flatMap(({ operator }) => operator);
  forms[OF_ROTOR] = [...forms.kinetic, ...forms.potential].filter(
    ({ to, from }) => to === 0 && from === 0,
  );
  const { equation } = jumpsOn === null ? of(machine) : bareEquation(machine, () => []);
  const jumps = Object.fromEntries(
    BATHS.map((bath) => {
      const operators = equation.dissipators.find(({ name }) => name === bath)?.jumps ?? [];
      return [
        bath,
        operators.map((operator, i) => {
          forms[`${bath} ${i}`] = operator;
          return `${bath} ${i}`;
        }),
      ];
    }),
  ) as Record<Bath, string[]>;
  return { placed: placedOperators(forms), jumps };
}
