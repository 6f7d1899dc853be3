/** What `qmill evolve` keeps in a checkpoint. */
import { z } from 'zod';
import type { EvolutionCheckpoint } from '../simulate/evolve.js';
import type { Snapshot } from '../simulate/snapshot.js';
import { type CheckpointKind, numbers, windowFields } from '../storage/checkpoint.js';

const flow = z.number();
/** What is printed of a snapshot; what else is in it is not looked at. */
const snapshotShape = z.looseObject({
  t: z.number(),
  heat: z.looseObject({ Q1: flow, Q2: flow, Qr: flow }),
  work: z.looseObject({ WQ: flow }),
  dU: flow,
  firstLaw: flow,
  rotor: z.looseObject({ Lz: z.number(), populations: numbers }),
  qubits: z.looseObject({ populations: numbers }),
  power: z.looseObject({ kinetic: flow, intrinsic: flow, backAction: flow, net: flow }),
  traceError: z.number(),
  smallestEigenvalue: z.number(),
  edgeLow: z.number(),
  edgeHigh: z.number(),
});
const snapshot = z.custom<Snapshot>(
  (value) => snapshotShape.safeParse(value).success,
  'not a snapshot',
);

/** @param times the times that are asked for */
export const evolveCheckpoint = (
  times: readonly number[],
): CheckpointKind<EvolutionCheckpoint> => ({
  command: 'evolve',
  field: 'checkpoint',
  state: z
    .strictObject({
      ...windowFields,
      snapshots: z.array(snapshot),
      states: z.array(numbers),
      largestEdge: z.number(),
      bandEdge: z.number(),
      dmax: z.int().nonnegative(),
      progressed: z.strictObject({
        parts: z.array(z.strictObject({ t: z.number(), h: z.number(), elements: numbers })).min(1),
      }),
    })
    .refine(({ lmin, lmax }) => lmin < lmax, { error: 'a window of one level', abort: true })
    .refine(
      ({ snapshots }) => snapshots.every(({ t }, i) => t === times[i]),
      'snapshots at other times',
    )
    .refine(
      ({ lmin, lmax, snapshots }) =>
        snapshots.every(({ rotor }) => rotor.populations.length === lmax - lmin + 1),
      'snapshots on another window',
    ),
});
