/** From parameters to an open quantum system on a window: the machine's terms as numbers. */
import { localEquation } from '../lindblad/masterEquation.js';
import { OperatorSet } from '../machine/evaluateOperator.js';
import { activeMachine, activityKey } from '../machine/machine.js';
import { mill } from '../machine/mill.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import type { Values } from '../machine/tape.js';
import type { Jumps } from '../operators/jumps.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { type Operator, sum } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { globalCutoff, globalJumps } from './global.js';
import type { DeviceParameters } from './parameters.js';

/** Where heat can come from: the baths of qubits 1 and 2, and the rotor's load. */
export const BATHS = ['bath1', 'bath2', 'load'] as const;
export type Bath = (typeof BATHS)[number];

type EnergyName = 'qubit1' | 'qubit2' | 'kinetic' | 'interaction' | 'potential';

/** A device on a window: its open system, and the parts of H_S that thermodynamics tells apart, by name. */
export interface Device {
  readonly parameters: DeviceParameters;
  readonly system: OpenSystem<Bath>;
  readonly energies: Readonly<Record<EnergyName, Operator>>;
  /** Ω of the global model's spectral densities; null in the local model, which has none. */
  readonly cutoff: number | null;
}

/** The operators of a device in the local model, and those that the global one shares. */
interface Compiled {
  readonly operators: OperatorSet<string>;
  /** By bath the names of its jump operators; of the qubits' baths, of those that know no temperature. */
  readonly jumps: Readonly<Record<Bath, readonly string[]>>;
  readonly others: Readonly<Record<Bath, readonly string[]>>;
}

const compiledSets = new Map<string, Compiled>();

function compiled(values: Values): Compiled {
  const key = activityKey(mill, values);
  let known = compiledSets.get(key);
  if (known === undefined) {
    const machine = activeMachine(mill, values);
    const forms: Record<string, OperatorForm> = {};
    for (const { name, operator } of machine.energies) forms[name] = operator;
    const named = (bath: string, kind: string, operators: readonly OperatorForm[]) =>
      operators.map((operator, i) => {
        forms[`${bath} ${kind} ${i}`] = operator;
        return `${bath} ${kind} ${i}`;
      });
    const ofBath = (names: (bath: Bath) => readonly string[]) =>
      Object.fromEntries(BATHS.map((bath) => [bath, names(bath)])) as Record<Bath, string[]>;
    const { dissipators } = localEquation(machine);
    const jumps = ofBath((bath) =>
      named(bath, 'jump', dissipators.find(({ name }) => name === bath)?.jumps ?? []),
    );
    const others = ofBath((name) => {
      const bath = machine.baths.find((b) => b.name === name);
      return named(name, 'other', bath?.kind === 'thermal' ? bath.others : []);
    });
    known = { operators: new OperatorSet(forms), jumps, others };
    compiledSets.set(key, known);
  }
  return known;
}

/** The device with the given parameters on the given window; its operators are evaluated when they are first read. */
export function device(parameters: DeviceParameters, window: Window): Device {
  const { model, cutoff: _cutoff, ...values } = parameters;
  const { operators, jumps, others } = compiled(values);
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
  const present = (names: readonly string[]) =>
    names.map(operatorOf).filter(({ transitions }) => transitions.length > 0);
  const local = (bath: Bath): Jumps => ({ operators: present(jumps[bath]), resolved: [] });
  const global = (): Record<'bath1' | 'bath2', Jumps> => {
    const { bath1, bath2 } = globalJumps(window, parameters);
    const withOthers = (bath: Bath, { operators: thermal, resolved }: Jumps): Jumps => ({
      operators: [...thermal, ...present(others[bath])],
      resolved,
    });
    return { bath1: withOthers('bath1', bath1), bath2: withOthers('bath2', bath2) };
  };
  let hamiltonian: Operator | undefined;
  let known: Readonly<Record<Bath, Jumps>> | undefined;
  return {
    parameters,
    energies,
    cutoff: model === 'local' ? null : globalCutoff(window, parameters),
    system: {
      states: mill.states,
      window,
      get hamiltonian() {
        hamiltonian ??= sum(window, ...Object.values(energies));
        return hamiltonian;
      },
      get jumps() {
        known ??= {
          ...(model === 'local' ? { bath1: local('bath1'), bath2: local('bath2') } : global()),
          load: local('load'),
        };
        return known;
      },
    },
  };
}
