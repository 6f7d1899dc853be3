/** Devices as sequences of exact collisions with fresh oscillators. */
import type { z } from 'zod';
import { initialState } from '../model/initial.js';
import { type DeviceInput, deviceParameters, readFields } from '../model/parameters.js';
import { type CollisionRecord, CollisionRun } from '../simulate/collide.js';
import { readInitial } from '../simulate/runRequests.js';
import { collisionsSchema } from '../simulate/runSchemas.js';
import { stroboscopicState } from '../simulate/stroboscopic.js';
import { type HeldWindow, heldWindow } from '../simulate/windowSearch.js';
import type { CollisionProgress } from './inTime.js';
import { QuantumMachine } from './machine.js';
import {
  collideMachine,
  type MachineCollideOptions,
  type MachineCollisionsResult,
} from './ofMachines/collide.js';
import {
  Pauses,
  type Provenance,
  type Running,
  readTruncation,
  type TruncationInput,
} from './running.js';

export interface CollideOptions
  extends z.input<typeof collisionsSchema>,
    Running<CollisionProgress> {
  readonly truncation?: TruncationInput | undefined;
  /** Whether the state that a collision leaves as it is, is wanted too. */
  readonly steady?: boolean | undefined;
}

export interface CollisionsResult extends Provenance {
  readonly tau: number;
  /** Most quanta kept of each bath's oscillator, and the thermal weight that this cuts off. */
  readonly baths: readonly { readonly nmax: number; readonly weightCut: number }[];
  readonly truncation: HeldWindow;
  readonly collisions: readonly CollisionRecord[];
  /** What a collision does to the state that it leaves as it is; null where it was not asked for. */
  readonly steady:
    | (Omit<CollisionRecord, 'step' | 't'> & {
        readonly residual: number;
        readonly truncation: HeldWindow;
      })
    | null;
  readonly converged: boolean;
}

/**
 * A sequence of collisions, on the CPU, in the local model without potential.
 *
 * A signal is heard between two collisions; the map of one is built at a stretch, which takes longest.
 * @throws {ParameterError | UnknownKeyError} for what is not allowed
 */
export function collide(device?: DeviceInput, options?: CollideOptions): Promise<CollisionsResult>;
/**
 * A sequence of collisions of a machine with the units that its `collisions` name, in float64.
 * @throws {MachineError} for a machine that names none
 */
export function collide<P extends string>(
  machine: QuantumMachine<P>,
  options?: MachineCollideOptions<P>,
): Promise<MachineCollisionsResult>;
export async function collide<P extends string>(
  of: DeviceInput | QuantumMachine<P> = {},
  options: CollideOptions | MachineCollideOptions<P> = {},
): Promise<CollisionsResult | MachineCollisionsResult> {
  return of instanceof QuantumMachine
    ? collideMachine(of, options as MachineCollideOptions<P>)
    : collideDevice(of, options as CollideOptions);
}

async function collideDevice(
  device: DeviceInput,
  options: CollideOptions,
): Promise<CollisionsResult> {
  const { signal, onProgress, truncation: window, steady, ...rest } = options;
  const parameters = deviceParameters(device);
  const truncation = readTruncation(window);
  const { collisions, every, tau, nmax, weightTolerance } = readFields(collisionsSchema, rest);
  const pauses = new Pauses(signal);
  const run = new CollisionRun({
    parameters,
    truncation,
    options: { tau, nmax, weightTolerance },
    initial: initialState(parameters, readInitial(rest)),
    count: collisions,
    every,
  });
  while (!run.complete) {
    run.advance();
    await pauses.between();
    onProgress?.({ collisions: run.step });
  }
  const edges = (of: Pick<CollisionRun, 'edgeLow' | 'edgeHigh' | 'maps'>) =>
    heldWindow(of.maps.device.system.window, of, truncation.edgeTolerance);
  const state = steady === true ? stroboscopicState(run.maps, truncation) : null;
  const { step: _, t: __, ...record } = state?.record ?? run.records[0];
  const held = edges(run);
  const heldSteady = state === null ? null : edges(state);
  return {
    tau,
    baths: run.maps.baths.map(({ quanta, cut }) => ({ nmax: quanta, weightCut: cut })),
    truncation: held,
    collisions: run.records,
    steady:
      state === null || heldSteady === null
        ? null
        : { ...record, residual: state.residual, truncation: heldSteady },
    converged: held.converged && (heldSteady?.converged ?? true),
    ...pauses.onHost(parameters, null),
  };
}
