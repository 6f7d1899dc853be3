/** Machines of one's own: described by an object or by the text of a machine file, and their steady states. */
import { stringify } from 'yaml';
import type { z } from 'zod';
import { describedMachine } from '../machine/description/described.js';
import type {
  DescribedMachine,
  DescribedParameter,
} from '../machine/description/describedMachine.js';
import { MachineError } from '../machine/description/error.js';
import type { MachineModel } from '../machine/description/models.js';
import type { CompleteDescription, MachineDescription } from '../machine/description/schema.js';
import { EDGE_TOLERANCE, ParameterError, readFields } from '../model/parameters.js';
import {
  checkedValue,
  defaultValues,
  machineWindow,
  parameterOf,
} from '../simulate/machineInputs.js';
import { type MachineReading, machineSteady } from '../simulate/machineSteady.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { solverChoice } from '../simulate/route.js';
import type { SolverReport } from '../simulate/systemSteady.js';
import { type ComputedBy, withEngine } from './backends.js';
import {
  type MachineProvenance,
  Pauses,
  type Running,
  readTruncation,
  type SteadyProgress,
  type TruncationInput,
} from './running.js';
import { solving } from './solverOptions.js';

/** A machine, checked. @typeParam P the names of its parameters */
export class QuantumMachine<P extends string = string> {
  /** @internal */
  readonly described: DescribedMachine;

  /** @internal made by `machine` and `machineFromYaml` */
  constructor(described: DescribedMachine) {
    this.described = described;
  }

  get name(): string {
    return this.described.name;
  }

  get parameters(): readonly (DescribedParameter & { readonly name: P })[] {
    return this.described.parameters as readonly (DescribedParameter & { readonly name: P })[];
  }

  /** What it was made from, with the defaults of all that was left out. */
  get description(): CompleteDescription {
    return this.described.description;
  }

  /** The text of its file, from which `machineFromYaml` makes the same machine. */
  toYaml(): string {
    return stringify(this.description);
  }
}

type ParametersOf<D> = D extends { readonly parameters: infer P } ? keyof P & string : never;

/** What TypeScript may hold as it is written down. */
type Deep<T> = T extends readonly [infer A, infer B]
  ? readonly [Deep<A>, Deep<B>]
  : T extends readonly (infer U)[]
    ? readonly Deep<U>[]
    : T extends object
      ? { readonly [K in keyof T]: Deep<T[K]> }
      : T;

export type MachineInput = Deep<MachineDescription>;

/**
 * A machine from an object that says what a machine file says, with formulas as text.
 * @throws {MachineError} in one line, with the field and what is allowed there
 */
export function machine<const D extends MachineInput>(
  description: D,
): QuantumMachine<ParametersOf<D>> {
  const name = typeof description.name === 'string' ? description.name : 'machine';
  try {
    return new QuantumMachine(describedMachine(name, stringify(description)));
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    // An object has no lines.
    throw new MachineError(name, null, error.what);
  }
}

/**
 * A machine from the text of its file.
 * @param file what errors call it
 * @throws {MachineError} in one line, with the place and what is allowed there
 */
export const machineFromYaml = (text: string, file = 'machine.yaml'): QuantumMachine =>
  new QuantumMachine(describedMachine(file, text));

/** What is chosen of a machine. */
export interface MachineChoice<P extends string> {
  /** Those that are absent are at the machine's defaults. */
  readonly parameters?: { readonly [K in P]?: number } | undefined;
  /** Levels of the ladder, in place of the machine's. */
  readonly truncation?: TruncationInput | undefined;
  /** The master equation of baths that are said by what they couple to, in place of the machine's. */
  readonly model?: MachineModel | undefined;
}

export interface MachineOptions<P extends string>
  extends MachineChoice<P>,
    z.input<typeof solving>,
    ComputedBy,
    Running<SteadyProgress> {}

/**
 * A machine's steady state, by the names that the JSON of `qmill steady --machine` has. Flows are energy per time,
 * positive into the machine.
 */
export interface MachineResult
  extends Pick<MachineReading, 'ladder' | 'energies' | 'observables'>,
    MachineProvenance {
  /** By subsystem and level. */
  readonly populations: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** From each bath, and all of it. */
  readonly heat: Readonly<Record<string, number>>;
  readonly totalHeat: number;
  /** By each bath, and all of it. */
  readonly work: Readonly<Record<string, number>>;
  readonly totalWork: number;
  /** −Σ βQ; null where a bath that gives heat has no temperature. */
  readonly entropyProduction: number | null;
  readonly solver: SolverReport;
  readonly residual: number;
  readonly converged: boolean;
  readonly problems: readonly string[];
}

/** Populations by subsystem, and by the names of its levels. @internal */
export const populationsByLevel = ({ numbers, populations }: MachineReading) =>
  Object.fromEntries(
    numbers.described.subsystems.all.map(({ name, levels }) => [
      name,
      Object.fromEntries(levels.map((level, k) => [level, populations[name][k]])),
    ]),
  );

/** A machine with its parameters and window, checked. @internal */
export function readMachine<P extends string>(
  of: QuantumMachine<P>,
  { parameters, truncation, model }: MachineChoice<P>,
) {
  if (!(of instanceof QuantumMachine)) {
    throw new ParameterError('machine', of, 'one that machine() or machineFromYaml() has made');
  }
  const described =
    model === undefined ? of.described : describedMachine(of.name, of.toYaml(), model);
  const values = defaultValues(described);
  for (const [name, value] of Object.entries(parameters ?? {})) {
    values[name] = checkedValue(parameterOf(described, name, 'parameters'), value);
  }
  const asked = readTruncation(truncation);
  const edgeTolerance =
    truncation?.edgeTolerance === undefined ? EDGE_TOLERANCE.given : asked.edgeTolerance;
  return { described, values, window: machineWindow(described, asked), edgeTolerance };
}

/**
 * The steady state of a machine.
 * @throws {ParameterError | UnknownKeyError | MachineError} for what is not allowed, in one line
 * @throws {NonUniqueSteadyStateError} where there is more than one
 * @throws {NoAdapterError | PrecisionError | DeviceLostError | OutOfDeviceMemoryError} of a GPU
 */
export async function machineSteadyState<P extends string>(
  of: QuantumMachine<P>,
  options: MachineOptions<P> = {},
): Promise<MachineResult> {
  const { signal, onProgress, backend, threads, truncation, parameters, model, ...rest } = options;
  const chosen = { parameters, truncation, model };
  const { described, values, window, edgeTolerance } = readMachine(of, chosen);
  const solver = readFields(solving, rest);
  const { precision } = solver;
  const pauses = new Pauses(signal);
  return withEngine({ backend, threads }, (engine) =>
    engine.on(precision, 'f32', async (on) => {
      const reading = await machineSteady(
        new MachineSystem(described),
        values,
        window,
        solverChoice(solver),
        edgeTolerance,
        on,
        { precision, onIteration: pauses.iterating(onProgress) },
      );
      const { flows, solution, problems, ladder, energies, observables } = reading;
      return {
        parameters: values,
        populations: populationsByLevel(reading),
        ladder,
        energies,
        observables,
        heat: flows.heat,
        totalHeat: flows.totalHeat,
        work: flows.work,
        totalWork: flows.totalWork,
        entropyProduction: flows.entropyProduction,
        solver: solution.solver,
        residual: solution.residual,
        converged: problems.length === 0,
        problems,
        ...pauses.computedBy({ ...on, precision }),
      };
    }),
  );
}
