/** What `qmill collide` keeps in a checkpoint. */
import { z } from 'zod';
import type { CollisionCheckpoint, CollisionRecord } from '../simulate/collide.js';
import { type CheckpointKind, numbers, windowFields } from '../storage/checkpoint.js';

const recordShape = z.looseObject({
  step: z.int().positive(),
  ...Object.fromEntries(
    ['t', 'Q1', 'Q2', 'Qr', 'WQ', 'dU', 'entropyProduction', 'n1', 'n2', 'Lz', 'Lz2'].map(
      (name) => [name, z.number()],
    ),
  ),
});
const record = z.custom<CollisionRecord>(
  (value) => recordShape.safeParse(value).success,
  'not a collision',
);

/** @param count how many collisions are asked for */
export const collideCheckpoint = (count: number): CheckpointKind<CollisionCheckpoint> => ({
  command: 'collide',
  field: 'checkpoint',
  state: z
    .strictObject({
      ...windowFields,
      elements: numbers,
      step: z.int().min(0).max(count),
      records: z.array(record),
      edgeLow: z.number(),
      edgeHigh: z.number(),
    })
    .refine(({ lmin, lmax }) => lmin < lmax, { error: 'a window of one level', abort: true })
    .refine(({ records, step }) => records.length <= step, 'more collisions than there were'),
});
