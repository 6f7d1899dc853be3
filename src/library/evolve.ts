/** Devices in time. */
import type { z } from 'zod';
import { type DeviceInput, deviceParameters, readFields } from '../model/parameters.js';
import type { EvolutionMethod } from '../simulate/evolutionStage.js';
import { Evolution } from '../simulate/evolve.js';
import { evolutionRoute } from '../simulate/route.js';
import { evolutionRequest } from '../simulate/runRequests.js';
import { evolutionSchema } from '../simulate/runSchemas.js';
import type { Snapshot } from '../simulate/snapshot.js';
import { type ComputedBy, withEngine } from './backends.js';
import { withChoice } from './evolutionChoice.js';
import type { EvolutionProgress, Times } from './inTime.js';
import { QuantumMachine } from './machine.js';
import {
  evolveMachine,
  type MachineEvolutionResult,
  type MachineEvolveOptions,
} from './ofMachines/evolve.js';
import {
  Pauses,
  type Provenance,
  type Running,
  readTruncation,
  type TruncationInput,
} from './running.js';
import { solving } from './solverOptions.js';

const schema = evolutionSchema.extend(solving.shape);

export interface EvolveOptions
  extends Omit<z.input<typeof schema>, 'times'>,
    ComputedBy,
    Running<EvolutionProgress> {
  readonly times: Times;
  readonly truncation?: TruncationInput | undefined;
}

export interface EvolutionResult extends Provenance {
  readonly truncation: {
    readonly lmin: number;
    readonly lmax: number;
    /** Whether both edges of the window stayed below the tolerance. */
    readonly converged: boolean;
  };
  readonly solver: EvolutionMethod;
  readonly steps: { readonly accepted: number; readonly rejected: number };
  /** One for each time. */
  readonly snapshots: readonly Snapshot[];
  readonly converged: boolean;
}

/**
 * A device in time from an initial state: by itself each qubit thermal at its own bath, and the rotor at rest.
 * @throws {ParameterError | UnknownKeyError} for what is not allowed
 */
export function evolve(device: DeviceInput, options: EvolveOptions): Promise<EvolutionResult>;
/**
 * The same of a machine, from the state that it says; by itself everything is at its lowest level.
 * @throws {MachineError} for a machine whose formulas have no numbers there
 */
export function evolve<P extends string>(
  machine: QuantumMachine<P>,
  options: MachineEvolveOptions<P>,
): Promise<MachineEvolutionResult>;
export async function evolve<P extends string>(
  of: DeviceInput | QuantumMachine<P>,
  options: EvolveOptions | MachineEvolveOptions<P>,
): Promise<EvolutionResult | MachineEvolutionResult> {
  return of instanceof QuantumMachine
    ? evolveMachine(of, options as MachineEvolveOptions<P>)
    : evolveDevice(of, options as EvolveOptions);
}

async function evolveDevice(device: DeviceInput, options: EvolveOptions): Promise<EvolutionResult> {
  const { signal, onProgress, backend, threads, truncation: window, ...rest } = options;
  const parameters = deviceParameters(device);
  const { space, dmax, method, precision } = readFields(schema, rest);
  const truncation = readTruncation(window);
  const request = evolutionRequest(parameters, truncation, rest, false);
  const pauses = new Pauses(signal);
  return withEngine({ backend, threads }, (engine) => {
    const asked = { backend: engine.name, space, dmax, method, precision };
    const route = evolutionRoute(parameters, truncation, asked);
    return withChoice(asked, route, engine, async (choice, on) => {
      const evolution = await Evolution.start(request, choice);
      try {
        const {
          device: built,
          window: held,
          ...result
        } = await evolution.run(async (t) => {
          await pauses.between();
          onProgress?.({ t });
        });
        const { lmin, lmax } = held;
        return {
          truncation: { lmin, lmax, converged: result.converged },
          solver: result.method,
          steps: result.steps,
          snapshots: result.snapshots,
          converged: result.converged,
          ...pauses.provenance(parameters, built.cutoff, on),
        };
      } finally {
        evolution.close();
      }
    });
  });
}
