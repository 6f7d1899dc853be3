/** From parameters to an open quantum system on a window: the machine's terms as numbers. */
import { CUTOFF } from '../lindblad/masterEquation.js';
import { OperatorSet } from '../machine/evaluateOperator.js';
import { activityKey, hasActivity } from '../machine/machine.js';
import { mill } from '../machine/mill.js';
import type { Values } from '../machine/tape.js';
import type { Jumps } from '../operators/jumps.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Operator } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import {
  type Bath,
  type DeviceOperators,
  deviceOperators,
  HAMILTONIAN,
  OF_ROTOR,
} from './deviceOperators.js';
import { eigenstateBaths } from './eigenstateBaths.js';
import type { MasterEquation } from './masterEquations/masterEquation.js';
import { masterEquationOf } from './masterEquations/registry.js';
import { PARAMETER_NAMES } from './parameterRecords.js';
import { type DeviceParameters, ParameterError, type Truncation } from './parameters.js';
import { hasPotential } from './potentialParameters.js';
import { preparedKey, preparedRecord } from './preparedRecords.js';

export { BATHS, type Bath } from './deviceOperators.js';

const ENERGIES = ['qubit1', 'qubit2', 'kinetic', 'interaction', 'potential'] as const;
type EnergyName = (typeof ENERGIES)[number];

const NO_JUMPS: Jumps = { operators: [], resolved: [] };

/** A device on a window: its open system, and the parts of H_S that thermodynamics tells apart, by name. */
export interface Device {
  readonly parameters: DeviceParameters;
  /** The same as numbers of the machine, Ω among them. */
  readonly values: Values;
  readonly system: OpenSystem<Bath>;
  readonly energies: Readonly<Record<EnergyName, Operator>>;
  /** H_r = L_z²/2I + V cos φ of the rotor alone: its one state is 0. */
  readonly rotorHamiltonian: Operator;
  /** Ω of the spectral densities; null where the master equation has none. */
  readonly cutoff: number | null;
}

/** The operators of a device that do not depend on the window but for its size. */
interface Compiled {
  readonly operators: OperatorSet<string>;
  readonly jumps: DeviceOperators['jumps'];
}

const compiledSets = new Map<string, Compiled>();

/** What was asked for last: most devices have the same terms as the one before. */
let last: { name: string; activity: string; found: Compiled } | null = null;

function compiled(equation: MasterEquation, values: Values): Compiled {
  const { name } = equation;
  if (last?.name === name && hasActivity(mill, last.activity, values)) return last.found;
  const activity = activityKey(mill, values);
  const key = preparedKey(name, activity);
  let found = compiledSets.get(key);
  if (found === undefined) {
    const { placed, jumps } = preparedRecord(key)?.operators ?? deviceOperators(equation, values);
    found = { operators: new OperatorSet(placed), jumps };
    compiledSets.set(key, found);
  }
  last = { name, activity, found };
  return found;
}

/** The numbers of a device. @param cutoff Ω, where there is one */
export function valuesOf(parameters: DeviceParameters, cutoff: number | null): Values {
  const values: Record<string, number> = {};
  for (const name of PARAMETER_NAMES) values[name] = parameters[name];
  values[CUTOFF] = cutoff ?? Number.NaN;
  return values;
}

/** Evaluates the operators of a device when they are first read. */
class EvaluatedOperators {
  #found: ((name: string) => Operator) | undefined;

  constructor(
    private readonly equation: MasterEquation,
    private readonly device: Pick<Device, 'parameters' | 'cutoff' | 'values'>,
    private readonly window: Window,
  ) {}

  get #compiled(): Compiled {
    return compiled(this.equation, this.device.values);
  }

  named(name: string): Operator {
    this.#found ??= this.#compiled.operators.evaluate(this.window, this.device.values);
    return this.#found(name);
  }

  hamiltonian(): Operator {
    return this.named(HAMILTONIAN);
  }

  energies(): Device['energies'] {
    const [qubit1, qubit2, kinetic, interaction, potential] = ENERGIES.map((x) => this.named(x));
    return { qubit1, qubit2, kinetic, interaction, potential };
  }

  jumps(): Readonly<Record<Bath, Jumps>> {
    const made = this.#made();
    return {
      bath1: this.#jumpsOf('bath1', made?.bath1),
      bath2: this.#jumpsOf('bath2', made?.bath2),
      load: this.#jumpsOf('load', undefined),
    };
  }

  /** Those of the qubits' baths that the master equation makes on a window. */
  #made(): Readonly<Record<'bath1' | 'bath2', Jumps>> | undefined {
    const { inPotential, jumpsOn } = this.equation;
    const { parameters, cutoff } = this.device;
    if (inPotential === null || !hasPotential(parameters)) {
      return jumpsOn?.(this.window, parameters);
    }
    const omega = cutoff ?? Number.NaN;
    return eigenstateBaths(inPotential, parameters, this.hamiltonian(), omega);
  }

  #jumpsOf(bath: Bath, { operators, resolved }: Jumps = NO_JUMPS): Jumps {
    const named = this.#compiled.jumps[bath].map((name) => this.named(name));
    return {
      operators: [...operators, ...named.filter(({ transitions }) => transitions.length > 0)],
      resolved,
    };
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
    this.#hamiltonian ??= this.operators.hamiltonian();
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
  #values: Values | undefined;
  #energies: Device['energies'] | undefined;
  #rotorHamiltonian: Operator | undefined;

  constructor(
    readonly parameters: DeviceParameters,
    window: Window,
  ) {
    const equation = masterEquationOf(parameters);
    requireLevels(parameters, window);
    this.cutoff = equation.cutoff?.(window, parameters) ?? null;
    this.#operators = new EvaluatedOperators(equation, this, window);
    this.system = new DeviceSystem(window, this.#operators);
  }

  get values(): Values {
    this.#values ??= valuesOf(this.parameters, this.cutoff);
    return this.#values;
  }

  get energies(): Device['energies'] {
    this.#energies ??= this.#operators.energies();
    return this.#energies;
  }

  get rotorHamiltonian(): Operator {
    this.#rotorHamiltonian ??= this.#operators.named(OF_ROTOR);
    return this.#rotorHamiltonian;
  }
}

/**
 * @param window as it is asked for; without its ends one that is searched for
 * @throws {ParameterError} for more levels than a device's master equation has where there is a potential
 */
export function requireLevels(
  parameters: DeviceParameters,
  { lmin, lmax }: Pick<Truncation, 'lmin' | 'lmax'>,
): void {
  const { inPotential } = masterEquationOf(parameters);
  if (inPotential === null || !hasPotential(parameters)) return;
  const { levels, because } = inPotential;
  if (lmin !== undefined && lmax !== undefined && lmax - lmin < levels) return;
  const given = lmin === undefined ? 'given with lmin, ' : '';
  const where = `${lmin === undefined ? '' : `lmin = ${lmin}, `}model = ${parameters.model}`;
  throw new ParameterError(
    'lmax',
    lmax,
    `${given}at most lmin + ${levels - 1}, with ${where} and V ≠ 0 or V2 ≠ 0: ${because}`,
  );
}

/**
 * The device with the given parameters on the given window; its operators are evaluated when they are first read.
 * @throws {ParameterError} as `requireLevels`
 */
export const device = (parameters: DeviceParameters, window: Window): Device =>
  new EvaluatedDevice(parameters, window);
