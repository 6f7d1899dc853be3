/** Machines as sequences of collisions with the units that they name. */
import type { z } from 'zod';
import { readFields } from '../../model/parameters.js';
import { type MachineCollision, MachineCollisions } from '../../simulate/machineCollide.js';
import { largestEdge } from '../../simulate/machineState.js';
import { MachineSystem } from '../../simulate/machineSystem.js';
import { collisionsSchema } from '../../simulate/runSchemas.js';
import { type ComputedBy, withEngine } from '../backends.js';
import type { CollisionProgress } from '../inTime.js';
import { type MachineChoice, type QuantumMachine, readMachine } from '../machine.js';
import { type MachineProvenance, Pauses, type Running } from '../running.js';
import {
  type MachineEdges,
  type MachineEvolutionResult,
  type MachineLadder,
  machineLadder,
} from './evolve.js';

const schema = collisionsSchema.pick({ collisions: true, every: true });

export interface MachineCollideOptions<P extends string = string>
  extends z.input<typeof schema>,
    MachineChoice<P>,
    ComputedBy,
    Running<CollisionProgress> {}

/** One collision, by the names that the JSON of `qmill collide --machine` has. */
export interface MachineCollided extends Omit<MachineCollision, 'ladder' | 'edges'>, MachineEdges {
  readonly ladder: MachineLadder | null;
}

export interface MachineCollisionsResult extends MachineProvenance {
  /** How long a collision takes. */
  readonly tau: number;
  readonly truncation: MachineEvolutionResult['truncation'];
  readonly collisions: readonly MachineCollided[];
  readonly converged: boolean;
}

/** @internal */
export const machineCollided = ({ edges, ladder, ...rest }: MachineCollision): MachineCollided => ({
  ...rest,
  ladder: machineLadder(ladder),
  edgeLow: edges.below,
  edgeHigh: edges.above,
});

/** @internal `collide` of a machine */
export async function collideMachine<P extends string>(
  of: QuantumMachine<P>,
  { signal, onProgress, backend, threads, ...options }: MachineCollideOptions<P>,
): Promise<MachineCollisionsResult> {
  const { parameters, truncation, model, ...rest } = options;
  const { collisions: count, every } = readFields(schema, rest);
  const { described, values, window, edgeTolerance } = readMachine(of, options);
  const numbers = new MachineSystem(described).on(window, values);
  const pauses = new Pauses(signal);
  return withEngine({ backend, threads }, (engine) =>
    engine.on('f64', 'f64', async (on) => {
      const run = new MachineCollisions(numbers, on);
      while (run.step < count) {
        const step = run.step + 1;
        await run.advance(step % every === 0 || step === count);
        await pauses.between();
        onProgress?.({ collisions: step });
      }
      const edge = largestEdge(run.records);
      const converged = edge <= edgeTolerance;
      const { lmin, lmax } = window;
      return {
        parameters: values,
        tau: run.tau,
        truncation: { lmin, lmax, largestEdge: edge, converged },
        collisions: run.records.map(machineCollided),
        converged,
        ...pauses.computedBy(on),
      };
    }),
  );
}
