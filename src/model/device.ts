/** From parameters to an open quantum system on a window: the machine's terms as numbers. */
import { bareEquation, CUTOFF } from '../lindblad/masterEquation.js';
import { OperatorSet } from '../machine/evaluateOperator.js';
import { activeMachine, activityKey } from '../machine/machine.js';
import { mill } from '../machine/mill.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import type { Values } from '../machine/tape.js';
import type { Jumps } from '../operators/jumps.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { type Operator, sum } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import type { MasterEquation } from './masterEquations/masterEquation.js';
import { masterEquationOf } from './masterEquations/registry.js';
import type { DeviceParameters } from './parameters.js';

/** Where heat can come from: the baths of qubits 1 and 2, and the rotor's load. */
export const BATHS = ['bath1', 'bath2', 'load'] as const;
export type Bath = (typeof BATHS)[number];

const NO_JUMPS: Jumps = { operators: [], resolved: [] };

type EnergyName = 'qubit1' | 'qubit2' | 'kinetic' | 'interaction' | 'potential';

/** A device on a window: its open system, and the parts of H_S that thermodynamics tells apart, by name. */
export interface Device {
  readonly parameters: DeviceParameters;
  readonly system: OpenSystem<Bath>;
  readonly energies: Readonly<Record<EnergyName, Operator>>;
  /** Ω of the spectral densities; null where the master equation has none. */
  readonly cutoff: number | null;
}

/** The operators of a device that do not depend on the window but for its size. */
interface Compiled {
  readonly operators: OperatorSet<string>;
  /** By bath the names of its jump operators, but for those that the master equation makes on a window. */
  readonly jumps: Readonly<Record<Bath, readonly string[]>>;
}

const compiledSets = new Map<string, Compiled>();

function compiled({ name, of, jumpsOn }: MasterEquation, values: Values): Compiled {
  const key = `${name} ${activityKey(mill, values)}`;
  let known = compiledSets.get(key);
  if (known === undefined) {
    const machine = activeMachine(mill, values);
    const forms: Record<string, OperatorForm> = {};
    for (const { name, operator } of machine.energies) forms[name] = operator;
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
    known = { operators: new OperatorSet(forms), jumps };
    compiledSets.set(key, known);
  }
  return known;
}

/** The device with the given parameters on the given window; its operators are evaluated when they are first read. */
export function device(parameters: DeviceParameters, window: Window): Device {
  const { model: _model, cutoff: _cutoff, ...numbers } = parameters;
  const equation = masterEquationOf(parameters);
  const cutoff = equation.cutoff?.(window, parameters) ?? null;
  const values = { ...numbers, [CUTOFF]: cutoff ?? Number.NaN };
  const { operators, jumps } = compiled(equation, values);
  let found: Readonly<Record<string, Operator>> | undefined;
  const operatorOf = (name: string): Operator => {
    found ??= operators.evaluate(window, values);
    return found[name];
  };
  const energies: Device['energies'] = {
    get qubit1() {
      return operatorOf('qubit1');
    },
    get qubit2() {
      return operatorOf('qubit2');
    },
    get kinetic() {
      return operatorOf('kinetic');
    },
    get interaction() {
      return operatorOf('interaction');
    },
    get potential() {
      return operatorOf('potential');
    },
  };
  const jumpsOf = (bath: Bath, { operators: made, resolved }: Jumps): Jumps => ({
    operators: [
      ...made,
      ...jumps[bath].map(operatorOf).filter(({ transitions }) => transitions.length > 0),
    ],
    resolved,
  });
  let hamiltonian: Operator | undefined;
  let known: Readonly<Record<Bath, Jumps>> | undefined;
  return {
    parameters,
    energies,
    cutoff,
    system: {
      states: mill.states,
      window,
      get hamiltonian() {
        hamiltonian ??= sum(window, ...Object.values(energies));
        return hamiltonian;
      },
      get jumps() {
        if (known === undefined) {
          const made = equation.jumpsOn?.(window, parameters);
          known = {
            bath1: jumpsOf('bath1', made?.bath1 ?? NO_JUMPS),
            bath2: jumpsOf('bath2', made?.bath2 ?? NO_JUMPS),
            load: jumpsOf('load', NO_JUMPS),
          };
        }
        return known;
      },
    },
  };
}
