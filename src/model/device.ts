/** From parameters to an open quantum system on a window: the machine's terms as numbers. */
import { bareEquation, CUTOFF } from '../lindblad/masterEquation.js';
import { OperatorSet } from '../machine/evaluateOperator.js';
import { activeMachine, activityKey } from '../machine/machine.js';
import { mill } from '../machine/mill.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import type { Values } from '../machine/tape.js';
import type { Jumps } from '../operators/jumps.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { type Operator, sameSum } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { eigenstateBaths } from './eigenstateBaths.js';
import type { MasterEquation } from './masterEquations/masterEquation.js';
import { masterEquationOf } from './masterEquations/registry.js';
import { PARAMETER_NAMES } from './parameterRecords.js';
import { type DeviceParameters, ParameterError, type Truncation } from './parameters.js';
import { hasPotential } from './potentialParameters.js';

/** Where heat can come from: the baths of qubits 1 and 2, and the rotor's load. */
export const BATHS = ['bath1', 'bath2', 'load'] as const;
export type Bath = (typeof BATHS)[number];

const ENERGIES = ['qubit1', 'qubit2', 'kinetic', 'interaction', 'potential'] as const;
type EnergyName = (typeof ENERGIES)[number];

const NO_JUMPS: Jumps = { operators: [], resolved: [] };

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
  #values: Values | undefined;

  constructor(
    private readonly equation: MasterEquation,
    private readonly parameters: DeviceParameters,
    private readonly cutoff: number | null,
    private readonly window: Window,
  ) {}

  get #valuesNow(): Values {
    if (this.#values === undefined) {
      this.#values = valuesOf(this.parameters, this.cutoff);
    }
    return this.#values;
  }

  get #compiled(): Compiled {
    return compiled(this.equation, this.#valuesNow);
  }

  named(names: readonly string[]): readonly Operator[] {
    this.#found ??= this.#compiled.operators.evaluate(this.window, this.#valuesNow);
    return names.map(this.#found);
  }

  hamiltonian(): Operator {
    return sameSum(this.window, this.named(ENERGIES));
  }

  energies(): Device['energies'] {
    const [qubit1, qubit2, kinetic, interaction, potential] = this.named(ENERGIES);
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
    if (inPotential === null || !hasPotential(this.parameters)) {
      return jumpsOn?.(this.window, this.parameters);
    }
    const omega = this.cutoff ?? Number.NaN;
    return eigenstateBaths(inPotential, this.parameters, this.hamiltonian(), omega);
  }

  #jumpsOf(bath: Bath, { operators, resolved }: Jumps = NO_JUMPS): Jumps {
    const named = this.named(this.#compiled.jumps[bath]);
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
  #energies: Device['energies'] | undefined;

  constructor(
    readonly parameters: DeviceParameters,
    window: Window,
  ) {
    const equation = masterEquationOf(parameters);
    requireLevels(parameters, window);
    this.cutoff = equation.cutoff?.(window, parameters) ?? null;
    this.#operators = new EvaluatedOperators(equation, parameters, this.cutoff, window);
    this.system = new DeviceSystem(window, this.#operators);
  }

  get energies(): Device['energies'] {
    this.#energies ??= this.#operators.energies();
    return this.#energies;
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
