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

const ENERGIES = ['qubit1', 'qubit2', 'kinetic', 'interaction', 'potential'] as const;
type EnergyName = (typeof ENERGIES)[number];

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

/** Evaluates the operators of a device when they are first read. */
class EvaluatedOperators {
  #found: Readonly<Record<string, Operator>> | undefined;

  constructor(
    private readonly compiled: Compiled,
    private readonly values: Values,
    private readonly parameters: DeviceParameters,
    private readonly window: Window,
  ) {}

  named<Name extends string>(names: readonly Name[]): readonly Operator[] {
    this.#found ??= this.compiled.operators.evaluate(this.window, this.values);
    const found = this.#found;
    return names.map((name) => found[name]);
  }

  energies(): Device['energies'] {
    const found = this.named(ENERGIES);
    return Object.fromEntries(ENERGIES.map((name, i) => [name, found[i]])) as Device['energies'];
  }

  jumps(): Readonly<Record<Bath, Jumps>> {
    const load = this.#local('load');
    return this.parameters.model === 'local'
      ? { bath1: this.#local('bath1'), bath2: this.#local('bath2'), load }
      : { ...this.#global(), load };
  }

  #present = (names: readonly string[]): Operator[] =>
    this.named(names).filter(({ transitions }) => transitions.length > 0);

  #local(bath: Bath): Jumps {
    return { operators: this.#present(this.compiled.jumps[bath]), resolved: [] };
  }

  #global(): Record<'bath1' | 'bath2', Jumps> {
    const { bath1, bath2 } = globalJumps(this.window, this.parameters);
    const withOthers = (bath: Bath, { operators: thermal, resolved }: Jumps): Jumps => ({
      operators: [...thermal, ...this.#present(this.compiled.others[bath])],
      resolved,
    });
    return { bath1: withOthers('bath1', bath1), bath2: withOthers('bath2', bath2) };
  }
}

class DeviceSystem implements OpenSystem<Bath> {
  readonly states = mill.states;
  #hamiltonian: Operator | undefined;
  #jumps: Readonly<Record<Bath, Jumps>> | undefined;

  constructor(
    readonly window: Window,
    private readonly operators: EvaluatedOperators,
  ) {}

  get hamiltonian(): Operator {
    this.#hamiltonian ??= sum(this.window, ...this.operators.named(ENERGIES));
    return this.#hamiltonian;
  }

  get jumps(): Readonly<Record<Bath, Jumps>> {
    this.#jumps ??= this.operators.jumps();
    return this.#jumps;
  }
}

class EvaluatedDevice implements Device {
  readonly system: DeviceSystem;
  readonly cutoff: number | null;
  readonly #operators: EvaluatedOperators;
  #energies: Device['energies'] | undefined;

  constructor(
    readonly parameters: DeviceParameters,
    window: Window,
  ) {
    const { model, cutoff: _cutoff, ...values } = parameters;
    this.#operators = new EvaluatedOperators(compiled(values), values, parameters, window);
    this.system = new DeviceSystem(window, this.#operators);
    this.cutoff = model === 'local' ? null : globalCutoff(window, parameters);
  }

  get energies(): Device['energies'] {
    this.#energies ??= this.#operators.energies();
    return this.#energies;
  }
}

/** The device with the given parameters on the given window; its operators are evaluated when they are first read. */
export const device = (parameters: DeviceParameters, window: Window): Device =>
  new EvaluatedDevice(parameters, window);
